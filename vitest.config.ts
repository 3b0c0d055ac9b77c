import { existsSync } from 'node:fs';
import { defineConfig } from 'vitest/config';

// Every test file has its own database in the one cluster that the global set-up starts.
const globalSetup = existsSync(new URL('test/global-setup.ts', import.meta.url)) ? ['test/global-setup.ts'] : [];

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup,
    pool: 'forks',
    maxWorkers: 3,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    teardownTimeout: 20_000,
    reporters: ['default', './test/support/closing-line-reporter.ts'],
    allowOnly: false,
    passWithNoTests: false,
  },
});
