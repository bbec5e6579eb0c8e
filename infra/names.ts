import { Fn, Names, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/** The default name of a receiver. Its maximum length is that of the option `name`. */
export function nameFromPath(receiver: Construct): string {
  return Names.uniqueResourceName(receiver, {
    separator: '-',
    allowedSpecialCharacters: '-_',
    maxLength: 50,
  });
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
