// sql/schema.snapshot.sql: the schema of a fresh database as text, so that a review shows what a change does to it.
//
//   npx tsx scripts/schema-snapshot.ts [--check]    or, with all other generators, npm run gen
//
// Made on Postgres 17 only (the bundled one): other versions print some expressions differently.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type pg from 'pg';
import { catalogSnapshot } from '../src/db/catalog-snapshot.ts';
import type { GeneratedFile } from './gen.ts';
import { withScratchDatabase } from './scratch-database.ts';

const path = 'sql/schema.snapshot.sql';
const root = fileURLToPath(new URL('..', import.meta.url));

async function freshSnapshot(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ major: number }>(
    "select pg_catalog.current_setting('server_version_num')::integer / 10000 as major",
  );
  if (rows[0]?.major !== 17) throw new Error(`The snapshot is made on Postgres 17, and this is ${rows[0]?.major}.`);
  return catalogSnapshot(client);
}

/** The snapshot of a database made from zero. */
export async function generate(): Promise<GeneratedFile[]> {
  const header = '-- The schema of a fresh database, written by `npm run gen` for review; nobody runs it.\n\n';
  return [{ path, text: header + (await withScratchDatabase(freshSnapshot)) }];
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
