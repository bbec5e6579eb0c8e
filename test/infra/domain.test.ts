import { describe, expect, test } from 'vitest';
import { readConfig } from '../../infra/config.ts';
import { synthesize } from './synthesize.ts';

const NAME = 'veriff.example.com';
const zone = { hostedZoneId: 'Z0123456789ABC', hostedZoneName: 'example.com' };
const certificateArn = 'arn:aws:acm:eu-west-1:123456789012:certificate/1234abcd-12ab-34cd-56ef-1234567890ab';
const { template } = synthesize({ domainName: NAME, ...zone });

describe('domainName', () => {
  test('is the one address: TLS 1.2 at least, and the endpoint of API Gateway turned off', () => {
    template.hasResourceProperties('AWS::ApiGatewayV2::DomainName', {
      DomainName: NAME,
      DomainNameConfigurations: [{ SecurityPolicy: 'TLS_1_2', EndpointType: 'REGIONAL' }],
    });
    template.hasResourceProperties('AWS::ApiGatewayV2::Api', { DisableExecuteApiEndpoint: true });
    template.resourceCountIs('AWS::ApiGatewayV2::ApiMapping', 1);
    expect(template.toJSON().Outputs.WebhookUrl.Value).toBe(`https://${NAME}/webhooks/veriff/user-statuses`);
  });

  test('gets a record and a certificate through the hosted zone', () => {
    template.hasResourceProperties('AWS::Route53::RecordSet', {
      Name: `${NAME}.`,
      Type: 'A',
      HostedZoneId: zone.hostedZoneId,
    });
    template.hasResourceProperties('AWS::CertificateManager::Certificate', {
      DomainName: NAME,
      ValidationMethod: 'DNS',
    });
  });

  test('with a certificate makes neither, and says where to point the name', () => {
    const own = synthesize({ domainName: NAME, certificateArn }).template;
    own.resourceCountIs('AWS::CertificateManager::Certificate', 0);
    own.resourceCountIs('AWS::Route53::RecordSet', 0);
    expect(own.toJSON().Outputs).toHaveProperty('DomainTarget');
  });

  test('is off by default', () => {
    const plain = synthesize().template;
    plain.resourceCountIs('AWS::ApiGatewayV2::DomainName', 0);
    expect(plain.toJSON().Outputs).not.toHaveProperty('DomainTarget');
  });

  test.each([
    [
      { domainName: NAME },
      'domainName is given alone, but it must come with hostedZoneId and hostedZoneName, or with certificateArn.',
    ],
    [
      { domainName: NAME, hostedZoneId: 'Z1' },
      'hostedZoneId and hostedZoneName are given alone, but they must be given together.',
    ],
    [
      { certificateArn },
      'domainName is not given, but hostedZoneId and certificateArn are: it must be given with them.',
    ],
    [
      { domainName: 'veriff.other.com', ...zone },
      'domainName is "veriff.other.com", but it must be a name in the zone example.com.',
    ],
    [
      { domainName: 'https://x', ...zone },
      'domainName is "https://x", but it must be a host name in lower case, such as veriff.example.com.',
    ],
  ])('that cannot work is refused: %j', (context, sentence) => {
    expect(() => readConfig(context)).toThrow(sentence);
  });
});

describe('allowedSources', () => {
  const allowed = (list: string) => readConfig({ allowedSources: list }).allowedSources;

  test('names the addresses that Veriff publishes, and others', () => {
    expect(allowed('veriff-eu, 203.0.113.0/24,2001:db8::/32,198.51.100.7')).toEqual([
      '34.254.42.181',
      '34.242.213.89',
      '52.19.226.239',
      '3.251.215.160/27',
      '203.0.113.0/24',
      '2001:db8::/32',
      '198.51.100.7',
    ]);
    expect(allowed('veriff-us')).toHaveLength(7);
  });

  test.each([
    'veriff',
    '300.1.1.1',
    '203.0.113.0/33',
    '203.0.113.0/0',
    '2001:db8::/129',
    '1.1.1.1/8/8',
    '',
    '1.1.1.1,',
  ])('refuses what is neither: "%s"', (list) => expect(() => allowed(list)).toThrow('allowedSources is'));

  test('reach the function through its environment, which is empty by default', () => {
    const source = (context: Record<string, string>) => {
      const functions = Object.values(synthesize(context).template.findResources('AWS::Lambda::Function'));
      return functions[0]?.Properties.Environment.Variables.ALLOWED_SOURCES;
    };
    expect(source({})).toBe('');
    expect(source({ allowedSources: '203.0.113.0/24,198.51.100.7' })).toBe('203.0.113.0/24,198.51.100.7');
  });
});
