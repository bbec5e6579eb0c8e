import { randomUUID } from 'node:crypto';
import * as v from 'valibot';
import { RECEIVER_ENVIRONMENT } from '../local/receiver-environment.ts';
import type { Observed } from './oracle.ts';
import type { Secret } from './secret-forms.ts';
import { startServices } from './services.ts';

const LEVELS = ['log', 'debug', 'info', 'warn', 'error'] as const;

const exported = v.object({ handler: v.function() });

export interface FuzzedReceiver {
  invoke(event: unknown): Promise<Observed>;
  stop(): Promise<void>;
}

/**
 * The function itself in this process, as its environment would compose it, between services that always answer.
 * Takes over this process's variables and console until it is stopped.
 */
export async function startReceiver({ value }: Secret): Promise<FuzzedReceiver> {
  const services = await startServices(value);
  const variables = {
    ...RECEIVER_ENVIRONMENT,
    QUEUE_URL: `${services.endpoint}/main`,
    QUARANTINE_QUEUE_URL: `${services.endpoint}/quarantine`,
    AWS_ENDPOINT_URL_SQS: services.endpoint,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: services.endpoint,
  };
  const before = Object.keys(variables).map((name): [string, string | undefined] => [
    name,
    process.env[name],
  ]);
  const printing = LEVELS.map((level) => ({ level, print: console[level] }));
  const lines: string[] = [];
  Object.assign(process.env, variables);
  for (const level of LEVELS) console[level] = (line: unknown) => void lines.push(JSON.stringify(line));

  // A module of its own each time: its clients and what it holds of the secret are made on import.
  const module = new URL('../../functions/receiver/handler.ts', import.meta.url);
  module.search = randomUUID();
  const loaded: unknown = await import(module.href);
  const { handler } = v.parse(exported, loaded);
  const context = { functionName: 'receiver', awsRequestId: 'fuzz', getRemainingTimeInMillis: () => 10_000 };

  return {
    async invoke(event) {
      const answer: unknown = await handler(event, context);
      return { answer, writes: services.takeWrites(), lines: lines.splice(0) };
    },
    async stop() {
      for (const { level, print } of printing) console[level] = print;
      for (const [name, value] of before) {
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
      await services.stop();
    },
  };
}
