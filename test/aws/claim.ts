import { test } from 'vitest';
import { sentenceOf } from '../../tools/cli/failure.ts';

/** What the claims that follow need, and what was not confirmed. */
let missing: string | undefined;

interface Claim {
  /** Where the documentation says so. */
  readonly docs: string;
  /** It is AWS that is asked, not the receiver: an emulated account proves nothing, and AWS may answer otherwise one day. */
  readonly isOfAws?: boolean;
  /** Without it the claims that follow can't be tried. */
  readonly isNeeded?: true;
}

/**
 * A test of something that the documentation says.
 * @param title one sentence, true when `run` succeeds
 * @param run returns what was seen; an AssertionError says that it was the contrary, any other error leaves the claim open
 */
export function claim(
  title: string,
  { docs, isOfAws = false, isNeeded }: Claim,
  run: () => Promise<string>,
): void {
  test(title, { meta: { docs, isOfAws } }, async ({ task, skip }) => {
    skip(missing !== undefined, `it needs "${missing}"`);
    if (isNeeded) missing = title;
    task.meta.seen = await run().catch((error) => {
      throw error.name === 'AssertionError' ? error : new Error(sentenceOf(error), { cause: error });
    });
    if (isNeeded) missing = undefined;
  });
}
