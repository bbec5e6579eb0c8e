import type { PlannedFunction } from './template.ts';

interface ServiceEndpoints {
  readonly sqs: { readonly direct: string; readonly used: string };
  readonly secretsManager: string;
}

/** The variables that Lambda sets, those of the template, and the way to the local services. */
export function functionVariables(
  planned: PlannedFunction,
  region: string,
  { sqs, secretsManager }: ServiceEndpoints,
): Record<string, string> {
  // The SQS client takes its endpoint from the queue's URL, so a proxy has to stand there as well.
  const own = Object.entries(planned.environment).map(([name, value]) => [
    name,
    value.startsWith(`${sqs.direct}/`) ? sqs.used + value.slice(sqs.direct.length) : value,
  ]);
  return {
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_SESSION_TOKEN: 'local',
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_LAMBDA_FUNCTION_NAME: planned.name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(planned.memoryMb),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_FORMAT: planned.logging.format,
    AWS_LAMBDA_LOG_LEVEL: planned.logging.level,
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${planned.name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: 'local',
    ...Object.fromEntries(own),
    AWS_ENDPOINT_URL_SQS: sqs.used,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: secretsManager,
  };
}
