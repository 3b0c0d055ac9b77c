// The server behind a test run, and the sweeping of what killed runs left: folders by their marker and its dead
// process, databases by their run's session, which lives exactly as long as the run.
import { randomBytes } from 'node:crypto';
import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { serverAccount } from '../../src/embedded/account.ts';
import { clusterIn } from '../../src/embedded/cluster.ts';
import { firstClosedFolder } from '../../src/embedded/data-dir.ts';
import { startEmbedded } from '../../src/embedded/index.ts';
import { judgePid, readPostmaster } from '../../src/embedded/postmaster.ts';
import { processIdentity, stillRuns } from '../../src/embedded/process-identity.ts';
import { stopServer } from '../../src/embedded/server.ts';

/** What test files need to make databases. */
export interface TestServer {
  /** URL of a maintenance database, as a role that may create databases and roles. */
  adminUrl: string;
  /** Begins the name of every database of this run. */
  prefix: string;
}

const folderPrefix = 'touchline-test-';
const marker = 'test-run';
// A new database is hundreds of small files: on a disk they take 200 ms, in memory 30.
const inMemory = '/dev/shm';
const memoryNeededBytes = 4 * 1024 ** 3;
const databasePrefix = 'touchline_test_';

/** Opens the run's server; `close` drops the run's databases or the whole server, and must be awaited. */
export async function openTestServer(url: string | undefined): Promise<{ server: TestServer; close(): Promise<void> }> {
  const prefix = `${databasePrefix}${randomBytes(4).toString('hex')}_`;
  if (url !== undefined && url !== '') return await openGiven(url, prefix);
  for (const folder of new Set([inMemory, temporaryFolder()])) await sweepFolders(folder);
  const parent = hasRoomInMemory() ? inMemory : temporaryFolder();
  return await openBundled(parent, prefix);
}

async function openBundled(parent: string, prefix: string): Promise<{ server: TestServer; close(): Promise<void> }> {
  const folder = mkdtempSync(join(parent, folderPrefix));
  writeFileSync(join(folder, marker), processIdentity(process.pid) ?? String(process.pid));
  const dataDir = join(folder, 'data');
  // mkdtemp makes a folder for its owner alone; the server's account must pass through it.
  chmodSync(folder, 0o711);
  const embedded = await startEmbedded({ dataDir, durable: false });
  // When the run is cut short, nobody waits for promises any more.
  const cutShort = () => endAtOnce(dataDir, folder);
  process.once('exit', cutShort);
  const close = async () => {
    process.off('exit', cutShort);
    await embedded.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  return { server: { adminUrl: embedded.url, prefix }, close };
}

async function openGiven(url: string, prefix: string): Promise<{ server: TestServer; close(): Promise<void> }> {
  const session = new pg.Client({ connectionString: url, application_name: prefix });
  await session.connect();
  await dropDatabases(session, await databasesOfDeadRuns(session));
  const close = async () => {
    const { rows } = await session.query<{ datname: string }>(
      'select datname from pg_catalog.pg_database where starts_with(datname, $1)',
      [prefix],
    );
    await dropDatabases(
      session,
      rows.map((row) => row.datname),
    );
    await session.end();
  };
  return { server: { adminUrl: url, prefix }, close };
}

async function databasesOfDeadRuns(session: pg.Client): Promise<string[]> {
  const { rows } = await session.query<{ datname: string }>(
    `select d.datname from pg_catalog.pg_database d
      where d.datname ~ ('^' || $1 || '[0-9a-f]{8}_')
        and not exists (select from pg_catalog.pg_stat_activity a where a.application_name = left(d.datname, length($1) + 9))`,
    [databasePrefix],
  );
  return rows.map((row) => row.datname);
}

async function dropDatabases(session: pg.Client, names: string[]): Promise<void> {
  for (const name of names) {
    await session.query(`drop database if exists ${pg.escapeIdentifier(name)} with (force)`);
  }
}

/** A temporary folder that the server's account can reach; root's own TMPDIR may lie in a closed home. */
export function temporaryFolder(): string {
  const account = serverAccount();
  const open = [tmpdir(), '/tmp', '/var/tmp'].find(
    (folder) => existsSync(folder) && (account === null || firstClosedFolder(account, folder) === null),
  );
  return open ?? tmpdir();
}

/** A container gives 64 MB there, a machine half its memory. Whoever sets TMPDIR has chosen otherwise. */
function hasRoomInMemory(): boolean {
  if (process.platform !== 'linux' || tmpdir() !== '/tmp' || !existsSync(inMemory)) return false;
  const { bavail, bsize } = statfsSync(inMemory);
  try {
    accessSync(inMemory, constants.W_OK);
    return bavail * bsize >= memoryNeededBytes;
  } catch {
    return false;
  }
}

async function sweepFolders(parent: string): Promise<void> {
  if (!existsSync(parent)) return;
  for (const name of readdirSync(parent)) {
    const folder = join(parent, name);
    const owner = name.startsWith(folderPrefix) ? readMarker(folder) : null;
    if (owner === null || stillRuns(owner)) continue;
    await stopServer(clusterIn(join(folder, 'data')));
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Who made the folder, if it is a test run's and of our own account; what others left is theirs. */
function readMarker(folder: string): string | null {
  try {
    const found = lstatSync(folder);
    if (!found.isDirectory() || found.uid !== process.geteuid?.()) return null;
    return readFileSync(join(folder, marker), 'utf8');
  } catch {
    return null;
  }
}

function endAtOnce(dataDir: string, folder: string): void {
  const { pgData } = clusterIn(dataDir);
  const pid = readPostmaster(pgData)?.pid ?? null;
  if (pid !== null && judgePid(pid, pgData) === 'server') process.kill(pid, 'SIGQUIT');
  rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
}
