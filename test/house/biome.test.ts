// The rules that Biome holds can fail too: planted files under the real configuration.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const longFunction = `export function f() {\n${'  g();\n'.repeat(71)}}\n`;

const planted = {
  'src/domain/a.ts': "import { tick } from '../engine/tick.ts';\n\nexport const a = tick;\n",
  'src/engine/a.ts': "import { query } from '../db/client.ts';\n\nexport const a = query;\n",
  'src/db/a.ts': "import { loop } from '../worker/loop.ts';\n\nexport const a = loop;\n",
  'src/http/a.ts': "import pg from 'pg';\n\nexport const a = pg;\n",
  'src/worker/a.ts': "console.log('tick');\n",
  'src/cli/a.ts': "console.log('tick');\n",
  'src/cli/b.ts': 'export const port = process.env.PORT;\n',
  'src/config.ts': 'export const port = process.env.PORT;\n',
  'src/domain/long.ts': longFunction,
  'src/domain/any.ts': 'export const a: any = 1;\n',
  'src/domain/UpperCase.ts': 'export const a = 1;\n',
  'test/a.test.ts': longFunction,
};

describe('Biome', () => {
  let folder: string;
  let report: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'touchline-biome-'));
    for (const name of ['biome.json', 'package.json']) copyFileSync(join(root, name), join(folder, name));
    for (const [path, text] of Object.entries(planted)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const biome = join(root, 'node_modules/@biomejs/biome/bin/biome');
    const args = [biome, 'lint', '--reporter=github', '--max-diagnostics=none', '.'];
    report = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' }).stdout;
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** Names of the rules that were broken in one planted file. */
  function broken(path: keyof typeof planted): string[] {
    const lines = report.split('\n').filter((line) => line.includes(`${path},line=`));
    return lines.map((line) => /title=lint\/\w+\/(\w+)/.exec(line)?.[1] ?? line);
  }

  it('refuses imports against the direction', () => {
    const files = ['src/domain/a.ts', 'src/engine/a.ts', 'src/db/a.ts', 'src/http/a.ts'] as const;
    expect(files.map(broken)).toEqual(files.map(() => ['noRestrictedImports']));
  });

  it('refuses console outside the command line', () => {
    expect([broken('src/worker/a.ts'), broken('src/cli/a.ts')]).toEqual([['noConsole'], []]);
  });

  it('refuses process.env outside config.ts', () => {
    expect([broken('src/cli/b.ts'), broken('src/config.ts')]).toEqual([['noProcessEnv'], []]);
  });

  it('refuses functions of more than 70 lines, except the story blocks of tests', () => {
    expect(broken('src/domain/long.ts')).toContain('noExcessiveLinesPerFunction');
    expect(broken('test/a.test.ts')).not.toContain('noExcessiveLinesPerFunction');
  });

  it('refuses any, and file names that are not kebab-case', () => {
    expect([broken('src/domain/any.ts'), broken('src/domain/UpperCase.ts')]).toEqual([
      ['noExplicitAny'],
      ['useFilenamingConvention'],
    ]);
  });
});
