import { DomainName, SecurityPolicy } from 'aws-cdk-lib/aws-apigatewayv2';
import { Certificate, CertificateValidation } from 'aws-cdk-lib/aws-certificatemanager';
import { ARecord, HostedZone, RecordTarget } from 'aws-cdk-lib/aws-route53';
import { ApiGatewayv2DomainProperties } from 'aws-cdk-lib/aws-route53-targets';
import type { Construct } from 'constructs';

/** An address of one's own, which stays the same when the stack is made anew. */
export interface ReceiverDomain {
  /** Such as `veriff.example.com`. */
  readonly name: string;
  /**
   * ARN of a certificate for the name, in the same Region.
   * @default a new one, validated through the hosted zone
   */
  readonly certificateArn?: string | undefined;
  /**
   * The public hosted zone that gets the name's record.
   * @default none: you point the name to the output `DomainTarget` yourself; then `certificateArn` is needed
   */
  readonly hostedZone?: { readonly id: string; readonly name: string } | undefined;
}

/** The API's own name, with TLS 1.2 at least. */
export function createDomainName(
  scope: Construct,
  { name, certificateArn, hostedZone }: ReceiverDomain,
): DomainName {
  const zone =
    hostedZone &&
    HostedZone.fromHostedZoneAttributes(scope, 'HostedZone', {
      hostedZoneId: hostedZone.id,
      zoneName: hostedZone.name,
    });
  if (certificateArn === undefined && zone === undefined) {
    throw new Error(
      `Expected a certificate or a hosted zone for ${name}, got neither. Give certificateArn or hostedZone.`,
    );
  }
  const certificate =
    certificateArn === undefined
      ? new Certificate(scope, 'Certificate', {
          domainName: name,
          validation: CertificateValidation.fromDns(zone),
        })
      : Certificate.fromCertificateArn(scope, 'Certificate', certificateArn);

  const domainName = new DomainName(scope, 'DomainName', {
    domainName: name,
    certificate,
    securityPolicy: SecurityPolicy.TLS_1_2,
  });
  if (zone !== undefined) {
    new ARecord(scope, 'AliasRecord', {
      zone,
      recordName: `${name}.`,
      target: RecordTarget.fromAlias(
        new ApiGatewayv2DomainProperties(domainName.regionalDomainName, domainName.regionalHostedZoneId),
      ),
    });
  }
  return domainName;
}
