import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { toNanoseconds, type UserStatusMessage } from 'veriff-status-receiver';
import type { Statuses } from './subscriber.ts';

/**
 * Every status in a DynamoDB table, by `attemptId` and `position`. The last position of an attempt is its current
 * status: `Query` with `ScanIndexForward: false` and `Limit: 1`.
 */
export function dynamoStatuses(client: Pick<DynamoDBDocumentClient, 'send'>, tableName: string): Statuses {
  return {
    async keep(message) {
      const { attemptId, data } = message.event;
      const { statusCode, reasonCode, createdAt } = data.verification.userDefinedData;
      const put = new PutCommand({
        TableName: tableName,
        Item: { ...keyOf(message), attemptId, eventId: message.eventId, statusCode, reasonCode, createdAt },
        ConditionExpression: 'attribute_not_exists(actedAt)',
      });
      try {
        await client.send(put);
        return true;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return false;
        throw error;
      }
    },
    async markActed(message, at) {
      const update = new UpdateCommand({
        TableName: tableName,
        Key: keyOf(message),
        UpdateExpression: 'SET actedAt = :at',
        ExpressionAttributeValues: { ':at': at.toISOString() },
      });
      await client.send(update);
    },
  };
}

/** Positions sort as `createdAt` does, to the nanosecond; two statuses of one time differ by their event ids. */
function keyOf({ eventId, event }: UserStatusMessage) {
  const { createdAt } = event.data.verification.userDefinedData;
  const order = String(toNanoseconds(createdAt) + 10n ** 20n).padStart(21, '0');
  return { attemptId: event.attemptId, position: `${order}#${eventId}` };
}
