import { REGION } from './addresses.ts';
import type { Plan } from './template.ts';

/** Those variables of Lambda that somebody reads, those of the template, and the way to the local services. */
export function functionVariables(
  { name, environment, logging }: Plan['function'],
  endpoints: { readonly sqs: string; readonly secretsManager: string },
): Record<string, string> {
  return {
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_SESSION_TOKEN: 'local',
    AWS_REGION: REGION,
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_LAMBDA_FUNCTION_NAME: name,
    AWS_LAMBDA_LOG_FORMAT: logging.format,
    AWS_LAMBDA_LOG_LEVEL: logging.level,
    ...environment,
    AWS_ENDPOINT_URL_SQS: endpoints.sqs,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: endpoints.secretsManager,
  };
}
