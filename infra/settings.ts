import { Fn, Names, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import type { FilledOptions } from './options.ts';

export type Settings = ReturnType<typeof settingsOf>;

/** The options of a receiver, and the values that several of its resources derive from them. */
export function settingsOf(receiver: Construct, options: FilledOptions) {
  const { fifo, kmsKeyArn, retiredKmsKeyArns, retain } = options;
  const path = { separator: '-', allowedSpecialCharacters: '-_', maxLength: 50 };
  const name = options.name ?? Names.uniqueResourceName(receiver, path);
  const queueName = mainQueueName(receiver, name, fifo);
  return {
    ...options,
    name,
    /** The main queue's name and ARN, for resources that would depend on each other if they referred to the queue. */
    queueName,
    queueArn: Stack.of(receiver).formatArn({ service: 'sqs', resource: queueName }),
    key: kmsKeyArn === undefined ? undefined : Key.fromKeyArn(receiver, 'Key', kmsKeyArn),
    /** The current key and the retired keys. */
    keyArns: [...new Set([...(kmsKeyArn === undefined ? [] : [kmsKeyArn]), ...retiredKmsKeyArns])],
    removalPolicy: retain ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE : RemovalPolicy.DESTROY,
  };
}

/**
 * Appends a part of the stack's id to a name. The names in a new stack then differ from the names of resources that a
 * deleted stack of the same name left in the account.
 */
export function nameInStack(scope: Construct, name: string): string {
  const uuid = Fn.select(2, Fn.split('/', Stack.of(scope).stackId));
  return `${name}-${Fn.select(0, Fn.split('-', uuid))}`;
}

export function mainQueueName(scope: Construct, name: string, fifo: boolean): string {
  return `${nameInStack(scope, name)}${fifo ? '.fifo' : ''}`;
}
