import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { closeSync, constants, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Account } from './account.ts';
import { type Cluster, spawnIdentity } from './cluster.ts';
import { giveToOwner } from './data-dir.ts';
import { judgePid, readPostmaster } from './postmaster.ts';
import { diskFull, EmbeddedPostgresError, errorCode, tellsOfFullDisk } from './problem.ts';
import { processIdentity } from './process-identity.ts';
import type { Programs } from './stage.ts';

const logLimitBytes = 10 * 1024 * 1024;
const pollMs = 10;
const startPatienceMs = 120_000;
const stopPatienceMs = 60_000;

/**
 * Starts the server and waits until it runs; `null` when another server or its last children hold the data (look again).
 *
 * @param durable false trades safety after a power cut for speed: for tests only
 * @throws EmbeddedPostgresError `server_failed` with the end of the log, or `disk_full`
 */
export async function startServer(
  cluster: Cluster,
  programs: Programs,
  options: { account: Account | null; durable: boolean },
): Promise<number | null> {
  let failure = '';
  for (let attempt = 0; attempt < 5; attempt += 1) {
    const port = attempt === 0 ? await lastPortIfFree(cluster) : await freePort();
    const logStart = logSize(cluster);
    const child = launch(cluster, programs, { ...options, port });
    if (await becomesReady(child, cluster)) return child.pid ?? null;
    failure = readFileSync(cluster.logFile).subarray(logStart).toString();
    if (/lock file ".*" already exists|pre-existing shared memory block|lock file ".*" is empty/.test(failure))
      return null;
    if (tellsOfFullDisk(failure)) throw diskFull(cluster.folder);
    if (!/could not (bind|create any TCP\/IP sockets)/.test(failure)) break;
  }
  throw new EmbeddedPostgresError(
    'server_failed',
    `The embedded Postgres in ${cluster.folder} did not start: ${failure.trim().split('\n').slice(-5).join(' | ')} (its log: ${cluster.logFile}). Or set DATABASE_URL to use a server of your own.`,
  );
}

/** Stops the cluster's server, if one runs, letting it write everything down; returns when it is gone. */
export async function stopServer(cluster: Cluster, programs?: Programs): Promise<void> {
  const pid = readPostmaster(cluster.pgData)?.pid ?? null;
  const identity = pid === null ? null : processIdentity(pid);
  if (
    pid === null ||
    identity === null ||
    judgePid(pid, cluster.pgData) !== (process.platform === 'win32' ? 'unknown' : 'server')
  )
    return;
  await interrupt(pid, programs);
  const deadline = performance.now() + stopPatienceMs;
  while (processIdentity(pid) === identity) {
    if (performance.now() > deadline) {
      throw new EmbeddedPostgresError(
        'server_failed',
        `The embedded Postgres (process ${pid}) has not stopped within ${stopPatienceMs / 1000} s. Its log: ${cluster.logFile}`,
      );
    }
    await sleep(pollMs);
  }
}

/** SIGINT is Postgres's fast shutdown. Windows has no signals: there pg_ctl carries the message. */
async function interrupt(pid: number, programs?: Programs): Promise<void> {
  if (process.platform === 'win32' && programs !== undefined) {
    await promisify(execFile)(programs.pgCtl, ['kill', 'INT', String(pid)]);
    return;
  }
  try {
    process.kill(pid, 'SIGINT');
  } catch (error) {
    if (errorCode(error) !== 'ESRCH') throw error;
  }
}

function launch(
  cluster: Cluster,
  programs: Programs,
  options: { account: Account | null; durable: boolean; port: number },
): ChildProcess {
  const settings = [
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'max_connections=200',
    'timezone=UTC',
    'log_timezone=UTC',
    ...(options.durable ? [] : ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off']),
  ].flatMap((setting) => ['-c', setting]);
  const log = openLog(cluster);
  try {
    // Detached: Ctrl-C in a terminal must not stop the database before those who use it have finished.
    const child = spawn(programs.postgres, ['-D', cluster.pgData, '-p', String(options.port), ...settings], {
      ...spawnIdentity(options.account),
      detached: true,
      stdio: ['ignore', log, log],
      windowsHide: true,
    });
    child.unref();
    return child;
  } finally {
    closeSync(log);
  }
}

async function becomesReady(child: ChildProcess, cluster: Cluster): Promise<boolean> {
  let spawnError: Error | null = null;
  child.on('error', (error) => {
    spawnError = error;
  });
  // Long recovery is not a failure: as long as the process lives, `attach` does the waiting and the talking.
  const deadline = performance.now() + startPatienceMs;
  while (child.exitCode === null && child.signalCode === null && performance.now() < deadline) {
    if (spawnError !== null) throw cannotRun(spawnError);
    if (child.pid !== undefined && readPostmaster(cluster.pgData)?.pid === child.pid) {
      const status = readPostmaster(cluster.pgData)?.status;
      if (status === 'ready' || status === 'starting') return true;
    }
    await sleep(pollMs);
  }
  return false;
}

function cannotRun(error: Error): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    'server_failed',
    `The embedded Postgres cannot be run here (${error.message}). Set DATABASE_URL to a PostgreSQL server of your own.`,
    error,
  );
}

function openLog(cluster: Cluster): number {
  if (logSize(cluster) > logLimitBytes) renameSync(cluster.logFile, `${cluster.logFile}.old`);
  const noFollow = constants.O_NOFOLLOW ?? 0;
  const log = openSync(cluster.logFile, constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | noFollow, 0o600);
  giveToOwner(cluster.logFile, dirname(cluster.logFile));
  return log;
}

function logSize(cluster: Cluster): number {
  return statSync(cluster.logFile, { throwIfNoEntry: false })?.size ?? 0;
}

/** The port of the last time, so that those who kept the URL find the server again. */
async function lastPortIfFree(cluster: Cluster): Promise<number> {
  try {
    const last = /"-p" "(\d+)"/.exec(readFileSync(join(cluster.pgData, 'postmaster.opts'), 'utf8'))?.[1];
    return await freePort(Number(last ?? 0));
  } catch {
    return await freePort();
  }
}

function freePort(wanted = 0): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on('error', reject);
    probe.listen({ port: wanted, host: '127.0.0.1', exclusive: true }, () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : wanted));
    });
  });
}
