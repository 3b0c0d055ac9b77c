import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Every test file has its own database in the one cluster that the global set-up starts.
    globalSetup: ['test/global-setup.ts'],
    pool: 'forks',
    maxWorkers: 3,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    teardownTimeout: 20_000,
    reporters: ['default', './test/support/closing-line-reporter.ts'],
    // A line that is logged as a worker ends fails a run in which every test passed: vitest relays it to its main process, and gives up
    // a relay that is under way as an unhandled error (vitest-dev/vitest#11153).
    disableConsoleIntercept: true,
    allowOnly: false,
    passWithNoTests: false,
  },
});
