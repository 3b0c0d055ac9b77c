// A cluster is one folder, `<data folder>/cluster`, with the password and Postgres's own data. It appears whole, by
// one rename, or not at all: what a crash leaves is a `making-…` folder, which the next start removes.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chownSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { type Account, ownName } from './account.ts';
import { diskFull, EmbeddedPostgresError, errorCode, tellsOfFullDisk } from './problem.ts';
import type { Programs } from './stage.ts';

/** Paths of the cluster in a data folder. */
export interface Cluster {
  folder: string;
  pgData: string;
  passwordFile: string;
  logFile: string;
}

/** The cluster of a data folder, existing or not. */
export function clusterIn(dataDir: string): Cluster {
  const folder = join(dataDir, 'cluster');
  return {
    folder,
    pgData: join(folder, 'data'),
    passwordFile: join(folder, 'password'),
    logFile: join(dataDir, 'server.log'),
  };
}

/**
 * The superuser URL of a database in the cluster.
 *
 * @throws EmbeddedPostgresError `server_failed` when the password file was damaged
 */
export function clusterUrl(cluster: Cluster, port: number, database: string): string {
  const password = readFileSync(cluster.passwordFile, 'utf8').trim();
  if (!/^[0-9a-f]{64}$/.test(password)) {
    throw new EmbeddedPostgresError(
      'server_failed',
      `The password file ${cluster.passwordFile} is damaged; restore it from a backup.`,
    );
  }
  return `postgres://postgres:${password}@127.0.0.1:${port}/${database}`;
}

/** What a program of the bundle needs to run as the server's account, whatever our own environment and folder are. */
export function spawnIdentity(account: Account | null): {
  cwd: string;
  uid?: number;
  gid?: number;
  env?: NodeJS.ProcessEnv;
} {
  if (process.platform === 'win32') return { cwd: process.cwd() };
  const identity = account === null ? {} : { uid: account.uid, gid: account.gid };
  return { cwd: '/', env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' }, ...identity };
}

/**
 * Makes the cluster if there is none; refuses one of another major version.
 * Call it with the folder's lock held.
 *
 * @throws EmbeddedPostgresError `initdb_failed`, `disk_full`, `version_mismatch`
 */
export async function ensureCluster(
  dataDir: string,
  programs: Programs,
  options: { account: Account | null; durable: boolean; majorVersion: string },
): Promise<Cluster> {
  const cluster = clusterIn(dataDir);
  removeLeftovers(dataDir);
  if (existsSync(cluster.folder) && readdirSync(cluster.folder).length > 0) {
    requireVersion(cluster, options.majorVersion);
    return cluster;
  }
  const making = mkdtempSync(join(dataDir, 'making-'));
  try {
    const passwordFile = join(making, 'password');
    writeFileSync(passwordFile, `${randomBytes(32).toString('hex')}\n`, { flag: 'wx', mode: 0o600 });
    if (options.account !== null) {
      for (const path of [passwordFile, making]) chownSync(path, options.account.uid, options.account.gid);
    }
    await initdb(programs.initdb, making, options);
    if (options.durable) for (const path of [passwordFile, making]) syncToDisk(path);
    renameSync(making, cluster.folder);
    if (options.durable) syncToDisk(dataDir);
    return cluster;
  } finally {
    rmSync(making, { recursive: true, force: true });
  }
}

async function initdb(
  program: string,
  making: string,
  options: { account: Account | null; durable: boolean },
): Promise<void> {
  const settings = ['--encoding=UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--no-locale'];
  const files = ['-D', join(making, 'data'), `--pwfile=${join(making, 'password')}`];
  const flags = [
    '--username=postgres',
    '--auth=scram-sha-256',
    '--no-instructions',
    ...(options.durable ? [] : ['--no-sync']),
  ];
  const { status, output } = await run(program, [...files, ...settings, ...flags], options.account);
  if (status === 0) return;
  if (tellsOfFullDisk(output)) throw diskFull(making);
  const who = options.account?.name ?? ownName();
  throw new EmbeddedPostgresError(
    'initdb_failed',
    `The embedded Postgres could not make its data in ${making} as "${who}": ${output.trim().split('\n').slice(-6).join(' | ')}. Or set DATABASE_URL to use a server of your own.`,
  );
}

function run(
  program: string,
  args: string[],
  account: Account | null,
): Promise<{ status: number | null; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      ...spawnIdentity(account),
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
    });
    let output = '';
    const collect = (chunk: Buffer) => {
      output = `${output}${chunk.toString()}`.slice(-8192);
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.on('error', (error) => resolve({ status: null, output: error.message }));
    child.on('close', (status, signal) =>
      resolve({ status, output: signal === null ? output : `${output}ended by ${signal}` }),
    );
  });
}

function requireVersion(cluster: Cluster, majorVersion: string): void {
  const versionFile = join(cluster.pgData, 'PG_VERSION');
  if (!existsSync(versionFile) || !existsSync(cluster.passwordFile)) {
    throw new EmbeddedPostgresError(
      'server_failed',
      `The folder ${cluster.folder} holds files, but no complete Postgres data. Move it away to begin anew, or restore it from a backup.`,
    );
  }
  const found = readFileSync(versionFile, 'utf8').trim();
  if (found === majorVersion) return;
  throw new EmbeddedPostgresError(
    'version_mismatch',
    `The data in ${cluster.folder} was made by PostgreSQL ${found}, the embedded one is ${majorVersion}. Export it with the Touchline release that made it, or choose another TOUCHLINE_DATA_DIR.`,
  );
}

/** Half-made clusters. An initdb that outlived its parent may still write into one: then the next start removes it. */
function removeLeftovers(dataDir: string): void {
  for (const name of readdirSync(dataDir)) {
    if (!name.startsWith('making-')) continue;
    try {
      rmSync(join(dataDir, name), { recursive: true, force: true });
    } catch (error) {
      if (errorCode(error) !== 'ENOTEMPTY') throw error;
    }
  }
}

function syncToDisk(path: string): void {
  if (process.platform === 'win32') return;
  const file = openSync(path, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
