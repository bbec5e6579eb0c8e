import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/assembly.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    coverage: {
      include: ['contract/**/*.ts', 'functions/**/*.ts'],
      reporter: ['text', 'html'],
      thresholds: { 100: true },
    },
  },
});
