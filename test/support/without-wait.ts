import type { SQSClient } from '@aws-sdk/client-sqs';
import type { Call } from './call.ts';

/** The input of a call. A receive gets its answer at once, also from an empty queue. */
export function withoutWait({ input }: Pick<Call, 'input'>): Call['input'] {
  return 'WaitTimeSeconds' in input ? { ...input, WaitTimeSeconds: 0 } : input;
}

/** Lets each receive of this client be answered at once, also from an empty queue. */
export function neverWait(client: SQSClient): SQSClient {
  client.middlewareStack.add(
    (next) => (args) => {
      if ('WaitTimeSeconds' in args.input) args.input.WaitTimeSeconds = 0;
      return next(args);
    },
    { step: 'initialize', priority: 'low' },
  );
  return client;
}
