import { Fn, Names, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/** A name for a receiver without one, as long as one may be given. */
export function nameFromPath(receiver: Construct): string {
  return Names.uniqueResourceName(receiver, {
    separator: '-',
    allowedSpecialCharacters: '-_',
    maxLength: 50,
  });
}

/**
 * The name with a part of the stack's id at its end, so that what a deleted stack left behind doesn't hold up the next
 * one of the same name.
 */
export function nameInStack(scope: Construct, name: string): string {
  const uuid = Fn.select(2, Fn.split('/', Stack.of(scope).stackId));
  return `${name}-${Fn.select(0, Fn.split('-', uuid))}`;
}

/** The main queue's name: known before the queue exists, so that others can name it without waiting for it. */
export function mainQueueName(scope: Construct, { name, fifo }: { name: string; fifo: boolean }): string {
  return `${nameInStack(scope, name)}${fifo ? '.fifo' : ''}`;
}

export function queueArn(scope: Construct, queueName: string): string {
  return Stack.of(scope).formatArn({ service: 'sqs', resource: queueName });
}
