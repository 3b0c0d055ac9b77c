// The database a bench measures on: one of its own on the server of BENCH_DATABASE_URL, else on the bundled Postgres with
// durable settings. Migrated, and gone afterwards.
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { migrate } from '../../src/db/migrate/index.ts';
import { startEmbedded } from '../../src/embedded/index.ts';

/** How the database is made. */
export interface BenchDatabaseOptions {
  /** A database whose moments the bench gives. Default false. */
  virtualClock?: boolean;
  /**
   * False: the bundled server writes no full-page images, whose number depends on how long ago the last checkpoint was and not
   * on what is measured. A server of BENCH_DATABASE_URL keeps its settings. Default true.
   */
  fullPageImages?: boolean;
}

/** A database of the bench's own. */
export interface BenchDatabase {
  url: string;
  /** A connection as its owner, a superuser (a bench makes checkpoints). */
  client: pg.Client;
}

interface BenchServer {
  url: string;
  close(): Promise<void>;
}

async function connected<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function openServer(fullPageImages: boolean): Promise<BenchServer> {
  const url = process.env.BENCH_DATABASE_URL;
  if (url !== undefined) return { url, close: async () => undefined };
  const folder = mkdtempSync(join(tmpdir(), 'touchline-bench-'));
  // mkdtemp makes a folder for its owner alone; the server's account must pass through it.
  chmodSync(folder, 0o711);
  const server = await startEmbedded({ dataDir: join(folder, 'data'), durable: true });
  await connected(server.url, async (admin) => {
    // So that no checkpoint falls into one rival's time and not into another's; benches make their own.
    await admin.query("alter system set max_wal_size = '8GB'");
    await admin.query("alter system set checkpoint_timeout = '1h'");
    if (!fullPageImages) await admin.query('alter system set full_page_writes = off');
    await admin.query('select pg_catalog.pg_reload_conf()');
  });
  return {
    url: server.url,
    close: async () => {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Makes databases on one server, which are gone when the bench ends. */
export type MakeDatabase = (options?: Pick<BenchDatabaseOptions, 'virtualClock'>) => Promise<BenchDatabase>;

/** One database of a bench's own, which is still to be closed. */
async function openDatabase(
  serverUrl: string,
  virtualClock: boolean,
): Promise<BenchDatabase & { close(): Promise<void> }> {
  const name = `touchline_bench_${randomBytes(4).toString('hex')}`;
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  const root = process.env.BENCH_ROOT;
  await connected(serverUrl, (admin) => admin.query(`create database ${name} template template0`));
  const client = new pg.Client({ connectionString: url.href });
  const close = async (): Promise<void> => {
    await client.end();
    await connected(serverUrl, (admin) => admin.query(`drop database if exists ${name} with (force)`));
  };
  try {
    await client.connect();
    await migrate(client, { virtualClock, ...(root === undefined ? {} : { root }) });
    return { url: url.href, client, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/**
 * Runs `work`, which makes freshly migrated databases on one server: that of BENCH_DATABASE_URL, or the bundled Postgres in
 * a temporary folder. The schema is this package's, or that of the folder BENCH_ROOT.
 */
export async function withBenchServer(
  work: (make: MakeDatabase) => Promise<void>,
  { fullPageImages = true }: Pick<BenchDatabaseOptions, 'fullPageImages'> = {},
): Promise<void> {
  const server = await openServer(fullPageImages);
  const opened: { close(): Promise<void> }[] = [];
  try {
    await work(async ({ virtualClock = false } = {}) => {
      const database = await openDatabase(server.url, virtualClock);
      opened.push(database);
      return database;
    });
  } finally {
    for (const database of opened) await database.close();
    await server.close();
  }
}

/** Runs `work` on one freshly migrated database. */
export async function withBenchDatabase(
  work: (database: BenchDatabase) => Promise<void>,
  { virtualClock = false, fullPageImages = true }: BenchDatabaseOptions = {},
): Promise<void> {
  await withBenchServer(async (make) => work(await make({ virtualClock })), { fullPageImages });
}
