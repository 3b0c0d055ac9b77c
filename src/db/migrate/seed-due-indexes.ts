// The four partial indexes of the seed's specification, for people who keep a cron of their own. Touchline's own claim
// reads its narrow queue instead and never uses them.
import type { ClientBase } from 'pg';
import { lockedTransaction } from './lock.ts';
import type { Source } from './source.ts';
import { runFile } from './transaction.ts';

const names = [1, 2, 3, 4].map((touch) => `idx_enrollments_touch_${touch}_due`);

/** What the four indexes cost, as measured. */
const seedDueIndexesCost =
  'The four due indexes cost about 45 % of the settle throughput (measured: 10,500 touches/s with them, 19,000 without) ' +
  'and 1,548 instead of 983 bytes of WAL per touch, because every outcome then updates an index. Touchline never reads them; ' +
  'drop them when your own queries no longer do.';

/** Which of the four are there. */
export async function listSeedDueIndexes(client: ClientBase): Promise<string[]> {
  const result = await client.query<{ name: string }>(
    `select c.relname as name from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
     where n.nspname = 'touchline' and c.relkind = 'i' and c.relname = any ($1::text[]) order by 1`,
    [names],
  );
  return result.rows.map(({ name }) => name);
}

/** Makes those of the four that are missing, in one transaction, and says what they cost. Returns the names of the new ones. */
export async function createSeedDueIndexes(
  client: ClientBase,
  source: Source,
  say: (line: string) => void,
): Promise<string[]> {
  const before = await listSeedDueIndexes(client);
  say(seedDueIndexesCost);
  if (before.length === names.length) return [];
  await lockedTransaction(client, () => runFile(client, source.seedDueIndexes));
  return names.filter((name) => !before.includes(name));
}
