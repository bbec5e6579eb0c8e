import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { toNanoseconds } from 'veriff-status-receiver';
import type { Statuses } from './subscriber.ts';

/** The latest status of each attempt in a DynamoDB table whose partition key is `attemptId`. */
export function dynamoStatuses(client: Pick<DynamoDBDocumentClient, 'send'>, tableName: string): Statuses {
  return {
    async keep({ eventId, event }) {
      const { statusCode, reasonCode, createdAt } = event.data.verification.userDefinedData;
      const put = new PutCommand({
        TableName: tableName,
        Item: {
          attemptId: event.attemptId,
          eventId,
          statusCode,
          reasonCode,
          createdAt,
          createdAtNanoseconds: toNanoseconds(createdAt),
        },
        // One write that compares: two functions at once can't both find that theirs is the newest.
        ConditionExpression:
          'attribute_not_exists(attemptId) OR createdAtNanoseconds < :createdAtNanoseconds OR eventId = :eventId',
        ExpressionAttributeValues: {
          ':createdAtNanoseconds': toNanoseconds(createdAt),
          ':eventId': eventId,
        },
      });
      try {
        await client.send(put);
        return true;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return false;
        throw error;
      }
    },
  };
}
