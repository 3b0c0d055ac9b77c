// Ends every run with one plain line, `N passed, N failed[, N skipped]`, which machines and hurried people read.
import { writeSync } from 'node:fs';
import type { Reporter, TestModule, Vitest } from 'vitest/node';

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

/** The line itself; skipped is left out when nothing was skipped. */
export function closingLine({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

/** Failures outside tests: a file or suite that breaks counts as one, because its tests never ran. */
function brokenParts(module: TestModule): number {
  const suites = [...module.children.allSuites()].filter((suite) => suite.errors().length > 0);
  return suites.length + (module.errors().length > 0 ? 1 : 0);
}

function count(testModules: readonly TestModule[]): Counts {
  const states = testModules.flatMap((module) => [...module.children.allTests()].map((test) => test.result().state));
  const passed = states.filter((state) => state === 'passed').length;
  const failed = states.filter((state) => state === 'failed').length;
  const broken = testModules.reduce((sum, module) => sum + brokenParts(module), 0);
  return { passed, failed: failed + broken, skipped: states.length - passed - failed };
}

/** Vitest reporter that prints the closing line when the process ends, after everything others have to say. */
export default class ClosingLineReporter implements Reporter {
  private counts: Counts = { passed: 0, failed: 0, skipped: 0 };

  onInit(vitest: Vitest): void {
    if (vitest.config.watch) return;
    process.once('exit', (code) => {
      // A run that fails outside all tests (set-up, stray rejection) must not read "0 failed".
      if (code !== 0 && this.counts.failed === 0) this.counts.failed = 1;
      writeSync(1, `${closingLine(this.counts)}\n`);
    });
  }

  onTestRunEnd(testModules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    this.counts = count(testModules);
    this.counts.failed += unhandledErrors.length;
  }
}
