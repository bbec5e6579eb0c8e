import fc from 'fast-check';
import { readSample, sampleNames } from '../../ops/delivery.ts';
import { events } from './events.ts';
import { findings } from './oracle.ts';
import { at, parsed } from './reading.ts';
import type { FuzzedReceiver } from './receiver.ts';
import type { Secret } from './secret-forms.ts';

export interface FuzzOptions {
  readonly runs: number;
  readonly seed: number;
  /** Where a finding was, as it was told: goes there at once. */
  readonly path?: string | undefined;
  readonly secret: Secret;
  readonly invoke: FuzzedReceiver['invoke'];
  readonly onRun?: () => void;
}

/** Gives events to the receiver until one breaks a promise; makes that one as small as it can. */
export async function fuzz({ runs, seed, path = '', secret, invoke, onRun }: FuzzOptions) {
  const names = await sampleNames();
  // As many valid ones as invalid ones, of which there are more.
  const valid = names.filter((name) => !name.includes('/'));
  const samples = await Promise.all([...names, ...valid, ...valid].map(readSample));
  const texts = samples.map((bytes) => new TextDecoder().decode(bytes));
  /** How many events had which end. */
  const ends: Record<string, number> = {};

  const property = fc.asyncProperty(events(texts, secret), async (event) => {
    const observed = await invoke(event);
    const broken = findings(event, observed, secret);
    if (broken.length > 0) throw new Error(broken.join('; '));
    const end = endOf(observed.answer);
    ends[end] = (ends[end] ?? 0) + 1;
    onRun?.();
  });
  const details = await fc.check(property, { numRuns: runs, seed, path });
  if (!details.failed) return { ends };
  const { errorInstance: error, counterexamplePath, counterexample } = details;
  const finding = {
    promises: error instanceof Error ? error.message : String(error),
    path: counterexamplePath ?? '',
    event: fc.stringify(counterexample?.[0]),
  };
  return { ends, finding };
}

function endOf(answer: unknown): string {
  const { status, reason } = Object(parsed(String(at(answer, 'body'))));
  return [at(answer, 'statusCode'), typeof status === 'string' ? status : '', reason]
    .filter(Boolean)
    .join(' ');
}
