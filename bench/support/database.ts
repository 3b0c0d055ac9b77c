// The database a bench measures on: one of its own on the bench's server, migrated, and gone afterwards.
import pg from 'pg';
import { createPool } from '../../src/db/client.ts';
import { urlOf, withServer } from './server.ts';

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
  /** Further connections, which stay open until the bench ends. */
  connect(max: number): pg.Pool;
}

/** Makes databases on one server, which are gone when the bench ends. */
export type MakeDatabase = (options?: Pick<BenchDatabaseOptions, 'virtualClock'>) => Promise<BenchDatabase>;

/** Connections to a database. */
async function openDatabase(url: string): Promise<BenchDatabase & { close(): Promise<void> }> {
  const client = new pg.Client({ connectionString: url });
  const pools: pg.Pool[] = [];
  const connect = (max: number): pg.Pool => {
    // Kept while idle: a connection that ends would take its processor time and its prepared statements with it.
    const pool = createPool(url, { applicationName: 'bench', max, idleTimeoutMs: 0 });
    pools.push(pool);
    return pool;
  };
  const close = async (): Promise<void> => {
    for (const pool of pools) await pool.end();
    await client.end();
  };
  await client.connect();
  return { url, client, connect, close };
}

/**
 * Runs `work`, which makes freshly migrated databases on one server: that of BENCH_DATABASE_URL, or the bundled Postgres in
 * a temporary folder. The schema is this package's, or that of the folder BENCH_ROOT.
 */
export async function withBenchServer(
  work: (make: MakeDatabase) => Promise<void>,
  { fullPageImages = true }: Pick<BenchDatabaseOptions, 'fullPageImages'> = {},
): Promise<void> {
  await withServer(async (server) => {
    const names: string[] = [];
    const opened: { close(): Promise<void> }[] = [];
    const make: MakeDatabase = async ({ virtualClock = false } = {}) => {
      const name = await server.create(virtualClock);
      names.push(name);
      const database = await openDatabase(urlOf(server.url, name));
      opened.push(database);
      return database;
    };
    await server.writeFullPages(fullPageImages);
    try {
      await work(make);
    } finally {
      for (const database of opened) await database.close();
    }
    // Not after a failure, whose connections may still be open: their end would be told instead of it.
    for (const name of names) await server.drop(name);
  });
}

/** Runs `work` on one freshly migrated database. */
export async function withBenchDatabase(
  work: (database: BenchDatabase) => Promise<void>,
  { virtualClock = false, fullPageImages = true }: BenchDatabaseOptions = {},
): Promise<void> {
  await withBenchServer(async (make) => work(await make({ virtualClock })), { fullPageImages });
}
