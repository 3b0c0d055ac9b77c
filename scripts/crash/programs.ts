// The programs of workers and providers as plain JavaScript: a process that is killed every other second must start in a fraction
// of one, and a compiler in each would take longer than its life.
import { type ForkOptions, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
const sources = ['worker', 'provider'] as const;

/** For `fork`, which would hand down the compiler this process runs under. */
export const asCompiled = { execArgv: [] } satisfies ForkOptions;

export type Programs = Readonly<Record<(typeof sources)[number], string>>;

/** Compiles both into `folder`; answers their files. */
export function compilePrograms(folder: string): Programs {
  const outDir = join(folder, 'programs');
  rmSync(outDir, { recursive: true, force: true });
  mkdirSync(outDir, { recursive: true });
  const config = {
    extends: join(root, 'tsconfig.json'),
    compilerOptions: {
      ...{ noEmit: false, noCheck: true, outDir, rootDir: root },
      typeRoots: [join(root, 'node_modules/@types')],
    },
    include: [],
    files: sources.map((name) => join(root, `scripts/crash/${name}.ts`)),
  };
  const configFile = join(outDir, 'tsconfig.json');
  writeFileSync(configFile, JSON.stringify(config));
  writeFileSync(join(outDir, 'package.json'), '{"type":"module"}');
  symlinkSync(join(root, 'node_modules'), join(outDir, 'node_modules'));
  const compiler = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc');
  const run = spawnSync(process.execPath, [compiler, '-p', configFile], { encoding: 'utf8' });
  const files = Object.fromEntries(
    sources.map((name) => [name, join(outDir, `scripts/crash/${name}.js`)]),
  ) as unknown as Programs;
  const missing = Object.values(files).find((file) => !existsSync(file));
  if (run.status !== 0 || missing !== undefined) throw new Error(`Compiling failed: ${run.stdout}${run.stderr}`);
  return files;
}
