import { Validations } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  ApiMapping,
  HttpApi,
  HttpMethod,
  HttpStage,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { FilterPattern, LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { createDomainName } from './domain.ts';
import { BEFORE_FUNCTION, METRICS_NAMESPACE } from './metrics.ts';
import { nameInStack, type Settings } from './settings.ts';

const PATH = '/webhooks/veriff/user-statuses';

/**
 * One JSON line for each request; every value is a string. The body and the headers other than User-Agent are left out,
 * because they hold personal data and the signature.
 */
const ACCESS_LOG = {
  requestId: '$context.requestId',
  time: '$context.requestTime',
  sourceIp: '$context.identity.sourceIp',
  userAgent: '$context.identity.userAgent',
  method: '$context.httpMethod',
  path: '$context.path',
  status: '$context.status',
  responseLength: '$context.responseLength',
  error: '$context.error.message',
  integrationStatus: '$context.integrationStatus',
  integrationLatencyMs: '$context.integrationLatency',
  integrationError: '$context.integrationErrorMessage',
  // The same as `requestId` in the function's log.
  functionRequestId: '$context.awsEndpointRequestId',
};

export function createRoute(scope: Construct, settings: Settings, handler: IFunction) {
  const { name, domain } = settings;
  const api = new HttpApi(scope, 'Api', {
    apiName: name,
    description: "Where Veriff's user-defined statuses arrive.",
    createDefaultStage: false,
    disableExecuteApiEndpoint: domain?.only ?? false,
  });

  const routes = api.addRoutes({
    path: PATH,
    methods: [HttpMethod.POST],
    integration: new HttpLambdaIntegration('Integration', handler),
  });
  for (const route of routes) {
    Validations.of(route).acknowledge({
      id: 'AwsSolutions-APIG4',
      reason:
        'Veriff signs each delivery and has no other credentials; the function verifies the HMAC of the raw body.',
    });
  }

  const accessLogs = createAccessLogs(scope, settings);
  const stage = new HttpStage(scope, 'Stage', {
    httpApi: api,
    stageName: '$default',
    autoDeploy: true,
    throttle: { rateLimit: settings.throttleRate, burstLimit: settings.throttleBurst },
    accessLogSettings: {
      destination: new LogGroupLogDestination(accessLogs),
      format: AccessLogFormat.custom(JSON.stringify({ service: name, ...ACCESS_LOG })),
    },
  });

  if (domain === undefined) return { api, url: `${api.apiEndpoint}${PATH}` };
  const { domainName, record } = createDomainName(scope, domain);
  new ApiMapping(scope, 'ApiMapping', { api, domainName, stage });
  if (domain.only) {
    // The old address is disabled only after the domain name and its record exist. It cannot also wait for the API
    // mapping, because the mapping refers to the API.
    api.node.addDependency(domainName, ...(record === undefined ? [] : [record]));
  }
  return {
    api,
    url: `https://${domain.name}${PATH}`,
    domainTarget: domainName.regionalDomainName,
    defaultUrl: domain.only ? undefined : `${api.apiEndpoint}${PATH}`,
  };
}

function createAccessLogs(scope: Construct, { name, logRetentionDays, removalPolicy }: Settings): LogGroup {
  const accessLogs = new LogGroup(scope, 'AccessLogs', {
    // API Gateway adds each log group to one resource policy of the account, whose size is limited. Log groups with this
    // prefix share one entry. With other names, deployments fail when the policy is full.
    logGroupName: `/aws/vendedlogs/${nameInStack(scope, name)}/access`,
    retention: logRetentionDays,
    removalPolicy,
  });
  // POST only: other requests are not deliveries. Not API Gateway's metric 4xx, which also counts the function's 401 and
  // 403.
  accessLogs.addMetricFilter('BeforeFunction', {
    filterPattern: FilterPattern.literal(
      '{ ($.method = "POST") && ($.status = "4*") && ($.integrationStatus = "-") }',
    ),
    metricNamespace: METRICS_NAMESPACE,
    metricName: BEFORE_FUNCTION,
    metricValue: '1',
    dimensions: { service: '$.service' },
  });
  return accessLogs;
}
