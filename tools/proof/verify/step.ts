/** Something that the documentation says, and what a deployment shows of it. */
export interface Step {
  /** One sentence, true when the step succeeds. */
  readonly claim: string;
  /** Where the documentation says so. */
  readonly docs: string;
  /** It is AWS that is asked, not the receiver: an emulated account proves nothing, and AWS may answer otherwise one day. */
  readonly isOfAws?: true;
  /** Without it the steps after it can't be done. */
  readonly isNeeded?: true;
  /**
   * @returns what was seen
   * @throws RefutedError when the contrary was seen; any other error leaves the claim open
   */
  readonly run: () => Promise<string>;
}

/** The claim does not hold; the message says what was seen instead. */
export class RefutedError extends Error {
  override readonly name = 'RefutedError';
}

/** @throws RefutedError with what was seen, unless the condition holds */
export function hold(condition: boolean, seen: string): asserts condition {
  if (!condition) throw new RefutedError(seen);
}

export type Result = 'confirmed' | 'refuted' | 'open';

/** What became of a step. */
export interface Row extends Pick<Step, 'claim' | 'docs' | 'isOfAws'> {
  readonly result: Result;
  /** What was seen, or why nothing was. */
  readonly seen: string;
}
