import { Fn, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

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
