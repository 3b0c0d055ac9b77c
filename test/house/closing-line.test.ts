import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import settings from '../../vitest.config.ts';
import { closingLine } from '../support/closing-line-reporter.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const reporter = join(root, 'test/support/closing-line-reporter.ts');

describe('the closing line', () => {
  let folder: string;

  // Inside node_modules, so that the planted project finds vitest and the repository stays clean.
  beforeEach(() => {
    mkdirSync(join(root, 'node_modules/.cache'), { recursive: true });
    folder = mkdtempSync(join(root, 'node_modules/.cache/closing-line-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** Runs a project of one planted test file and returns its last line and its exit code. */
  function run(testFile: string, config: object = {}): { last: string | undefined; status: number | null } {
    writeFileSync(join(folder, 'a.test.ts'), `import { beforeAll, it } from 'vitest';\n${testFile}\n`);
    writeFileSync(join(folder, 'broken.ts'), "export function setup() { throw new Error('no database'); }\n");
    const project = { reporters: ['default', reporter], include: ['*.test.ts'], ...config };
    writeFileSync(join(folder, 'vitest.config.ts'), `export default { test: ${JSON.stringify(project)} };\n`);
    const vitest = join(root, 'node_modules/vitest/vitest.mjs');
    const result = spawnSync(process.execPath, [vitest, 'run', '--root', folder], { encoding: 'utf8' });
    return { last: result.stdout.trimEnd().split('\n').at(-1), status: result.status };
  }

  it('counts what passed, failed and was left out, after everything else', () => {
    const answer = run("it('a', () => {}); it('b', () => { throw new Error('x'); }); it.skipIf(true)('c', () => {});");
    expect(answer).toEqual({ last: '1 passed, 1 failed, 1 skipped', status: 1 });
  });

  it('leaves out what there is none of', () => {
    expect(run("it('a', () => {});")).toEqual({ last: '1 passed, 0 failed', status: 0 });
    expect(closingLine({ passed: 3, failed: 0, skipped: 0 })).toBe('3 passed, 0 failed');
  });

  it('never says "0 failed" when a file does not even load', () => {
    expect(run("throw new Error('broken file');")).toEqual({ last: '0 passed, 1 failed', status: 1 });
  });

  it('never says "0 failed" when the set-up of all tests breaks', () => {
    expect(run("it('a', () => {});", { globalSetup: ['./broken.ts'] })).toEqual({
      last: '0 passed, 1 failed',
      status: 1,
    });
  });

  it('never says "0 failed" when a promise is rejected outside the tests', () => {
    const answer = run("Promise.reject(new Error('stray')); it('a', () => {});");
    expect(answer).toEqual({ last: '1 passed, 1 failed', status: 1 });
  });

  it('does not take a line that is logged as a worker ends for a failure, with the settings of this repository', () => {
    const late =
      'afterAll(() => { for (let n = 0; n < 80; n += 1) setTimeout(() => console.log("late", n), n / 4); });';
    const { disableConsoleIntercept } = settings.test ?? {};
    const answer = run(`import { afterAll } from 'vitest'; it('a', () => {}); ${late}`, { disableConsoleIntercept });
    expect(answer).toEqual({ last: '1 passed, 0 failed', status: 0 });
  });
});
