import { describe, expect, test } from 'vitest';
import { idOf, synthesize } from './synthesize.ts';

const PATH = '/webhooks/veriff/user-statuses';
const name = 'veriff.example.com';
const hostedZone = { id: 'Z0123456789ABC', name: 'example.com' };
const certificateArn = 'arn:aws:acm:eu-west-1:123456789012:certificate/1234abcd-12ab-34cd-56ef-1234567890ab';
const { template } = synthesize({ domain: { name, hostedZone } });
const { template: only } = synthesize({ domain: { name, hostedZone, only: true } });

function apiOf(of: typeof template) {
  return of.toJSON().Resources[idOf(of, 'Receiver/Api')];
}

describe('domain', () => {
  test('is a second address, with TLS 1.2 at least: that of API Gateway works on', () => {
    template.hasResourceProperties('AWS::ApiGatewayV2::DomainName', {
      DomainName: name,
      DomainNameConfigurations: [{ SecurityPolicy: 'TLS_1_2', EndpointType: 'REGIONAL' }],
    });
    template.resourceCountIs('AWS::ApiGatewayV2::ApiMapping', 1);
    expect(apiOf(template).Properties.DisableExecuteApiEndpoint).toBe(false);
  });

  test('is put out as the address, and that of API Gateway beside it while it works', () => {
    const { WebhookUrl, DefaultWebhookUrl } = template.toJSON().Outputs;
    expect(WebhookUrl.Value).toBe(`https://${name}${PATH}`);
    expect(DefaultWebhookUrl.Value).toEqual({
      'Fn::Join': ['', [{ 'Fn::GetAtt': [idOf(template, 'Receiver/Api'), 'ApiEndpoint'] }, PATH]],
    });
    expect(only.toJSON().Outputs.WebhookUrl).toEqual(WebhookUrl);
    expect(only.toJSON().Outputs).not.toHaveProperty('DefaultWebhookUrl');
  });

  test('turns the address of API Gateway off with only, once certificate and record are there', () => {
    expect(apiOf(only)).toMatchObject({
      Properties: { DisableExecuteApiEndpoint: true },
      DependsOn: [idOf(only, 'Receiver/AliasRecord'), idOf(only, 'Receiver/DomainName')],
    });
    expect(apiOf(template)).not.toHaveProperty('DependsOn');
  });

  test('gets a record and a certificate through the hosted zone', () => {
    template.hasResourceProperties('AWS::Route53::RecordSet', {
      Name: `${name}.`,
      Type: 'A',
      HostedZoneId: hostedZone.id,
    });
    template.hasResourceProperties('AWS::CertificateManager::Certificate', {
      DomainName: name,
      ValidationMethod: 'DNS',
    });
  });

  test('with a certificate makes neither, and says where to point the name', () => {
    const own = synthesize({ domain: { name, certificateArn, only: true } }).template;
    own.resourceCountIs('AWS::CertificateManager::Certificate', 0);
    own.resourceCountIs('AWS::Route53::RecordSet', 0);
    expect(own.toJSON().Outputs).toHaveProperty('DomainTarget');
    expect(apiOf(own).DependsOn).toEqual([idOf(own, 'Receiver/DomainName')]);
  });

  test('is off by default', () => {
    const plain = synthesize().template;
    plain.resourceCountIs('AWS::ApiGatewayV2::DomainName', 0);
    expect(plain.toJSON().Outputs).not.toHaveProperty('DomainTarget');
    expect(plain.toJSON().Outputs).not.toHaveProperty('DefaultWebhookUrl');
  });
});

describe('allowedSources', () => {
  const reaching = (allowedSources: string[]) => {
    const functions = synthesize({ allowedSources }).template.findResources('AWS::Lambda::Function');
    return Object.values(functions)[0]?.Properties.Environment.Variables.ALLOWED_SOURCES.split(',');
  };

  test('reach the function as addresses: those that Veriff publishes, and others', () => {
    expect(reaching(['veriff-eu', '203.0.113.0/24', '2001:db8::/32'])).toEqual([
      '34.254.42.181',
      '34.242.213.89',
      '52.19.226.239',
      '3.251.215.160/27',
      '203.0.113.0/24',
      '2001:db8::/32',
    ]);
    expect(reaching(['veriff-us'])).toHaveLength(7);
  });

  test('are everybody by default', () => expect(reaching([])).toEqual(['']));
});
