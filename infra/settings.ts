import { Names, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { mainQueueName } from './names.ts';
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
