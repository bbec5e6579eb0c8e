import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import { Logger } from '@aws-lambda-powertools/logger';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { dynamoStatuses } from './statuses.ts';
import { createHandler } from './subscriber.ts';

/** What the stack puts into the environment. */
export interface SubscriberEnv {
  readonly STATUSES_TABLE: string;
  readonly IDEMPOTENCY_TABLE: string;
  readonly POWERTOOLS_SERVICE_NAME: string;
}

const logger = new Logger();
const client = new DynamoDBClient();

export const handler = createHandler({
  statuses: dynamoStatuses(DynamoDBDocumentClient.from(client), variable('STATUSES_TABLE')),
  idempotency: new DynamoDBPersistenceLayer({
    tableName: variable('IDEMPOTENCY_TABLE'),
    awsSdkV3Client: client,
  }),
  // Your work goes here.
  async act({ attemptId, data }) {
    logger.info('A new status.', { attemptId, statusCode: data.verification.userDefinedData.statusCode });
  },
  onFailure(messageId, error) {
    logger.error('A message failed.', {
      messageId,
      error: error instanceof Error ? error : String(error),
    });
  },
});

function variable(name: keyof SubscriberEnv): string {
  const value = process.env[name];
  if (value === undefined)
    throw new Error(`Expected the environment variable ${name}, got none; the stack sets it.`);
  return value;
}
