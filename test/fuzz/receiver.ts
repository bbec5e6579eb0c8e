import { vi } from 'vitest';
import { serveOnLoopback } from '../../tools/local/loopback.ts';
import { cannedAws, type Write } from '../../tools/proof/canned-aws.ts';
import { composeReceiver } from '../support/receiver.ts';
import type { Observed } from './judge/judge.ts';
import type { Secret } from './secret-forms.ts';

/** A busy machine may take longer than the function waits, which then sends a message again: it waits longer here. */
const TIMES_LONGER = 100;
const waitingLonger = new Proxy(setTimeout, {
  apply: (original, self, [callback, ms, ...more]) =>
    Reflect.apply(original, self, [callback, Number(ms) * TIMES_LONGER, ...more]),
});

export type FuzzedReceiver = Awaited<ReturnType<typeof startReceiver>>;

/**
 * The function in this process, between services that always answer. Takes over this process's variables, standard
 * output and timers until it is stopped.
 */
export async function startReceiver({ value }: Secret) {
  const writes: Write[] = [];
  const lines: string[] = [];
  const services = await serveOnLoopback(
    0,
    cannedAws(
      () => value,
      (write) => void writes.push(write),
    ),
  );
  const { write } = process.stdout;
  process.stdout.write = (line: unknown) => lines.push(String(line)) > 0;
  vi.stubGlobal('setTimeout', waitingLonger);
  const { invoke } = await composeReceiver({
    QUEUE_URL: `${services.origin}/main`,
    QUARANTINE_QUEUE_URL: `${services.origin}/quarantine`,
    AWS_ENDPOINT_URL_SQS: services.origin,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: services.origin,
  });
  return {
    async invoke(event: unknown): Promise<Observed> {
      const answer = await invoke(event);
      return { answer, writes: writes.splice(0), lines: lines.splice(0) };
    },
    async stop() {
      process.stdout.write = write;
      vi.unstubAllGlobals();
      vi.unstubAllEnvs();
      await services.stop();
    },
  };
}
