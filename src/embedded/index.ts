// The bundled Postgres: one server per data folder, shared by all Touchline processes that use the folder.
// Starting, attaching and stopping happen under the folder's lock, so any number of processes may do so at once.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ownName } from './account.ts';
import { attach, type RunningServer } from './attach.ts';
import { type BinaryPackage, findBinaries } from './binaries.ts';
import { type Cluster, clusterIn, ensureCluster } from './cluster.ts';
import { type DataPlace, openDataDir } from './data-dir.ts';
import { withLock } from './lock.ts';
import { diskFull, EmbeddedPostgresError, explainSystemError, tellsOfFullDisk } from './problem.ts';
import { startServer, stopServer } from './server.ts';
import { type Programs, stage } from './stage.ts';
import { enter, leave } from './users.ts';

export { EmbeddedPostgresError } from './problem.ts';

/** How to start; everything has a default. */
export interface EmbeddedOptions {
  /** The folder somebody chose. Absent: `./.touchline`, or a folder in `/var/lib/touchline` where root needs it. */
  dataDir?: string;
  /** Default true. False: fast, but a power cut destroys the data; for tests. */
  durable?: boolean;
  /** Takes lines for people; belongs on stderr. */
  say?: (line: string) => void;
  /** An unpacked binary package to use instead of the installed one. */
  packageRoot?: string;
}

/** A running server and this process's share in it. */
export interface EmbeddedPostgres {
  /** Superuser URL of the database `touchline`. */
  url: string;
  dataDir: string;
  port: number;
  pid: number;
  /** False: the server was running already. */
  started: boolean;
  /** Ends this process's use. The last process to end its use stops the server and waits until it is gone. */
  stop(): Promise<void>;
}

const lockTimeoutMs = 360_000;
const startAttempts = 20;

/**
 * Attaches to the data folder's server, or starts it (making binaries, data and the database `touchline` where missing).
 * A server whose starter was killed lives on; the next start attaches to it.
 *
 * @returns the server; call `stop()` when done
 * @throws EmbeddedPostgresError with a `code` (see EmbeddedPostgresProblem) and a message that names the cure
 */
export async function startEmbedded(options: EmbeddedOptions = {}): Promise<EmbeddedPostgres> {
  const say = options.say ?? (() => undefined);
  const place = open(options.dataDir, say);
  return await explained(place, async () => {
    const { running, started, note } = await withLock(lockOf(place), lockTimeoutMs, () =>
      beginUse(place, options, say),
    );
    if (started) {
      say(
        `Embedded Postgres started in ${place.dataDir} (port ${running.port}). It is meant for trying Touchline and for small installs: set DATABASE_URL to use a server of your own.`,
      );
    }
    let stopping: Promise<void> | null = null;
    const stop = () => {
      stopping ??= explained(place, () => endUse(place, note, options.packageRoot));
      return stopping;
    };
    return { ...running, dataDir: place.dataDir, started, stop };
  });
}

function open(dataDir: string | undefined, say: (line: string) => void): DataPlace {
  try {
    return openDataDir(dataDir, say);
  } catch (error) {
    throw explainSystemError(error, dataDir ?? '.touchline', ownName());
  }
}

async function explained<T>(place: DataPlace, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw explainSystemError(error, place.dataDir, ownName());
  }
}

function lockOf(place: DataPlace): string {
  return join(place.dataDir, 'lock');
}

interface Use {
  running: RunningServer;
  started: boolean;
  note: string;
}

async function beginUse(place: DataPlace, options: EmbeddedOptions, say: (line: string) => void): Promise<Use> {
  const note = enter(place.dataDir);
  try {
    return { ...(await attachOrStart(place, options, say)), note };
  } catch (error) {
    leave(place.dataDir, note);
    throw error;
  }
}

async function attachOrStart(
  place: DataPlace,
  options: EmbeddedOptions,
  say: (line: string) => void,
): Promise<{ running: RunningServer; started: boolean }> {
  const cluster = clusterIn(place.dataDir);
  let started = false;
  for (let attempt = 0; attempt < startAttempts; attempt += 1) {
    const running = await attachOrStop(cluster, started, say);
    if (running !== null) return { running, started };
    started = await start(place, options);
    // Not started: the last server's children are still ending, or a start that outlived its starter came first.
    if (!started) await new Promise((resolve) => setTimeout(resolve, 250));
  }
  throw keepsFailing(cluster);
}

/** A server that we started and cannot use must not stay behind. */
async function attachOrStop(
  cluster: Cluster,
  started: boolean,
  say: (line: string) => void,
): Promise<RunningServer | null> {
  try {
    return await attach(cluster, say);
  } catch (error) {
    if (started) await stopServer(cluster);
    throw error;
  }
}

async function start(place: DataPlace, options: EmbeddedOptions): Promise<boolean> {
  const durable = options.durable ?? true;
  const { account } = place;
  const binaries: BinaryPackage = findBinaries(options.packageRoot);
  const programs: Programs = await stage(binaries, account);
  const made = { account, durable, majorVersion: binaries.majorVersion };
  const cluster = await ensureCluster(place.dataDir, programs, made);
  return (await startServer(cluster, programs, { account, durable })) !== null;
}

async function endUse(place: DataPlace, note: string, packageRoot: string | undefined): Promise<void> {
  // Somebody removed the folder: Postgres notices within a minute and ends by itself.
  if (!existsSync(place.dataDir)) return;
  await withLock(lockOf(place), lockTimeoutMs, async () => {
    if (leave(place.dataDir, note) > 0) return;
    const programs = process.platform === 'win32' ? await stage(findBinaries(packageRoot), place.account) : undefined;
    await stopServer(clusterIn(place.dataDir), programs);
  });
}

function keepsFailing(cluster: Cluster): EmbeddedPostgresError {
  const log = readFileSync(cluster.logFile, 'utf8').trim().split('\n').slice(-10);
  if (tellsOfFullDisk(log.join('\n'))) return diskFull(cluster.folder);
  return new EmbeddedPostgresError(
    'server_failed',
    `The embedded Postgres in ${cluster.folder} ends as soon as it has started: ${log.slice(-3).join(' | ')} (its log: ${cluster.logFile}).`,
  );
}
