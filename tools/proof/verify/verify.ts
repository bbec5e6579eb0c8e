import { sentenceOf } from '../../cli/failure.ts';
import { RefutedError, type Row, type Step } from './step.ts';

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
  let missing: Row | undefined;
  for (const step of steps) {
    if (signal.aborted) rows.push(rowOf(step, 'open', 'Not tried: interrupted.'));
    else if (missing !== undefined) rows.push(rowOf(step, 'open', `Not tried: it needs "${missing.claim}".`));
    else {
      const taken = await take(step, isEmulated);
      const row = signal.aborted ? rowOf(step, 'open', 'Interrupted.') : taken;
      rows.push(row);
      onRow(row);
      if (step.isNeeded && row.result !== 'confirmed') missing = row;
    }
  }
  const last = await take(removal, isEmulated);
  onRow(last);
  return [...rows, last];
}

async function take(step: Step, isEmulated: boolean): Promise<Row> {
  const judge = (result: Row['result'], seen: string) =>
    isEmulated && step.isOfAws
      ? rowOf(step, 'open', `An emulated account can't tell. It gave: ${seen}`)
      : rowOf(step, result, seen);
  try {
    return judge('confirmed', await step.run());
  } catch (error) {
    return error instanceof RefutedError ? judge('refuted', error.message) : judge('open', sentenceOf(error));
  }
}

function rowOf({ claim, docs, isOfAws }: Step, result: Row['result'], seen: string): Row {
  return { claim, docs, result, seen, ...(isOfAws && { isOfAws }) };
}

/** Whether everything that must hold was seen to hold; what only AWS knows may stay open. */
export function isProven(rows: readonly Row[]): boolean {
  return rows.every(({ result, isOfAws }) => result === 'confirmed' || (result === 'open' && isOfAws));
}
