import type { Change, Held } from './change.ts';
import { inWords } from './form.ts';
import type { Versions } from './versions.ts';

/** What will be stored, before it is; never a key. */
export function announcement(
  secretName: string,
  { current, previousFailure }: Versions,
  held: Held,
  change: Change,
): string {
  const was =
    current === undefined
      ? 'nothing'
      : held.currentProblem === undefined && held.current.length === 0
        ? 'the placeholder'
        : held.currentProblem === undefined
          ? inWords(held.current)
          : `a value that can't be used: ${held.currentProblem.replace(/\.$/, '')}`;
  return [
    change.current && `${secretName} will hold ${inWords(change.current)}; was: ${was}.`,
    change.previous && `AWSPREVIOUS will hold ${inWords(change.previous)}.`,
    previousFailure && `What AWSPREVIOUS holds now could not be read: ${previousFailure}`,
    ...change.consequences,
  ]
    .filter((line) => line !== undefined)
    .join('\n');
}
