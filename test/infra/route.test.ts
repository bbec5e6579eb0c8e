import { describe, expect, test } from 'vitest';
import { resolved } from './receiver-template.ts';
import { arnOf, idOf, refTo, synthesize } from './synthesize.ts';

const { template } = synthesize({ throttleRate: 7, throttleBurst: 9 });

test('is the only one: POST /webhooks/veriff/user-statuses', () => {
  const routes = Object.values(template.findResources('AWS::ApiGatewayV2::Route'));
  expect(routes.map(({ Properties }) => Properties.RouteKey)).toEqual([
    'POST /webhooks/veriff/user-statuses',
  ]);
});

test('calls the function with payload format 2.0', () => {
  template.hasResourceProperties('AWS::ApiGatewayV2::Integration', {
    IntegrationType: 'AWS_PROXY',
    IntegrationUri: arnOf(template, 'Receiver/Function'),
    PayloadFormatVersion: '2.0',
  });
});

test('is throttled as configured', () => {
  template.hasResourceProperties('AWS::ApiGatewayV2::Stage', {
    StageName: '$default',
    DefaultRouteSettings: { ThrottlingRateLimit: 7, ThrottlingBurstLimit: 9 },
  });
});

test('answers no browser of another origin', () => {
  const [api] = Object.values(template.findResources('AWS::ApiGatewayV2::Api'));
  expect(api?.Properties).not.toHaveProperty('CorsConfiguration');
});

test('logs each request as JSON, with nothing that Veriff sends but address, path and user agent', () => {
  const [stage] = Object.values(template.findResources('AWS::ApiGatewayV2::Stage'));
  const { DestinationArn: destination, Format: format } = stage?.Properties.AccessLogSettings ?? {};
  expect(destination).toEqual(arnOf(template, 'Receiver/AccessLogs'));
  expect(Object.values(JSON.parse(format)).sort()).toEqual([
    '$context.awsEndpointRequestId',
    '$context.error.message',
    '$context.httpMethod',
    '$context.identity.sourceIp',
    '$context.identity.userAgent',
    '$context.integrationErrorMessage',
    '$context.integrationLatency',
    '$context.integrationStatus',
    '$context.path',
    '$context.requestId',
    '$context.requestTime',
    '$context.responseLength',
    '$context.status',
    'veriff-status-receiver-dev',
  ]);
});

test('logs to a group whose name needs no entry of its own in the account policy of API Gateway', () => {
  const { LogGroupName: name } =
    template.toJSON().Resources[idOf(template, 'Receiver/AccessLogs')].Properties;
  expect(resolved(name)).toBe('/aws/vendedlogs/veriff-status-receiver-dev-5ccc1230/access');
});

describe('a request that API Gateway turns away before the function sees it', () => {
  const filter =
    template.toJSON().Resources[idOf(template, 'Receiver/AccessLogs/BeforeFunction')]?.Properties;
  const [stage] = Object.values(template.findResources('AWS::ApiGatewayV2::Stage'));
  /** One line of the access log: API Gateway writes "-" for what it does not know. */
  const line = (known: Readonly<Record<string, string>>) =>
    Object.fromEntries(
      Object.entries<string>(JSON.parse(stage?.Properties.AccessLogSettings.Format)).map(([key, value]) => [
        key,
        known[key] ?? (value.startsWith('$') ? '-' : value),
      ]),
    );
  /** Whether the line has what each part of the pattern, `$.key = "text"` with `*` for anything, asks for. */
  const counts = (known: Readonly<Record<string, string>>) =>
    [...String(filter?.FilterPattern).matchAll(/\$\.(\w+) = "([^"]*)"/g)].every(([, key = '', text = '']) =>
      new RegExp(`^${text.replace('*', '.*')}$`).test(String(line(known)[key])),
    );

  test('is looked for in the log of these requests, by parts that are understood here', () => {
    expect(filter?.LogGroupName).toEqual(refTo(template, 'Receiver/AccessLogs'));
    expect(filter?.FilterPattern).toMatch(/^\{ (\(?\$\.\w+ = "[^"]*"\)?( && )?){3} \}$/);
  });

  test.each(['404', '413', '429'])('is counted when it is answered with %s', (status) => {
    expect(counts({ method: 'POST', status })).toBe(true);
  });

  test.each([
    ['the function refused', { method: 'POST', status: '401', integrationStatus: '200' }],
    ['failed', { method: 'POST', status: '500' }],
    ['was accepted', { method: 'POST', status: '200', integrationStatus: '200' }],
    ['a browser made', { method: 'GET', status: '404' }],
  ])('is not one that %s', (_, known) => expect(counts(known)).toBe(false));

  test("is a metric of this receiver, as the function's own are", () => {
    expect(filter?.MetricTransformations).toEqual([
      {
        MetricNamespace: 'VeriffStatusReceiver',
        MetricName: 'TurnedAwayBeforeFunction',
        MetricValue: '1',
        Dimensions: [{ Key: 'service', Value: '$.service' }],
      },
    ]);
    expect(line({}).service).toBe('veriff-status-receiver-dev');
  });
});
