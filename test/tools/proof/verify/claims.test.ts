import { expect, test } from 'vitest';
import { tryClaims } from '../../../../tools/proof/verify/claims.ts';

test('a run of the claims that was ended did not come to its end', async () => {
  const interrupt = new AbortController();
  setTimeout(() => interrupt.abort(), 100);
  expect(await tryClaims(interrupt.signal, () => {})).toBe(false);
});
