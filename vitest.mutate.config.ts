import { defineConfig } from 'vitest/config';

// The tests of what is mutated, and nothing that synthesizes the stack: a mutant takes a second, not ten.
export default defineConfig({
  test: {
    include: ['test/contract/*.test.ts', 'test/functions/**/*.test.ts'],
    // It bundles, and what it tests is not mutated.
    exclude: ['test/functions/receiver/start.test.ts'],
    testTimeout: 20_000,
  },
});
