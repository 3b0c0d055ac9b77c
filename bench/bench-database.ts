// The database a bench measures on: one of its own on the server of BENCH_DATABASE_URL, else on the bundled Postgres with
// durable settings. Migrated, and gone afterwards.
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { migrate } from '../src/db/migrate/index.ts';
import { startEmbedded } from '../src/embedded/index.ts';

interface BenchServer {
  url: string;
  close(): Promise<void>;
}

async function openServer(): Promise<BenchServer> {
  const url = process.env.BENCH_DATABASE_URL;
  if (url !== undefined) return { url, close: async () => undefined };
  const folder = mkdtempSync(join(tmpdir(), 'touchline-bench-'));
  // mkdtemp makes a folder for its owner alone; the server's account must pass through it.
  chmodSync(folder, 0o711);
  const server = await startEmbedded({ dataDir: join(folder, 'data'), durable: true });
  return {
    url: server.url,
    close: async () => {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
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

/**
 * Runs `work` on a freshly migrated database, connected as its owner, a superuser (a bench makes checkpoints).
 * The server is the one of BENCH_DATABASE_URL, or the bundled Postgres in a temporary folder.
 */
export async function withBenchDatabase(work: (client: pg.Client) => Promise<void>): Promise<void> {
  const server = await openServer();
  const name = `touchline_bench_${randomBytes(4).toString('hex')}`;
  const url = new URL(server.url);
  url.pathname = `/${name}`;
  try {
    await connected(server.url, (admin) => admin.query(`create database ${name} template template0`));
    await connected(url.href, async (client) => {
      await migrate(client);
      await work(client);
    });
  } finally {
    await connected(server.url, (admin) => admin.query(`drop database if exists ${name} with (force)`));
    await server.close();
  }
}
