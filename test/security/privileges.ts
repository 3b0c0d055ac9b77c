// The catalog's side of the matrix: what is granted, compared with the manifest.
import type pg from 'pg';
import { type DatabaseRole, databaseRoles } from './actors.ts';
import { ruleOf, type TableRule, tables, views } from './manifest.ts';

interface Granted {
  name: string;
  kind: string;
  /** `role verb`, granted for the whole table. */
  table_verbs: string[];
  /** `role verb column`. */
  column_verbs: string[];
  columns: string[];
  policies: string[];
  rls: boolean;
}

const grantedSql = `
  select c.relname as name, c.relkind as kind, c.relrowsecurity as rls,
    array(select r || ' ' || v
      from unnest($1::text[]) r, unnest($2::text[]) v
      where pg_catalog.has_table_privilege(r, c.oid, v)) as table_verbs,
    array(select r || ' ' || v || ' ' || a.attname
      from pg_catalog.pg_attribute a, unnest($1::text[]) r, unnest('{SELECT,INSERT,UPDATE,REFERENCES}'::text[]) v
      where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        and pg_catalog.has_column_privilege(r, c.oid, a.attnum, v)) as column_verbs,
    array(select a.attname::text from pg_catalog.pg_attribute a
      where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns,
    array(select p.polname::text || ' ' || p.polcmd::text || ' ' || (select string_agg(oid::regrole::text, ',') from unnest(p.polroles) oid)
      || ' ' || case when p.polpermissive then 'permissive' else 'restrictive' end
      from pg_catalog.pg_policy p where p.polrelid = c.oid) as policies
  from pg_catalog.pg_class c
  where c.relnamespace = 'touchline'::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'f')
    and ($3::text is null or c.relname = $3)
  order by c.relname`;

const verbOf = { S: 'SELECT', I: 'INSERT', U: 'UPDATE', D: 'DELETE' } as const;
const verbs = ['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER', 'REFERENCES'];

/** Verbs of whole tables that this server version knows. */
async function tableVerbs(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query(`select current_setting('server_version_num')::int >= 170000 as has_maintain`);
  return rows[0]?.has_maintain === true ? [...verbs, 'MAINTAIN'] : verbs;
}

/** Columns a role may use with a verb, by the manifest. */
export function allowedColumns(
  rule: TableRule,
  role: DatabaseRole,
  verb: string,
  all: readonly string[],
): readonly string[] {
  if (role === 'service_role') return [...rule.service].some((letter) => verbOf[letter as 'S'] === verb) ? all : [];
  if (role !== 'authenticated') return [];
  if (verb === 'SELECT') return rule.select ? all.filter((name) => !rule.select?.hidden?.includes(name)) : [];
  if (verb === 'INSERT') return rule.insert ?? [];
  if (verb === 'UPDATE') return rule.update ?? [];
  return [];
}

function expectedColumnVerbs(rule: TableRule, all: readonly string[]): string[] {
  return databaseRoles.flatMap((role) =>
    ['SELECT', 'INSERT', 'UPDATE', 'REFERENCES'].flatMap((verb) =>
      allowedColumns(rule, role, verb, all).map((column) => `${role} ${verb} ${column}`),
    ),
  );
}

// Inserting and updating is granted to tenants column by column only, so that a new column is closed until somebody opens it.
function expectedTableVerbs(rule: TableRule): string[] {
  const reads = rule.select !== undefined && (rule.select.hidden ?? []).length === 0;
  return [
    ...(reads ? ['authenticated SELECT'] : []),
    ...(rule.delete === true ? ['authenticated DELETE'] : []),
    ...[...rule.service].map((letter) => `service_role ${verbOf[letter as 'S']}`),
  ];
}

function expectedPolicies(name: string, rule: TableRule): string[] {
  const policy = (verb: string, letter: string): string => `${name}_${verb} ${letter} authenticated permissive`;
  return [
    ...(rule.select ? [policy('select', 'r')] : []),
    ...(rule.insert ? [policy('insert', 'a')] : []),
    ...(rule.update ? [policy('update', 'w')] : []),
    ...(rule.delete ? [policy('delete', 'd')] : []),
  ];
}

function difference(name: string, what: string, found: readonly string[], expected: readonly string[]): string[] {
  const more = found.filter((item) => !expected.includes(item));
  const less = expected.filter((item) => !found.includes(item));
  return [
    ...more.map(
      (item) =>
        `${name}: ${what} "${item}" is in the catalog but not in test/security/manifest.ts: revoke it or add it there`,
    ),
    ...less.map(
      (item) =>
        `${name}: ${what} "${item}" is in test/security/manifest.ts but not in the catalog: grant it or take it out there`,
    ),
  ];
}

function compare(found: Granted): string[] {
  if (found.kind !== 'r' && found.kind !== 'p') return compareView(found);
  if (tables[found.name] === undefined) {
    return [
      `${found.name}: the table has no row in test/security/manifest.ts: decide who may do what to it and add the row`,
    ];
  }
  const rule = ruleOf(found.name);
  return [
    ...(found.rls ? [] : [`${found.name}: row level security is not enabled`]),
    ...difference(found.name, 'verb', found.table_verbs, expectedTableVerbs(rule)),
    ...difference(found.name, 'column grant', found.column_verbs, expectedColumnVerbs(rule, found.columns)),
    ...difference(found.name, 'policy', found.policies, expectedPolicies(found.name, rule)),
  ];
}

function compareView(found: Granted): string[] {
  if (found.kind !== 'v' || !views.includes(found.name)) {
    return [`${found.name}: relation of kind "${found.kind}" is not among the views of test/security/manifest.ts`];
  }
  const readers = found.columns.flatMap((column) => [
    `authenticated SELECT ${column}`,
    `service_role SELECT ${column}`,
  ]);
  return [
    ...difference(found.name, 'verb', found.table_verbs, ['authenticated SELECT', 'service_role SELECT']),
    ...difference(found.name, 'column grant', found.column_verbs, readers),
  ];
}

/**
 * Compares grants, RLS switches and policies of the schema with the manifest.
 * @param table only this table or view; absent: all, and the manifest must name nothing that does not exist
 * @returns one sentence per difference
 */
export async function privilegeDifferences(client: pg.Client, table?: string): Promise<string[]> {
  const { rows } = await client.query<Granted>(grantedSql, [databaseRoles, await tableVerbs(client), table ?? null]);
  const missing = [...Object.keys(tables), ...views]
    .filter((name) => table === undefined && !rows.some((row) => row.name === name))
    .map((name) => `${name}: stands in test/security/manifest.ts but does not exist: take its row out`);
  return [...rows.flatMap(compare), ...missing];
}

/** Schema, sequence and database privileges that no run-time role may hold. */
export async function strayPrivileges(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ found: string }>(
    `select r || ' may create in schema ' || n.nspname as found
     from unnest($1::text[]) r, pg_catalog.pg_namespace n
     where n.nspname in ('touchline', 'public') and pg_catalog.has_schema_privilege(r, n.oid, 'CREATE')
     union all
     select 'anon may use schema touchline' where pg_catalog.has_schema_privilege('anon', 'touchline', 'USAGE')
     union all
     select r || ' may ' || v || ' sequence ' || c.relname
     from unnest($1::text[]) r, unnest('{USAGE,SELECT,UPDATE}'::text[]) v, pg_catalog.pg_class c
     where c.relnamespace = 'touchline'::regnamespace and c.relkind = 'S' and pg_catalog.has_sequence_privilege(r, c.oid, v)
     union all
     select r || ' may execute ' || p.oid::regprocedure
     from unnest($1::text[]) r, pg_catalog.pg_proc p
     where p.pronamespace = 'pg_catalog'::regnamespace
       and (p.proname ~ '^pg_(read|ls|write)_' or p.proname in ('lo_import', 'lo_export', 'pg_stat_file'))
       and p.proname <> 'pg_read_file_old' -- asks for its own privilege inside
       and pg_catalog.has_function_privilege(r, p.oid, 'EXECUTE')
     order by 1`,
    [databaseRoles],
  );
  return rows.map((row) => row.found);
}
