// Indexes: that every one is there and in use, and that none has grown far beyond its rows. How large one should be is an estimate from
// the number of its rows and their width; pgstattuple would look inside, and is not everywhere.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ClientBase } from 'pg';
import { packageRoot } from '../migrate/source.ts';
import { figure, megabytes } from './amounts.ts';
import { type Finding, orOk } from './finding.ts';

export interface IndexHealth {
  name: string;
  table: string;
  /** False: an attempt to build it ended halfway, and nothing uses it. */
  is_valid: boolean;
  bytes: number;
  rows: number;
  /** An entry: a pointer in its page (4), a header (8), and its columns, together aligned to 8. */
  entry_bytes: number;
}

// A page has 8,192 bytes, 40 of them its own; a fresh index fills nine tenths. Rows that come in any order leave about 70 % full, so
// that half as much again is usual, and four times is not.
const pageBytes = 8_192;
const usablePerPage = (pageBytes - 40) * 0.9;
const bloatedTimes = 4;
const leastWaste = 8 * 1024 ** 2;

const indexesSql = `
  select i.relname::text as name, t.relname::text as table, x.indisvalid and x.indisready as is_valid,
    pg_catalog.pg_relation_size(i.oid)::double precision as bytes,
    greatest(case when x.indpred is null then s.n_live_tup else i.reltuples end, 0)::double precision as rows,
    (12 + 8 * pg_catalog.ceil(w.width / 8.0))::double precision as entry_bytes
  from pg_catalog.pg_index x
  join pg_catalog.pg_class i on i.oid = x.indexrelid
  join pg_catalog.pg_class t on t.oid = x.indrelid
  join pg_catalog.pg_stat_user_tables s on s.relid = t.oid
  cross join lateral (
    select sum(coalesce(p.avg_width, case when a.attlen > 0 then a.attlen else 32 end)) as width
    from pg_catalog.unnest(x.indkey::smallint[]) k (attnum)
    left join pg_catalog.pg_attribute a on a.attrelid = t.oid and a.attnum = k.attnum
    left join pg_catalog.pg_stats p on p.schemaname = 'touchline' and p.tablename = t.relname and p.attname = a.attname
  ) w
  where i.relnamespace = 'touchline'::pg_catalog.regnamespace and i.relkind = 'i'
  order by i.relname`;

/** An index of this version. */
interface Wanted {
  name: string;
  statement: string;
  /** What the constraint is, where it carries one. */
  constraint: { table: string; kind: string } | undefined;
}

/** The indexes in the snapshot of the schema. */
export function wantedIndexes(snapshot: string): Wanted[] {
  const constraints = new Map(
    [...snapshot.matchAll(/^touchline\.(\w+) (\w+) (PRIMARY KEY|UNIQUE)\b/gm)].map(
      ([, table = '', name = '', kind = '']) => [name, { table, kind: kind.toLowerCase() }],
    ),
  );
  return [...snapshot.matchAll(/^CREATE (UNIQUE )?INDEX (\w+) (ON touchline\..*)$/gm)].map(
    ([, unique = '', name = '', on = '']) => ({
      name,
      statement: `create ${unique.toLowerCase()}index concurrently ${name} ${on};`,
      constraint: constraints.get(name),
    }),
  );
}

function judgeMissing(wanted: readonly Wanted[], present: readonly IndexHealth[]): Finding[] {
  const names = new Set(present.map(({ name }) => name));
  return wanted
    .filter(({ name }) => !names.has(name))
    .map(({ name, statement, constraint }) => {
      const { table = '', kind = '' } = constraint ?? {};
      const then = constraint && ` alter table touchline.${table} add constraint ${name} ${kind} using index ${name};`;
      const fix = `Run: ${statement}${then ?? ''}`;
      return { check: 'indexes', state: 'problem', detail: `The index ${name} is missing.`, fix };
    });
}

function judgeInvalid({ name, table, is_valid }: IndexHealth): Finding[] {
  if (is_valid) return [];
  const isLeft = /_cc(?:new|old)\d*$/.test(name);
  const detail = `The index ${name} of ${table} is invalid: it was not built to its end, costs writes, and nobody reads it.`;
  const fix = isLeft
    ? `It is what a rebuild left. Run: drop index concurrently touchline.${name};`
    : `Run: reindex index concurrently touchline.${name}; or drop it, where it is none of this version.`;
  return [{ check: 'indexes', state: 'problem', detail, fix }];
}

function judgeSize({ name, table, bytes, rows, entry_bytes }: IndexHealth): Finding[] {
  const needed = pageBytes * (1 + Math.ceil((rows * entry_bytes) / usablePerPage));
  if (bytes < needed * bloatedTimes || bytes - needed < leastWaste) return [];
  const size = `takes ${megabytes(bytes)}; for ${figure(rows)} rows of ${entry_bytes} bytes ${megabytes(needed)} would do`;
  return [
    {
      check: 'bloat',
      state: 'warning',
      detail: `The index ${name} of ${table} ${size} (estimated by its size).`,
      fix: `Run, at a quiet hour: reindex index concurrently touchline.${name};`,
    },
  ];
}

export function judgeIndexes(wanted: readonly Wanted[], present: readonly IndexHealth[]): Finding[] {
  return [
    ...orOk('indexes', 'Every index of this version is there and valid.', [
      ...judgeMissing(wanted, present),
      ...present.flatMap(judgeInvalid),
    ]),
    ...orOk('bloat', 'No index is far larger than its rows.', present.flatMap(judgeSize)),
  ];
}

export async function checkIndexes(client: ClientBase): Promise<Finding[]> {
  const wanted = wantedIndexes(readFileSync(join(packageRoot, 'sql/schema.snapshot.sql'), 'utf8'));
  return judgeIndexes(wanted, (await client.query<IndexHealth>(indexesSql)).rows);
}
