// What the due queries' indexes weigh, and whether a partial index is a quarter of a full one.
import type pg from 'pg';
import { type Layout, seedLayout } from './layouts.ts';
import { touchNumbers } from './tables.ts';

const megabyte = 1024 ** 2;

async function bytes(client: pg.Client, condition: string, params: string[]): Promise<number> {
  const { rows } = await client.query<{ bytes: string | null }>(
    `select sum(pg_catalog.pg_relation_size(c.oid))::text as bytes
     from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
     where n.nspname = $1 and ${condition}`,
    params,
  );
  return Number(rows[0]?.bytes ?? 0);
}

/** Megabytes of what a layout keeps for the due query alone: its due indexes, and a queue table with its keys. */
export async function dueStorage(client: pg.Client, { schema }: Layout): Promise<number> {
  return (await bytes(client, "(c.relname ~ '_due$' or c.relname ~ '^touch_queue')", [schema])) / megabyte;
}

/** Megabytes of all indexes of the wide record: what an update that is not HOT writes into. */
export async function recordIndexes(client: pg.Client, { schema }: Layout): Promise<number> {
  return (await bytes(client, "c.relkind = 'i' and c.relname ~ '^enrollments'", [schema])) / megabyte;
}

/** Megabytes of the seed's four partial indexes, freshly built, and of the four without their conditions. */
export async function partialAndFull(client: pg.Client): Promise<{ partial: number; full: number }> {
  const { schema } = seedLayout;
  const partial = await dueStorage(client, seedLayout);
  for (const n of touchNumbers) {
    await client.query(`create index enrollments_full_${n} on ${schema}.enrollments (touch_${n}_scheduled_at)`);
  }
  const full = (await bytes(client, "c.relname ~ '^enrollments_full_'", [schema])) / megabyte;
  for (const n of touchNumbers) await client.query(`drop index ${schema}.enrollments_full_${n}`);
  return { partial, full };
}
