import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { reporter } from './tools/proof/verify/reporter.ts';

const UNIT = 'test/{contract,docs,functions,infra}/**/*.test.ts';

/** Deploys to AWS. */
const AWS = 'test/aws/claims.test.ts';

export default defineConfig(({ mode }) => {
  // The tests of what is mutated, and nothing that bundles or synthesizes: a mutant takes a second, not ten.
  if ('STRYKER_MUTATOR_WORKER' in process.env)
    return {
      test: {
        include: ['test/contract/*.test.ts', 'test/functions/**/*.test.ts'],
        exclude: ['test/functions/receiver/start.test.ts'],
        testTimeout: 20_000,
      },
    };
  // Asked for by `npm run verify:aws`, which removes what this makes.
  if (mode === 'aws')
    return { test: { include: [AWS], reporters: [reporter], testTimeout: 0, disableConsoleIntercept: true } };
  // Asked for by `npm run fuzz` and `npm run chaos`: test/support/long-run.ts.
  const long = mode === 'long';
  const limitMs = long ? 0 : 180_000;
  const shared = {
    provide: { long },
    // A worker runs many files: what they import is loaded once.
    isolate: false,
    testTimeout: limitMs,
    hookTimeout: limitMs,
    // Vitest's own limit, one second, is none for a busy machine.
    expect: { poll: { timeout: 30_000 } },
    disableConsoleIntercept: long,
  };
  return {
    test: {
      // More than there are cores: most files wait, for processes, time limits or a browser.
      maxWorkers: availableParallelism() + 1,
      projects: [
        { test: { name: 'unit', include: [UNIT], ...shared } },
        // Real processes, and the stack that was synthesized.
        {
          resolve: { tsconfigPaths: true },
          test: {
            name: 'stack',
            include: ['test/**/*.test.ts'],
            exclude: [UNIT, AWS],
            globalSetup: ['test/support/assembly.ts'],
            ...shared,
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
  };
});
