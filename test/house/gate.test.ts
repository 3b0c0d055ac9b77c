// .ci/run with a planted npm: a gate that cannot fail is no gate.
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

// Stands for npm: `ci` and `run …` succeed unless named in FAIL; `test` prints TEST_OUTPUT and fails when told so.
const plantedNpm = `#!/usr/bin/env bash
case "$1" in
  ci) name=ci; mkdir -p node_modules ;;
  test) name=test; printf "$TEST_OUTPUT" ;;
  run) name=$3; echo "words of $name" ;;
esac
echo "npm $*" >>calls
[ "$name" != "$FAIL" ]
`;

describe('.ci/run', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'touchline-gate-'));
    cpSync(join(root, '.ci'), join(folder, '.ci'), { recursive: true });
    writeFileSync(join(folder, 'npm'), plantedNpm);
    chmodSync(join(folder, 'npm'), 0o755);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function run(
    testOutput: string,
    fail = 'nothing',
  ): { status: number | null; last: string | undefined; said: string } {
    const PATH = `${folder}${delimiter}${process.env.PATH}`;
    // Of no use here, and without it the gate would look for one to install.
    const env = { PATH, TEST_OUTPUT: testOutput, FAIL: fail, CHROMIUM_PATH: 'chromium' };
    const result = spawnSync('bash', [join(folder, '.ci/run')], { cwd: tmpdir(), env, encoding: 'utf8' });
    return { status: result.status, last: result.stdout.trimEnd().split('\n').at(-1), said: result.stdout };
  }

  it('repeats the closing line of the tests as its last line', () => {
    expect(run('ok\\n7 passed, 0 failed, 2 skipped\\n')).toMatchObject({
      status: 0,
      last: '7 passed, 0 failed, 2 skipped',
    });
    expect(run('\\033[32mok\\033[0m\\n7 passed, 0 failed\\n')).toMatchObject({ status: 0, last: '7 passed, 0 failed' });
  });

  it('fails with the tests and does not count them twice', () => {
    expect(run('6 passed, 1 failed\\n', 'test')).toMatchObject({ status: 1, last: '6 passed, 1 failed' });
  });

  it('fails when the tests never came to an end', () => {
    expect(run('Segmentation fault\\n', 'test')).toMatchObject({ status: 1, last: '0 passed, 1 failed' });
  });

  it('repeats at its end what went wrong in a test, and outside all tests', () => {
    for (const told of [' FAIL  a.test.ts > a', '⎯⎯ Unhandled Errors ⎯⎯']) {
      const { said } = run(`${told}\\nError: of the sun\\n6 passed, 1 failed\\n`, 'test');
      expect(said.split(`${told}\nError: of the sun\n`)).toHaveLength(3);
      expect(said).toContain('npm ci && npm test (exit code 1)');
    }
  });

  it('repeats their last words when tests that passed end with a failure', () => {
    const { status, last, said } = run('killed by the moon\\n7 passed, 0 failed\\n', 'test');
    expect([status, last]).toEqual([1, '7 passed, 1 failed']);
    expect(said.split('killed by the moon\n')).toHaveLength(3);
  });

  it('runs every bench, small', () => {
    run('7 passed, 0 failed\\n');
    const calls = readFileSync(join(folder, 'calls'), 'utf8').split('\n');
    expect(calls.filter((call) => call.includes(' bench '))).toEqual(['npm run --silent bench -- all --quick']);
  });

  it('fails when the install fails', () => {
    expect(run('7 passed, 0 failed\\n', 'ci')).toMatchObject({ status: 1, last: '0 passed, 1 failed' });
  });

  it.each([
    'lint',
    'types',
    'dead-code',
    'gen',
    'defects',
    'mutants',
    'stress',
    'crash',
    'mail-month',
    'bench',
    'package:lint',
    'package:check',
  ])('fails when %s fails', (step) => {
    const { status, last, said } = run('7 passed, 0 failed\\n', step);
    expect([status, last]).toEqual([1, '7 passed, 1 failed']);
    expect(said).toMatch(/^FAILED: /m);
    // Once as it runs, and once at the end: whoever reads only a log's tail must learn why.
    expect(said.split(`words of ${step}\n`)).toHaveLength(3);
  });
});
