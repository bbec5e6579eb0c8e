import { expect, test } from 'vitest';
import { defaultProvider } from '../../../functions/receiver/no-credential-chain.ts';

test('a client without credentials fails when it is made, and says what it needs', () => {
  expect(defaultProvider).toThrow('credentials: fromEnv()');
});
