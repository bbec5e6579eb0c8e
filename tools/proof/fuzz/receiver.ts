import { randomUUID } from 'node:crypto';
import * as v from 'valibot';
import { serveOnLoopback } from '../../local/loopback.ts';
import { RECEIVER_ENVIRONMENT } from '../../local/receiver-environment.ts';
import { cannedAws, type Write } from '../canned-aws.ts';
import type { Observed } from './oracle.ts';
import type { Secret } from './secret-forms.ts';

const exported = v.object({ handler: v.function() });

/** A busy machine may take longer than the function waits, which then sends a message again: it waits longer here. */
const TIMES_LONGER = 100;
const waitingLonger = new Proxy(setTimeout, {
  apply: (original, self, [callback, ms, ...more]) =>
    Reflect.apply(original, self, [callback, Number(ms) * TIMES_LONGER, ...more]),
});

export interface FuzzedReceiver {
  invoke(event: unknown): Promise<Observed>;
  stop(): Promise<void>;
}

/**
 * The function itself in this process, as its environment would compose it, between services that always answer.
 * Takes over this process's variables, standard output and timers until it is stopped.
 */
export async function startReceiver({ value }: Secret): Promise<FuzzedReceiver> {
  const writes: Write[] = [];
  const lines: string[] = [];
  const services = await serveOnLoopback(
    0,
    cannedAws(value, (write) => void writes.push(write)),
  );
  const variables = {
    ...RECEIVER_ENVIRONMENT,
    QUEUE_URL: `${services.origin}/main`,
    QUARANTINE_QUEUE_URL: `${services.origin}/quarantine`,
    AWS_ENDPOINT_URL_SQS: services.origin,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: services.origin,
  };
  const before = { variables: { ...process.env }, write: process.stdout.write, setTimeout };
  globalThis.setTimeout = waitingLonger;
  Object.assign(process.env, variables);
  process.stdout.write = (line: unknown) => lines.push(String(line)) > 0;

  // A module of its own each time: its clients and what it holds of the secret are made on import.
  const module = new URL('../../../functions/receiver/handler.ts', import.meta.url);
  module.search = randomUUID();
  const loaded: unknown = await import(module.href);
  const { handler } = v.parse(exported, loaded);
  const context = { functionName: 'receiver', awsRequestId: 'fuzz', getRemainingTimeInMillis: () => 10_000 };

  return {
    async invoke(event) {
      const answer: unknown = await handler(event, context);
      return { answer, writes: writes.splice(0), lines: lines.splice(0) };
    },
    async stop() {
      process.stdout.write = before.write;
      globalThis.setTimeout = before.setTimeout;
      for (const name of Object.keys(variables)) delete process.env[name];
      Object.assign(process.env, before.variables);
      await services.stop();
    },
  };
}
