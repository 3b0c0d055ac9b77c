// Builds dist/: the program with tsc, and the one file for `supabase db push`. `prepare` passes --if-possible: after
// `npm ci --omit=dev` there is no compiler, and that is fine, because bin/launch.js then runs the sources.
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');

function findCompiler() {
  try {
    return join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc');
  } catch {
    return undefined;
  }
}

async function writeSupabaseCode() {
  const { supabaseCodeMigration } = await import(pathToFileURL(join(dist, 'db/migrate/supabase-code.js')).href);
  const { fileName, text } = supabaseCodeMigration();
  mkdirSync(join(dist, 'supabase'));
  writeFileSync(join(dist, 'supabase', fileName), text);
}

async function build(compiler) {
  // tsc never deletes: without this, modules removed from src/ would live on in the package.
  rmSync(dist, { recursive: true, force: true });
  const run = spawnSync(process.execPath, [compiler, '-p', 'tsconfig.build.json'], { cwd: root, stdio: 'inherit' });
  // Half a build would be taken for a whole one by bin/launch.js.
  if (run.status !== 0) rmSync(dist, { recursive: true, force: true });
  else await writeSupabaseCode();
  return run.status ?? 1;
}

const compiler = findCompiler();
if (compiler !== undefined) {
  process.exitCode = await build(compiler);
} else if (!process.argv.includes('--if-possible')) {
  console.error('Cannot build: the package typescript is not installed. Run `npm ci` without --omit=dev.');
  process.exitCode = 1;
}
