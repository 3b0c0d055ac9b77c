// Keys alone: no foreign key may reach another business's row or tell it from one that does not exist (S1–S4), and no
// unique key may notice what another business holds (S5, S6).
import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { attempt, type Try, takenBack } from './attempt.ts';
import type { TenantIds } from './row-walls.ts';

export interface ForeignKey {
  name: string;
  table: string;
  parent: string;
  /** Columns besides business_id, and what they point to. */
  columns: string[];
  parentColumns: string[];
}

export interface UniqueKey {
  name: string;
  table: string;
  /** Columns besides business_id; empty for a key of business_id alone. */
  columns: string[];
  predicate: string | null;
  nullsNotDistinct: boolean;
}

/** Composite foreign keys between tables of tenants. */
export async function tenantForeignKeys(client: pg.Client): Promise<ForeignKey[]> {
  const { rows } = await client.query<ForeignKey>(
    `select k.conname as name, t.relname as table, p.relname as parent,
       array(select a.attname::text from unnest(k.conkey) with ordinality u (num, pos)
         join pg_catalog.pg_attribute a on a.attrelid = k.conrelid and a.attnum = u.num
         where a.attname <> 'business_id' order by u.pos) as columns,
       array(select a.attname::text from unnest(k.confkey) with ordinality u (num, pos)
         join pg_catalog.pg_attribute a on a.attrelid = k.confrelid and a.attnum = u.num
         where a.attname <> 'business_id' order by u.pos) as "parentColumns"
     from pg_catalog.pg_constraint k
     join pg_catalog.pg_class t on t.oid = k.conrelid
     join pg_catalog.pg_class p on p.oid = k.confrelid
     where k.contype = 'f' and t.relnamespace = 'touchline'::regnamespace and cardinality(k.conkey) > 1
     order by t.relname, k.conname`,
  );
  return rows;
}

/** Unique keys that hold business_id and something else. */
export async function tenantUniqueKeys(client: pg.Client): Promise<UniqueKey[]> {
  const { rows } = await client.query<UniqueKey>(
    `select i.relname as name, t.relname as table, pg_catalog.pg_get_expr(x.indpred, x.indrelid) as predicate,
       x.indnullsnotdistinct as "nullsNotDistinct",
       array(select a.attname::text from unnest(x.indkey::smallint[]) with ordinality u (num, pos)
         join pg_catalog.pg_attribute a on a.attrelid = x.indrelid and a.attnum = u.num
         where a.attname <> 'business_id' order by u.pos) as columns
     from pg_catalog.pg_index x
     join pg_catalog.pg_class i on i.oid = x.indexrelid
     join pg_catalog.pg_class t on t.oid = x.indrelid
     where x.indisunique and t.relnamespace = 'touchline'::regnamespace and x.indnkeyatts > 1
       and exists (select from pg_catalog.pg_attribute a
         where a.attrelid = x.indrelid and a.attname = 'business_id' and a.attnum = any (x.indkey::smallint[]))
     order by t.relname, i.relname`,
  );
  return rows;
}

async function rowOf(client: pg.Client, table: string, business: string): Promise<Record<string, unknown>> {
  const { rows } = await client.query(`select * from touchline.${table} where business_id = $1 limit 1`, [business]);
  if (rows[0] === undefined) throw new Error(`${table} has no row of ${business}: add one to test/security/fixture.ts`);
  return rows[0];
}

function literal(value: unknown): string {
  return value === null ? 'null' : `'${String(value)}'`;
}

/** Leaves a table only the key under test: other keys of the same columns would answer first. */
async function leaveOnlyKey(client: pg.Client, key: ForeignKey): Promise<void> {
  const { rows } = await client.query<{ drop: string }>(
    `select format('alter table %s drop constraint %I', conrelid::regclass, conname) as drop
     from pg_catalog.pg_constraint
     where contype = 'f' and $1::regclass in (conrelid, confrelid) and not (conrelid = $1::regclass and conname = $2)`,
    [`touchline.${key.table}`, key.name],
  );
  const drops = rows.map((row) => `${row.drop};`).join(' ');
  await client.query(`${drops} alter table touchline.${key.table} disable trigger user`);
}

// One row after the other: a CHECK may forbid some of them to point anywhere.
async function pointing(client: pg.Client, key: ForeignKey, business: string, values: unknown[]): Promise<Try[]> {
  const set = key.columns.map((column, index) => `${column} = ${literal(values[index])}`).join(', ');
  const { rows } = await client.query<{ ctid: string }>(
    `select ctid::text as ctid from touchline.${key.table} where business_id = $1`,
    [business],
  );
  const tries: Try[] = [];
  for (const { ctid } of rows) {
    tries.push(await attempt(client, `update touchline.${key.table} set ${set} where ctid = '${ctid}'`));
  }
  return tries;
}

function verdict(key: ForeignKey, tries: Try[]): Try | string {
  const through = tries.find((result) => result.outcome === 'rows:1');
  if (through !== undefined) return 'accepted';
  return (
    tries.find((result) => result.outcome === '23503' && result.constraint === key.name) ??
    'not testable with the fixture'
  );
}

function told(result: Try, values: unknown[]): string {
  return values.reduce<string>(
    (text, value) => text.replaceAll(String(value), '<id>'),
    `${result.outcome} ${result.constraint} ${result.message} ${result.detail}`,
  );
}

/**
 * Points rows of A at a row of B and at nothing: both must be refused, in the same words.
 * @returns one sentence per failure
 */
export async function foreignKeyFailures(client: pg.Client, key: ForeignKey, ids: TenantIds): Promise<string[]> {
  return takenBack(client, async () => {
    await leaveOnlyKey(client, key);
    const theirs = await rowOf(client, key.parent, ids.B.business);
    const foreign = key.parentColumns.map((column) => theirs[column]);
    const random = foreign.map((value) => (typeof value === 'string' ? randomUUID() : value));
    const toTheirs = verdict(key, await pointing(client, key, ids.A.business, foreign));
    const toNothing = verdict(key, await pointing(client, key, ids.A.business, random));
    if (typeof toTheirs === 'string')
      return [`${key.table}.${key.name}: pointing at another business's ${key.parent}: ${toTheirs}`];
    if (typeof toNothing === 'string') return [`${key.table}.${key.name}: pointing at nothing: ${toNothing}`];
    if (told(toTheirs, foreign) === told(toNothing, random)) return [];
    return [
      `${key.table}.${key.name} tells an existing row from none: ${told(toTheirs, foreign)} | ${told(toNothing, random)}`,
    ];
  });
}

/**
 * Copies all rows of A to a business that has none: nothing may collide; call after leaveOnlyRowSecurity.
 * @returns one sentence per collision
 */
export async function uniqueKeyFailures(client: pg.Client, table: string, ids: TenantIds): Promise<string[]> {
  const { outcome, message } = await attempt(
    client,
    `insert into touchline.${table}
     select (jsonb_populate_record(t, jsonb_build_object('business_id', '${randomUUID()}'))).*
     from touchline.${table} t where business_id = '${ids.A.business}'`,
  );
  if (outcome.startsWith('rows:') && outcome !== 'rows:0') return [];
  return [`${table}: the rows of A as another business's: ${outcome} ${message}`];
}
