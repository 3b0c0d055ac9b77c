// Builds dist/ with tsc. `prepare` passes --if-possible: after `npm ci --omit=dev` there is no compiler, and that is fine,
// because bin/launch.js then runs the sources.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');

function findCompiler() {
  try {
    return join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc');
  } catch {
    return undefined;
  }
}

function build(compiler) {
  // tsc never deletes: without this, modules removed from src/ would live on in the package.
  rmSync(dist, { recursive: true, force: true });
  const run = spawnSync(process.execPath, [compiler, '-p', 'tsconfig.build.json'], { cwd: root, stdio: 'inherit' });
  // Half a build would be taken for a whole one by bin/launch.js.
  if (run.status !== 0) rmSync(dist, { recursive: true, force: true });
  return run.status ?? 1;
}

const compiler = findCompiler();
if (compiler !== undefined) {
  process.exitCode = build(compiler);
} else if (!process.argv.includes('--if-possible')) {
  console.error('Cannot build: the package typescript is not installed. Run `npm ci` without --omit=dev.');
  process.exitCode = 1;
}
