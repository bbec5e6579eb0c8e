import { defineConfig } from 'vitest/config';

const timeouts = { testTimeout: 60_000, hookTimeout: 60_000 };
const UNIT = 'test/{contract,docs,functions,infra}/**/*.test.ts';

export default defineConfig({
  test: {
    projects: [
      // One worker runs many of these files: what they import is loaded once.
      { test: { name: 'unit', include: [UNIT], isolate: false, ...timeouts } },
      // Real processes, and the stack that was synthesized.
      {
        resolve: { tsconfigPaths: true },
        test: {
          name: 'stack',
          include: ['test/**/*.test.ts'],
          exclude: [UNIT],
          globalSetup: ['test/support/assembly.ts'],
          ...timeouts,
        },
      },
    ],
    coverage: {
      include: ['contract/*.ts', 'functions/**/*.ts'],
      // It runs in processes of its own only: test/functions/receiver/start.test.ts, and all that runs the bundle.
      exclude: ['functions/receiver/start.ts'],
      reporter: ['text', 'html'],
      thresholds: { 100: true },
    },
  },
});
