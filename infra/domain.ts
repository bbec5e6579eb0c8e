import { DomainName, SecurityPolicy } from 'aws-cdk-lib/aws-apigatewayv2';
import { Certificate, CertificateValidation } from 'aws-cdk-lib/aws-certificatemanager';
import { ARecord, HostedZone, RecordTarget } from 'aws-cdk-lib/aws-route53';
import { ApiGatewayv2DomainProperties } from 'aws-cdk-lib/aws-route53-targets';
import type { Construct } from 'constructs';
import type { Domain } from './options.ts';

/** The API's custom domain name, with TLS 1.2 or later, and its alias record when there is a hosted zone. */
export function createDomainName(scope: Construct, { name, certificateArn, hostedZone }: Domain) {
  const zone =
    hostedZone &&
    HostedZone.fromHostedZoneAttributes(scope, 'HostedZone', {
      hostedZoneId: hostedZone.id,
      zoneName: hostedZone.name,
    });
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
  const record =
    zone &&
    new ARecord(scope, 'AliasRecord', {
      zone,
      recordName: `${name}.`,
      target: RecordTarget.fromAlias(
        new ApiGatewayv2DomainProperties(domainName.regionalDomainName, domainName.regionalHostedZoneId),
      ),
    });
  return { domainName, record };
}
