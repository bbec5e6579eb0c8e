import { AssertionError } from 'node:assert/strict';
import { sentenceOf } from '../../cli/failure.ts';
import type { Step } from './step.ts';

export type Result = 'confirmed' | 'refuted' | 'open';

/** What became of a step. */
export interface Row extends Pick<Step, 'claim' | 'docs' | 'isOfAws'> {
  readonly result: Result;
  /** What was seen, or why nothing was. */
  readonly seen: string;
}

export interface Verification {
  readonly steps: readonly Step[];
  /** Done last, whatever became of the others. */
  readonly removal: Step;
  /** Ends the steps, never the removal. */
  readonly signal: AbortSignal;
  readonly isEmulated: boolean;
  /** Told of each row that was tried, as soon as it is known. */
  readonly onRow?: (row: Row) => void;
}

/** Takes every step in order, and removes what they made: also after a step that failed, and after an interruption. */
export async function verify(verification: Verification): Promise<readonly Row[]> {
  const { steps, removal, signal, isEmulated, onRow = () => {} } = verification;
  const rows: Row[] = [];
  let missing: Step | undefined;
  for (const step of steps) {
    const why = signal.aborted ? 'interrupted' : missing && `it needs "${missing.claim}"`;
    if (why !== undefined) {
      rows.push({ ...step, result: 'open', seen: `Not tried: ${why}.` });
      continue;
    }
    const taken = await take(step, isEmulated);
    const row: Row = signal.aborted ? { ...taken, result: 'open', seen: 'Interrupted.' } : taken;
    rows.push(row);
    onRow(row);
    if (step.isNeeded && row.result !== 'confirmed') missing = step;
  }
  const last = await take(removal, isEmulated);
  onRow(last);
  return [...rows, last];
}

async function take(step: Step, isEmulated: boolean): Promise<Row> {
  const judge = (result: Result, seen: string): Row =>
    isEmulated && step.isOfAws
      ? { ...step, result: 'open', seen: `An emulated account can't tell. It gave: ${seen}` }
      : { ...step, result, seen };
  try {
    return judge('confirmed', await step.run());
  } catch (error) {
    return error instanceof AssertionError
      ? judge('refuted', error.message)
      : judge('open', sentenceOf(error));
  }
}

/** Whether everything that must hold was seen to hold; what only AWS knows may stay open. */
export function isProven(rows: readonly Row[]): boolean {
  return rows.every(({ result, isOfAws }) => result === 'confirmed' || (result === 'open' && isOfAws));
}
