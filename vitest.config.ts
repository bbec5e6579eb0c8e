import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/assembly.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    coverage: {
      include: ['contract/**/*.ts', 'functions/**/*.ts'],
      // It runs in processes of its own only: test/functions/receiver/start.test.ts, and all that runs the bundle.
      exclude: ['functions/receiver/start.ts'],
      reporter: ['text', 'html'],
      thresholds: { 100: true },
    },
  },
});
