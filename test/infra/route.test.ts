import { expect, test } from 'vitest';
import { arnOf, refTo, synthesize } from './synthesize.ts';

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
  ]);
});

test('logs to a group whose name needs no entry of its own in the account policy of API Gateway', () => {
  template.hasResourceProperties('AWS::Logs::LogGroup', {
    LogGroupName: '/aws/vendedlogs/veriff-status-receiver-dev/access',
  });
  expect(refTo(template, 'Receiver/AccessLogs')).not.toEqual(refTo(template, 'Receiver/FunctionLogs'));
});
