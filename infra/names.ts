import { Fn, Names, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/** A pipe's name has 64 characters at most; the part of the stack's id takes 9 of them, `.fifo` takes 5. */
const MAX_LENGTH = 50;

/**
 * The name that a receiver was given, or one made of its construct's path.
 * @throws Error for a name that its queues or its pipe can't have
 */
export function receiverName(receiver: Construct, given: string | undefined): string {
  if (given === undefined) {
    return Names.uniqueResourceName(receiver, {
      separator: '-',
      allowedSpecialCharacters: '-_',
      maxLength: MAX_LENGTH,
    });
  }
  if (/^[\w-]+$/.test(given) && given.length <= MAX_LENGTH) return given;
  throw new Error(
    `Expected the name of ${receiver.node.path} to be 1 to ${MAX_LENGTH} letters, digits, hyphens and underscores, got "${given}".`,
  );
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
