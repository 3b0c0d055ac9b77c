// The server a bench measures on: that of BENCH_DATABASE_URL, else the bundled Postgres with durable settings in a temporary
// folder; and the migrated database of which every bench gets a copy.
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { migrate } from '../../src/db/migrate/index.ts';
import { startEmbedded } from '../../src/embedded/index.ts';

/** A session of its own for `work`. */
async function connected<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** The URL of another database of the same server. */
export function urlOf(serverUrl: string, database: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${database}`;
  return url.href;
}

export class BenchServer {
  readonly url: string;
  private readonly prefix = `touchline_bench_${randomBytes(4).toString('hex')}`;
  private readonly templates = new Set<string>();
  private readonly stopOwn: (() => Promise<void>) | undefined;
  private made = 0;

  /** @param stopOwn ends the server, if it was started for this */
  constructor(url: string, stopOwn?: () => Promise<void>) {
    this.url = url;
    this.stopOwn = stopOwn;
  }

  /** Makes a database, a copy of one that is migrated when the first of its kind is made; answers its name. */
  async create(virtualClock: boolean): Promise<string> {
    const template = `${this.prefix}_${virtualClock ? 'virtual' : 'real'}`;
    if (!this.templates.has(template)) {
      await this.query(`create database ${template} template template0`);
      this.templates.add(template);
      const root = process.env.BENCH_ROOT;
      const options = { virtualClock, ...(root === undefined ? {} : { root }) };
      await connected(urlOf(this.url, template), (client) => migrate(client, options));
    }
    const name = `${this.prefix}_${this.made++}`;
    await this.query(`create database ${name} template ${template}`);
    return name;
  }

  async drop(database: string): Promise<void> {
    await this.query(`drop database if exists ${database} with (force)`);
  }

  /** Whether full-page images are written from now on; a server of BENCH_DATABASE_URL keeps its setting. */
  async writeFullPages(wanted: boolean): Promise<void> {
    if (this.stopOwn === undefined) return;
    await connected(this.url, async (admin) => {
      await admin.query(`alter system set full_page_writes = ${wanted}`);
      await admin.query('select pg_catalog.pg_reload_conf()');
    });
  }

  async close(): Promise<void> {
    if (this.stopOwn === undefined) for (const template of this.templates) await this.drop(template);
    await this.stopOwn?.();
  }

  private query(sql: string): Promise<unknown> {
    return connected(this.url, (admin) => admin.query(sql));
  }
}

async function open(): Promise<BenchServer> {
  const url = process.env.BENCH_DATABASE_URL;
  if (url !== undefined) return new BenchServer(url);
  const folder = mkdtempSync(join(tmpdir(), 'touchline-bench-'));
  // mkdtemp makes a folder for its owner alone; the server's account must pass through it.
  chmodSync(folder, 0o711);
  const server = await startEmbedded({ dataDir: join(folder, 'data'), durable: true });
  await connected(server.url, async (admin) => {
    // So that no checkpoint falls into one rival's time and not into another's; benches make their own.
    await admin.query("alter system set max_wal_size = '8GB'");
    await admin.query("alter system set checkpoint_timeout = '1h'");
    await admin.query('select pg_catalog.pg_reload_conf()');
  });
  return new BenchServer(server.url, async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });
}

let shared: BenchServer | undefined;

/** Runs `work` with a server that is there for it alone, or with the one that several benches share. */
export async function withServer(work: (server: BenchServer) => Promise<void>): Promise<void> {
  if (shared !== undefined) return work(shared);
  const server = await open();
  try {
    await work(server);
  } finally {
    await server.close();
  }
}

/** Lets all benches within `work` use one server: to make one takes longer than a short form does. */
export async function withSharedServer(work: () => Promise<void>): Promise<void> {
  await withServer(async (server) => {
    shared = server;
    try {
      await work();
    } finally {
      shared = undefined;
    }
  });
}
