// sql/schema.snapshot.sql: the schema of a fresh database as text, so that a review shows what a change does to it.
//
//   npx tsx scripts/schema-snapshot.ts [--check]    or, with all other generators, npm run gen
//
// Made on Postgres 17 only (the bundled one): other versions print some expressions differently.
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { catalogSnapshot } from '../src/db/catalog-snapshot.ts';
import { migrate } from '../src/db/migrate/index.ts';
import { startEmbedded } from '../src/embedded/index.ts';
import { temporaryFolder } from '../test/support/test-server.ts';
import type { GeneratedFile } from './gen.ts';

const path = 'sql/schema.snapshot.sql';
const root = fileURLToPath(new URL('..', import.meta.url));

async function freshSnapshot(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ major: number }>(
      "select pg_catalog.current_setting('server_version_num')::integer / 10000 as major",
    );
    if (rows[0]?.major !== 17) throw new Error(`The snapshot is made on Postgres 17, and this is ${rows[0]?.major}.`);
    await migrate(client);
    return await catalogSnapshot(client);
  } finally {
    await client.end();
  }
}

/** The snapshot of a database made from zero in a scratch cluster. */
export async function generate(): Promise<GeneratedFile[]> {
  const folder = mkdtempSync(join(temporaryFolder(), 'touchline-snapshot-'));
  // mkdtemp makes a folder for its owner alone; the server's account must pass through it.
  chmodSync(folder, 0o711);
  const server = await startEmbedded({ dataDir: join(folder, 'data'), durable: false });
  try {
    const header = '-- The schema of a fresh database, written by `npm run gen` for review; nobody runs it.\n\n';
    return [{ path, text: header + (await freshSnapshot(server.url)) }];
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function main(checkOnly: boolean): Promise<number> {
  const [file] = await generate();
  if (file === undefined) return 1;
  if (!checkOnly) {
    writeFileSync(join(root, path), file.text);
    return 0;
  }
  if (readFileSync(join(root, path), 'utf8') === file.text) return 0;
  console.error(`${path} differs from a fresh database. Run \`npm run gen\` and commit the result.`);
  return 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = await main(process.argv.includes('--check'));
