// What the catalog of a migrated database says, read once, for the statements of the seed to be compared with.
import type pg from 'pg';
import { readSource } from '../../src/db/migrate/source.ts';
import { rowTypes } from '../gen-types.ts';

interface Constraint {
  table: string;
  definition: string;
}

interface Policy {
  table: string;
  name: string;
  verb: string;
  using: string | null;
  check: string | null;
}

interface Trigger {
  table: string;
  events: string;
  calls: string;
}

export interface Catalog {
  /** `table.column` → `text not null default 'x'::text`. */
  columns: Map<string, string>;
  constraints: Constraint[];
  /** CHECK expressions of one column, `table.column` → expressions. */
  checks: Map<string, string[]>;
  /** Name → `unique campaigns (business_id, service_type) where …`. */
  indexes: Map<string, string>;
  /** The same, of the indexes that the optional file of the seed's due indexes adds. */
  dueIndexes: Map<string, string>;
  triggers: Trigger[];
  policies: Policy[];
  /** Tables, and whether row level security is enabled. */
  rowSecurity: Map<string, boolean>;
  /** `role verb table` → the columns, or `*` for the whole table. */
  grants: Map<string, string>;
  /** Function name → roles that execute it. */
  functions: Map<string, string[]>;
  /** Names in the ledger of migrations, with their versions, in order. */
  migrations: string[];
  presets: string[];
  /** What the two lists of the policies hold for somebody who is a member of nothing. */
  strangerReads: string[];
  strangerWrites: string[];
  rowTypes: string;
}

const schema = "'touchline'::pg_catalog.regnamespace";
const table = (oid: string): string => `(select r.relname from pg_catalog.pg_class r where r.oid = ${oid})`;

const columnsSql = `
  select c.relname || '.' || a.attname as key, pg_catalog.format_type(a.atttypid, a.atttypmod)
    || case when a.attnotnull then ' not null' else '' end
    || coalesce(' default ' || pg_catalog.pg_get_expr(d.adbin, d.adrelid), '') as value
  from pg_catalog.pg_class c join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  left join pg_catalog.pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
  where c.relnamespace = ${schema} and c.relkind in ('r', 'p')
  order by c.oid, a.attnum`;

const constraintsSql = `
  select ${table('k.conrelid')} as table, pg_catalog.pg_get_constraintdef(k.oid) as definition
  from pg_catalog.pg_constraint k where k.connamespace = ${schema} and k.contype <> 'n' order by k.conname`;

const checksSql = `
  select ${table('k.conrelid')} || '.' || a.attname as key,
    pg_catalog.array_agg(pg_catalog.pg_get_expr(k.conbin, k.conrelid) order by k.conname) as value
  from pg_catalog.pg_constraint k join pg_catalog.pg_attribute a on a.attrelid = k.conrelid and k.conkey = array[a.attnum]
  where k.connamespace = ${schema} and k.contype = 'c' group by 1`;

const indexesSql = `
  select i.relname as key, pg_catalog.regexp_replace(pg_catalog.pg_get_indexdef(x.indexrelid),
    '^CREATE (UNIQUE )?INDEX \\S+ ON touchline\\.(\\S+) USING btree', '\\1\\2') as value
  from pg_catalog.pg_index x join pg_catalog.pg_class i on i.oid = x.indexrelid
  where i.relnamespace = ${schema} and x.indisvalid`;

const triggersSql = `
  select ${table('t.tgrelid')} as table, p.proname as calls, pg_catalog.lower((pg_catalog.regexp_match(
    pg_catalog.pg_get_triggerdef(t.oid), '(?:BEFORE|AFTER) .*? ON '))[1]) as events
  from pg_catalog.pg_trigger t join pg_catalog.pg_proc p on p.oid = t.tgfoid
  where p.pronamespace = ${schema} and not t.tgisinternal and t.tgenabled = 'O'`;

const policiesSql = `
  select tablename as table, policyname as name, pg_catalog.lower(cmd) as verb, qual as using, with_check as check
  from pg_catalog.pg_policies where schemaname = 'touchline' order by 1, 2`;

const rowSecuritySql = `
  select c.relname as key, c.relrowsecurity as value from pg_catalog.pg_class c
  where c.relnamespace = ${schema} and c.relkind in ('r', 'p') order by 1`;

const grantsSql = `
  select pg_catalog.format('%s %s %s', case g.grantee when 0 then 'public' else pg_catalog.pg_get_userbyid(g.grantee) end,
    pg_catalog.lower(g.privilege_type), c.relname) as key, '*' as value
  from pg_catalog.pg_class c, pg_catalog.aclexplode(c.relacl) g
  where c.relnamespace = ${schema} and c.relkind in ('r', 'p') and g.grantee <> c.relowner
  union all
  select pg_catalog.format('%s %s %s', case g.grantee when 0 then 'public' else pg_catalog.pg_get_userbyid(g.grantee) end,
    pg_catalog.lower(g.privilege_type), c.relname), pg_catalog.string_agg(a.attname, ', ' order by a.attnum)
  from pg_catalog.pg_class c join pg_catalog.pg_attribute a on a.attrelid = c.oid, pg_catalog.aclexplode(a.attacl) g
  where c.relnamespace = ${schema} and c.relkind in ('r', 'p') and g.grantee <> c.relowner
  group by 1`;

const functionsSql = `
  select p.proname as key, array(select r from pg_catalog.unnest('{authenticated,service_role,touchline_worker}'::text[]) r
    where pg_catalog.has_function_privilege(r, p.oid, 'execute')) as value
  from pg_catalog.pg_proc p where p.pronamespace = ${schema}`;

const valuesSql = `
  select touchline.readable_business_ids()::text[] as reads, touchline.writable_business_ids()::text[] as writes,
    array(select version || '_' || name from supabase_migrations.schema_migrations order by version) as migrations,
    array(select c.preset_key from touchline.campaigns c where c.is_preset and c.status = 'active' order by 1) as presets`;

async function rowsOf<Row extends pg.QueryResultRow>(client: pg.ClientBase, sql: string): Promise<Row[]> {
  return (await client.query<Row>(sql)).rows;
}

async function mapOf<T>(client: pg.ClientBase, sql: string): Promise<Map<string, T>> {
  const rows = await rowsOf<{ key: string; value: T }>(client, sql);
  return new Map(rows.map(({ key, value }) => [key, value]));
}

async function readDueIndexes(client: pg.ClientBase): Promise<Map<string, string>> {
  const before = await mapOf<string>(client, indexesSql);
  await client.query('savepoint due_indexes');
  await client.query(readSource().seedDueIndexes.text);
  const after = await mapOf<string>(client, indexesSql);
  await client.query('rollback to savepoint due_indexes');
  return new Map([...after].filter(([name]) => !before.has(name)));
}

/** Reads the catalog; `client` is in a transaction, as the optional indexes are made in it for a look and taken back. */
export async function readCatalog(client: pg.ClientBase): Promise<Catalog> {
  const [values] = await rowsOf<Record<'reads' | 'writes' | 'migrations' | 'presets', string[]>>(client, valuesSql);
  return {
    columns: await mapOf<string>(client, columnsSql),
    constraints: await rowsOf<Constraint>(client, constraintsSql),
    checks: await mapOf<string[]>(client, checksSql),
    indexes: await mapOf<string>(client, indexesSql),
    dueIndexes: await readDueIndexes(client),
    triggers: await rowsOf<Trigger>(client, triggersSql),
    policies: await rowsOf<Policy>(client, policiesSql),
    rowSecurity: await mapOf<boolean>(client, rowSecuritySql),
    grants: await mapOf<string>(client, grantsSql),
    functions: await mapOf<string[]>(client, functionsSql),
    migrations: values?.migrations ?? [],
    presets: values?.presets ?? [],
    strangerReads: values?.reads ?? [],
    strangerWrites: values?.writes ?? [],
    rowTypes: await rowTypes(client),
  };
}
