// Finds the program: the build in dist/ when it is current, else the sources through tsx. Plain JavaScript and committed,
// so that a clone works after `npm ci --ignore-scripts` and after `npm ci --omit=dev`, when nothing has been built.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const built = join(root, 'dist', 'cli', 'main.js');
const source = join(root, 'src', 'cli', 'main.ts');

/** Newest change below a folder in milliseconds; folders count, because a deleted file shows only there. */
function newestChange(folder) {
  let newest = statSync(folder).mtimeMs;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    newest = Math.max(newest, entry.isDirectory() ? newestChange(path) : statSync(path).mtimeMs);
  }
  return newest;
}

async function startTypeScript() {
  try {
    const { register } = await import('tsx/esm/api');
    register();
    return true;
  } catch (error) {
    if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    return false;
  }
}

function whatIsMissing(hasBuild, hasSource) {
  if (!hasSource) return `the program is missing from ${root}. Install the package touchline again.`;
  const build = hasBuild ? 'the build in dist/ is older than src/' : 'there is no build in dist/';
  return `${build}, and the package tsx, which would run the sources, is not installed. Run \`npm ci\` in ${root}`;
}

async function loadProgram() {
  const hasBuild = existsSync(built);
  const hasSource = existsSync(source);
  if (hasBuild && (!hasSource || statSync(built).mtimeMs >= newestChange(join(root, 'src')))) return import(built);
  if (hasSource && (await startTypeScript())) return import(source);
  console.error(`Touchline cannot start: ${whatIsMissing(hasBuild, hasSource)}`);
  return undefined;
}

const program = await loadProgram();
process.exitCode = program === undefined ? 1 : await program.main(process.argv.slice(2));
