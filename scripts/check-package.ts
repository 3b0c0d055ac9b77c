// Proves what a stranger gets: the packed tarball installs and runs without development dependencies, and a plain clone
// runs after `npm ci --omit=dev` and after `npm ci --ignore-scripts`. Takes about a minute, so it is a step of .ci/run.
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startEmbedded } from '../src/embedded/index.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };

class StepFailed extends Error {}

/** Runs a command in a folder and returns what it printed; what it said on both streams is shown only when it fails. */
function run(cwd: string, command: string, ...args: string[]): string {
  const result = spawnSync(command, args, { cwd, encoding: 'utf8' });
  if (result.status === 0) return result.stdout.trim();
  const said = `${result.stdout ?? ''}${result.stderr ?? ''}${result.error?.message ?? ''}`;
  throw new StepFailed(`\`${command} ${args.join(' ')}\` failed (exit ${result.status}):\n${said}`);
}

function expectVersion(answer: string): void {
  const line = answer.split('\n').at(-1);
  if (line !== version) throw new StepFailed(`\`touchline --version\` should print ${version} but printed ${line}`);
}

// What an application writes: the values at run time, the types, and the files that are announced.
const application = `import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { enrollmentStatuses, migrate, TouchlineError, version } from 'touchline';

const path = (name) => fileURLToPath(import.meta.resolve(name));
const missing = ['touchline/sql/build', 'touchline/migrations/20260203000100_create_schema.sql']
  .filter((name) => !existsSync(path(name)));
const shipped = readdirSync(dirname(path('touchline/supabase/x')));
const code = shipped.filter((name) => /^\\d{14}_touchline_code_\\d+\\.sql$/.test(name));
const text = code.map((name) => readFileSync(path('touchline/supabase/' + name), 'utf8')).join('');
const kinds = [typeof migrate, typeof TouchlineError, enrollmentStatuses.join()];
console.log(JSON.stringify({ version, kinds, missing, code: code.length, function: text.includes('function touchline.require_access(') }));
`;

const typedApplication = `import { type Campaign, type EnrollmentStatus, enrollmentStatuses } from 'touchline';

export const statuses: readonly EnrollmentStatus[] = enrollmentStatuses;
export const campaign: Pick<Campaign, 'name' | 'service_type'> = { name: 'Follow-up', service_type: null };
// @ts-expect-error: types that resolve to nothing would accept this.
export const wrong: EnrollmentStatus = 'asleep';
`;

const compilerOptions = {
  module: 'nodenext',
  target: 'es2023',
  strict: true,
  noEmit: true,
  skipLibCheck: true,
  types: [],
};

/** The library as an application sees it: what it imports, its types, and the files of the exports map. */
function expectFrontDoor(app: string): void {
  writeFileSync(join(app, 'application.mjs'), application);
  const answer = run(app, process.execPath, 'application.mjs');
  const kinds = ['function', 'function', 'active,completed,stopped'];
  const wanted = JSON.stringify({ version, kinds, missing: [], code: 1, function: true });
  if (answer !== wanted) throw new StepFailed(`an application should see ${wanted} and sees ${answer}`);
  writeFileSync(join(app, 'typed.mts'), typedApplication);
  writeFileSync(join(app, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['typed.mts'] }));
  run(app, process.execPath, join(root, 'node_modules/typescript/bin/tsc'), '-p', '.');
}

const exampleSays = [
  'Job 4711 is enrolled; 2 touches are planned.',
  'Stopped: true.',
  'One pass handed over 0 touches.',
];

/** The example of the embedded engine, as its reader would run it: against an empty database of its own. */
async function expectExample(folder: string, app: string): Promise<void> {
  // mkdtemp makes a folder for its owner alone; the server's account must pass through it.
  chmodSync(folder, 0o711);
  const server = await startEmbedded({ dataDir: join(folder, 'data'), durable: false });
  try {
    copyFileSync(join(root, 'examples/embedded-node/main.mjs'), join(app, 'main.mjs'));
    const answer = run(app, 'env', `DATABASE_URL=${server.url}`, process.execPath, 'main.mjs');
    if (answer !== exampleSays.join('\n'))
      throw new StepFailed(`examples/embedded-node should say ${exampleSays.join(' ')} and says ${answer}`);
  } finally {
    await server.stop();
  }
}

const quiet = ['--no-audit', '--no-fund', '--prefer-offline'];

async function installTarball(folder: string): Promise<void> {
  // The build is made here and not by `npm pack`, whose output would then begin with the compiler's.
  run(root, 'npm', 'run', '--silent', 'build');
  run(root, 'npm', 'pack', '--silent', '--ignore-scripts', '--pack-destination', folder);
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz'));
  if (tarball === undefined) throw new StepFailed('`npm pack` made no tarball');
  const app = join(folder, 'app');
  mkdirSync(app);
  writeFileSync(join(app, 'package.json'), '{ "name": "app", "private": true }\n');
  run(app, 'npm', 'install', ...quiet, '--omit=dev', '--ignore-scripts', join('..', tarball));
  expectVersion(run(app, 'npx', '--no-install', 'touchline', '--version'));
  expectFrontDoor(app);
  await expectExample(folder, app);
}

function installClone(folder: string, flag: string): void {
  const clone = join(folder, 'clone');
  run(folder, 'git', 'clone', '--quiet', root, clone);
  run(clone, 'npm', 'ci', ...quiet, flag);
  expectVersion(run(clone, process.execPath, 'bin/touchline.js', '--version'));
}

async function prove(what: string, proof: (folder: string) => void | Promise<void>): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), 'touchline-package-'));
  try {
    await proof(folder);
    console.log(`ok      ${what}`);
    return true;
  } catch (error) {
    if (!(error instanceof StepFailed)) throw error;
    console.error(`failed  ${what}: ${error.message}`);
    return false;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const proofs = [
  await prove(
    'the packed tarball, installed with --omit=dev --ignore-scripts, runs, can be imported and embedded',
    installTarball,
  ),
  await prove('a clone of the last commit after `npm ci --omit=dev` runs', (folder) =>
    installClone(folder, '--omit=dev'),
  ),
  await prove('a clone of the last commit after `npm ci --ignore-scripts` runs', (folder) =>
    installClone(folder, '--ignore-scripts'),
  ),
];
process.exitCode = proofs.every(Boolean) ? 0 : 1;
