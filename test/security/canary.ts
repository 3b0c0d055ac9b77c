// Marks every text that A holds, so that a leak shows wherever it comes out.
import type pg from 'pg';
import { attempt } from './attempt.ts';
import { tenantTables } from './manifest.ts';
import type { TenantIds } from './row-walls.ts';

/** Appears, in any case, in every marked value. */
export const canaryPattern = /canary-a-/i;

export interface Marked {
  /** `table.column` of every column that holds a mark now. */
  marked: string[];
  /** Those whose CHECK lets no mark in: state lists, codes of countries and the like. */
  refused: string[];
}

/** The shapes a mark can take, so that addresses, links and documents can hold one. */
function shapes(mark: string, type: string): string[] {
  const word = mark.replaceAll('_', '-');
  const lower = word.toLowerCase();
  if (type === 'jsonb') return [`'{"note": "${word}"}'::jsonb`];
  if (type === 'bytea') return [`convert_to('${word}', 'UTF8')`, `convert_to(rpad('${word}', 32, '-'), 'UTF8')`];
  if (type === 'text[]') return [`array['${word}']`];
  return [`'${word}'`, `'${lower}@example.test'`, `'https://example.test/${lower}'`].map((text) => `${text}::text`);
}

async function textColumns(client: pg.Client): Promise<{ table: string; column: string; type: string }[]> {
  const { rows } = await client.query<{ table: string; column: string; type: string }>(
    `select c.relname as table, a.attname as column, pg_catalog.format_type(a.atttypid, null) as type
     from pg_catalog.pg_class c join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
     where c.relnamespace = 'touchline'::regnamespace and c.relkind in ('r', 'p') and c.relname = any ($1)
       and pg_catalog.format_type(a.atttypid, null) in ('text', 'text[]', 'jsonb', 'bytea')
     order by 1, 2`,
    [tenantTables],
  );
  return rows;
}

/**
 * Writes a mark into every text, jsonb and bytea column of A's rows that takes one, past triggers. Call inside a transaction
 * as the owner.
 */
export async function mark(client: pg.Client, ids: TenantIds): Promise<Marked> {
  await client.query('set local session_replication_role = replica');
  const marked: string[] = [];
  const refused: string[] = [];
  for (const { table, column, type } of await textColumns(client)) {
    const key = table === 'businesses' ? 'id' : 'business_id';
    const updates = shapes(`CANARY-A-${table}-${column}`, type).map(
      (value) => `update touchline.${table} set ${column} = ${value} where ctid =
        (select min(ctid) from touchline.${table} where ${key} = '${ids.A.business}')`,
    );
    const taken = await firstTaken(client, updates);
    if (taken !== null) await client.query(taken);
    (taken === null ? refused : marked).push(`${table}.${column}`);
  }
  await client.query('set local session_replication_role = origin');
  return { marked, refused };
}

async function firstTaken(client: pg.Client, updates: string[]): Promise<string | null> {
  for (const sql of updates) {
    if ((await attempt(client, sql)).outcome === 'rows:1') return sql;
  }
  return null;
}
