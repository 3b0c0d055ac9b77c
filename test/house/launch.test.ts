// What `touchline` does before there is a program: old Node, no build, stale build, no tsx.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

describe('starting the program', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'touchline-launch-'));
    cpSync(join(root, 'bin'), join(folder, 'bin'), { recursive: true });
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }\n');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** Plants a program that prints where it ran from and returns exit code 3; age in seconds. */
  function plant(path: string, ageSeconds: number): void {
    const text = `export const main = async (args) => { console.log(${JSON.stringify(path)}, ...args); return 3; };\n`;
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), path.endsWith('.ts') ? text.replace('args)', 'args: string[])') : text);
    const then = Date.now() / 1000 - ageSeconds;
    for (let at = join(folder, path); at !== folder; at = dirname(at)) utimesSync(at, then, then);
  }

  function withTsx(): void {
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  }

  function start(...nodeOptions: string[]): { status: number | null; stdout: string; stderr: string } {
    const command = [...nodeOptions, join(folder, 'bin/touchline.js'), 'tick', '--json'];
    const { status, stdout, stderr } = spawnSync(process.execPath, command, { encoding: 'utf8', cwd: tmpdir() });
    return { status, stdout: stdout.trim(), stderr: stderr.trim() };
  }

  it('runs the build, passes the arguments on, and exits with the answer', () => {
    plant('dist/cli/main.js', 0);
    expect(start()).toEqual({ status: 3, stdout: 'dist/cli/main.js tick --json', stderr: '' });
  });

  it('runs the build when it is newer than the sources', () => {
    plant('src/cli/main.ts', 60);
    plant('dist/cli/main.js', 0);
    withTsx();
    expect(start().stdout).toBe('dist/cli/main.js tick --json');
  });

  it('runs the sources when the build is older', () => {
    plant('dist/cli/main.js', 60);
    plant('src/cli/main.ts', 0);
    withTsx();
    expect(start()).toEqual({ status: 3, stdout: 'src/cli/main.ts tick --json', stderr: '' });
  });

  it('runs the sources when there is no build', () => {
    plant('src/cli/main.ts', 0);
    withTsx();
    expect(start().stdout).toBe('src/cli/main.ts tick --json');
  });

  it('says in one line what is missing when there is neither build nor tsx', () => {
    plant('src/cli/main.ts', 0);
    const { status, stdout, stderr } = start();
    expect([status, stdout, stderr.split('\n').length]).toEqual([1, '', 1]);
    expect(stderr).toMatch(/there is no build in dist\/.*tsx.*Run `npm ci`/);
  });

  it('says in one line that nothing is there at all', () => {
    const { status, stdout, stderr } = start();
    expect([status, stdout, stderr.split('\n').length]).toEqual([1, '', 1]);
    expect(stderr).toMatch(/the program is missing.*Install the package touchline again/);
  });

  it('says in one line that the build is stale when it cannot run the sources', () => {
    plant('dist/cli/main.js', 60);
    plant('src/cli/main.ts', 0);
    const { status, stderr } = start();
    expect([status, stderr.split('\n').length]).toEqual([1, 1]);
    expect(stderr).toMatch(/the build in dist\/ is older than src\/.*Run `npm ci`/);
  });

  it.each(['18.20.8', '20.18.3', '8.17.0'])('says in one line that Node %s is too old', (version) => {
    plant('dist/cli/main.js', 0);
    const preload = join(folder, 'old-node.cjs');
    writeFileSync(preload, `Object.defineProperty(process.versions, 'node', { value: '${version}' });\n`);
    const { status, stdout, stderr } = start('--require', preload);
    expect([status, stdout, stderr.split('\n').length]).toEqual([1, '', 1]);
    expect(stderr).toContain(`Touchline needs Node.js 20.19 or newer, but this is ${version}`);
    expect(stderr).toContain('Install a newer one');
  });
});
