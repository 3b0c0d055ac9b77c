// Named after the public Supabase lints, asked by our own queries: the originals stay silent on a plain database unless a
// setting of another program names the schema. What a TL lint already asks is listed with it and not asked twice.

import { type Lint, policiesOf, runTimeRoles, tablesOf } from './lints.ts';
import { secretColumns, tables } from './manifest.ts';

/** Public lints that a tenant lint answers. */
export const answeredBy: Readonly<Record<string, string>> = {
  '0001_unindexed_foreign_keys': 'TL15',
  '0006_multiple_permissive_policies': 'TL9',
  '0010_security_definer_view': 'TL8',
  '0013_rls_disabled_in_public': 'TL1',
  '0016_materialized_view_in_api': 'TL8',
  '0024_rls_policy_always_true': 'TL10',
};

const closedTables = Object.entries(tables)
  .filter(([, rule]) => rule.select === undefined && rule.because !== undefined)
  .map(([name]) => name);

export const splinterLints: readonly Lint[] = [
  {
    name: '0003_auth_rls_initplan',
    why: 'A bare auth.uid() is evaluated for every row.',
    sql: `select object from (${policiesOf}) p
      where pg_catalog.regexp_replace(using_text || check_text, '\\( SELECT auth\\.\\w+\\(\\)[^)]*\\)', '', 'g')
        ~ 'auth\\.\\w+\\(|current_setting\\('`,
    plant: 'alter policy businesses_insert on touchline.businesses with check (user_id = auth.uid())',
    catches: 'businesses.businesses_insert',
  },
  {
    name: '0004_no_primary_key',
    why: 'A row that cannot be named cannot be replicated, locked by key or corrected.',
    sql: `select relname as object from (${tablesOf}) c
      where not exists (select from pg_catalog.pg_index x where x.indrelid = c.oid and x.indisprimary)`,
    plant: 'create table touchline.planted (x int)',
    catches: 'planted',
  },
  {
    name: '0007_policy_exists_rls_disabled',
    why: 'The policy reads as protection and is none.',
    sql: `select distinct relname as object from (${tablesOf}) c join pg_catalog.pg_policy p on p.polrelid = c.oid
      where not relrowsecurity`,
    plant: 'alter table touchline.customers disable row level security',
    catches: 'customers',
  },
  {
    name: '0008_rls_enabled_no_policy',
    why: 'Nobody but the owner sees a row: meant for the tables the manifest closes, a mistake elsewhere.',
    sql: `select relname as object from (${tablesOf}) c
      where relrowsecurity and relname <> all ('{${closedTables.join(',')}}')
        and not exists (select from pg_catalog.pg_policy p where p.polrelid = c.oid)`,
    plant:
      'drop policy customers_select on touchline.customers; drop policy customers_insert on touchline.customers; drop policy customers_update on touchline.customers',
    catches: 'customers',
  },
  {
    name: '0009_duplicate_index',
    why: 'Every write pays for both.',
    sql: `select pg_catalog.string_agg(x.indexrelid::regclass::text, ' = ' order by x.indexrelid::regclass::text) as object
      from pg_catalog.pg_index x join (${tablesOf}) c on c.oid = x.indrelid
      group by x.indrelid, x.indkey::text, x.indclass::text, x.indoption::text, coalesce(pg_catalog.pg_get_expr(x.indpred, x.indrelid), ''),
        coalesce(pg_catalog.pg_get_expr(x.indexprs, x.indrelid), '')
      having count(*) > 1`,
    plant: 'create index planted on touchline.jobs (business_id, customer_id)',
    catches: 'planted',
  },
  {
    name: '0011_function_search_path_mutable',
    why: 'What a name means would depend on the caller.',
    sql: `select p.oid::regprocedure::text as object from pg_catalog.pg_proc p
      where p.pronamespace = 'touchline'::regnamespace and not coalesce(p.proconfig, '{}') @> '{"search_path=\\"\\""}'`,
    plant: 'alter function touchline.set_updated_at() reset search_path',
    catches: 'set_updated_at()',
  },
  {
    name: '0014_extension_in_public',
    why: 'Its functions would lie where people and programs look first.',
    sql: `select extname as object from pg_catalog.pg_extension where extnamespace in ('public'::regnamespace, 'touchline'::regnamespace)`,
    plant: `update pg_catalog.pg_extension set extnamespace = 'public'::regnamespace where extname = 'plpgsql'`,
    catches: 'plpgsql',
  },
  {
    name: '0023_sensitive_columns_exposed',
    why: "A secret that can be selected is in somebody's log.",
    sql: `select c.relname || '.' || a.attname || ' to ' || r as object
      from (${tablesOf}) c join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped,
        unnest('{anon,authenticated,touchline_worker}'::text[]) r
      where (c.relname || '.' || a.attname = any ('{${secretColumns.join(',')}}') or a.attname ~ 'secret|cipher|password|_hash$|^token$')
        and pg_catalog.has_column_privilege(r, c.oid, a.attnum, 'SELECT')`,
    plant: 'grant select (key_hash) on touchline.api_keys to authenticated',
    catches: 'api_keys.key_hash to authenticated',
  },
  {
    name: '0028_anon_security_definer_function_executable',
    why: "Nobody who has not signed in runs code with the owner's rights.",
    sql: `select p.oid::regprocedure::text as object from pg_catalog.pg_proc p
      where p.pronamespace = 'touchline'::regnamespace and p.prosecdef and pg_catalog.has_function_privilege('anon', p.oid, 'EXECUTE')`,
    plant: 'grant execute on function touchline.my_business_ids() to anon',
    catches: 'my_business_ids()',
  },
  {
    name: '0029_authenticated_security_definer_function_executable',
    why: 'Only by a grant of its own, never through PUBLIC; which ones is compared with the list of functions.',
    sql: `select p.oid::regprocedure::text as object from pg_catalog.pg_proc p
      where p.pronamespace = 'touchline'::regnamespace and p.prosecdef and pg_catalog.has_function_privilege('authenticated', p.oid, 'EXECUTE')
        and not exists (select from pg_catalog.aclexplode(p.proacl) g where g.grantee = 'authenticated'::regrole)`,
    plant: 'grant execute on function touchline.complete_business() to public',
    catches: 'complete_business()',
  },
  {
    name: '0030_rls_policy_null_auth_disjunct',
    why: "Without a signed-in user the row would be everybody's.",
    sql: `select object from (${policiesOf}) p
      where using_text || check_text ~* 'auth\\.\\w+\\(\\)[^)]*\\)?\\s+IS NULL'`,
    plant:
      'alter policy customers_select on touchline.customers using ((select auth.uid()) is null or business_id = any (touchline.my_business_ids()))',
    catches: 'customers.customers_select',
  },
  {
    name: 'default privileges give nothing to run-time roles',
    why: "Supabase's defaults open new objects; ours are opened one by one.",
    sql: `select d.defaclobjtype::text || ' ' || g.privilege_type || ' to ' || coalesce(nullif(g.grantee, 0)::regrole::text, 'public') as object
      from pg_catalog.pg_default_acl d, pg_catalog.aclexplode(d.defaclacl) g
      where d.defaclnamespace = 'touchline'::regnamespace
        and (g.grantee = 0 or g.grantee::regrole::text = any (${runTimeRoles}))`,
    plant: 'alter default privileges in schema touchline grant select on tables to authenticated',
    catches: 'r SELECT to authenticated',
  },
];
