// The database a bench measures on: one of its own on the server of BENCH_DATABASE_URL, else on the bundled Postgres with
// durable settings. Migrated, and gone afterwards.
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { createPool } from '../../src/db/client.ts';
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
  /** Further connections, which stay open until the bench ends. */
  connect(max: number): pg.Pool;
}

interface BenchServer {
  url: string;
  /** Whether it goes with the bench, and its databases with it. */
  isOwn: boolean;
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

function urlOf(serverUrl: string, name: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
}

async function openServer(fullPageImages: boolean): Promise<BenchServer> {
  const url = process.env.BENCH_DATABASE_URL;
  if (url !== undefined) return { url, isOwn: false, close: async () => undefined };
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
    isOwn: true,
    close: async () => {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
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

/** Databases on a server: each a copy of one that is migrated when the first of its kind is made. */
class Databases {
  private readonly serverUrl: string;
  private readonly prefix = `touchline_bench_${randomBytes(4).toString('hex')}`;
  private readonly names: string[] = [];
  private readonly opened: { close(): Promise<void> }[] = [];

  constructor(serverUrl: string) {
    this.serverUrl = serverUrl;
  }

  async make(virtualClock: boolean): Promise<BenchDatabase> {
    const template = `${this.prefix}_${virtualClock ? 'virtual' : 'real'}`;
    if (!this.names.includes(template)) await this.migrated(template, virtualClock);
    const name = await this.create(`${this.prefix}_${this.opened.length}`, template);
    const database = await openDatabase(urlOf(this.serverUrl, name));
    this.opened.push(database);
    return database;
  }

  private async migrated(name: string, virtualClock: boolean): Promise<void> {
    const root = process.env.BENCH_ROOT;
    await this.create(name, 'template0');
    await connected(urlOf(this.serverUrl, name), (client) =>
      migrate(client, { virtualClock, ...(root === undefined ? {} : { root }) }),
    );
  }

  private async create(name: string, template: string): Promise<string> {
    await connected(this.serverUrl, (admin) => admin.query(`create database ${name} template ${template}`));
    this.names.push(name);
    return name;
  }

  async close(): Promise<void> {
    for (const database of this.opened) await database.close();
  }

  async drop(): Promise<void> {
    for (const name of this.names) {
      await connected(this.serverUrl, (admin) => admin.query(`drop database if exists ${name} with (force)`));
    }
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
  const databases = new Databases(server.url);
  try {
    await work(({ virtualClock = false } = {}) => databases.make(virtualClock));
  } finally {
    await databases.close();
    if (!server.isOwn) await databases.drop();
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
