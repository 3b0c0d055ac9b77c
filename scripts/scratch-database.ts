// A migrated database from zero in a cluster of its own, for scripts that read the catalog.
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { migrate } from '../src/db/migrate/index.ts';
import { startEmbedded } from '../src/embedded/index.ts';
import { temporaryFolder } from '../test/support/test-server.ts';

/** Runs `work` on a fresh migrated database and removes everything afterwards. */
export async function withScratchDatabase<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(temporaryFolder(), 'touchline-scratch-'));
  // mkdtemp makes a folder for its owner alone; the server's account must pass through it.
  chmodSync(folder, 0o711);
  const server = await startEmbedded({ dataDir: join(folder, 'data'), durable: false });
  const client = new pg.Client({ connectionString: server.url });
  try {
    await client.connect();
    await migrate(client);
    return await work(client);
  } finally {
    await client.end();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
