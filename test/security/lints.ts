// Tenant lints TL1–TL16: catalog queries that return what offends. Public linters look at none of these.

export interface Lint {
  name: string;
  why: string;
  /** Returns rows with one column, `object`; empty when all is well. */
  sql: string;
  /** A fault to plant, and what the lint must then name. */
  plant: string;
  catches: string;
}

export const runTimeRoles = `'{anon,authenticated,service_role,touchline_worker}'::text[]`;

/** Tables without a business: of the installation or of people, not of a tenant. */
const serverTables = `'{address_keys,code_files,installation,login_links,sessions,time_zones,users}'::text[]`;

export const tablesOf = `
  select c.* from pg_catalog.pg_class c where c.relnamespace = 'touchline'::regnamespace and c.relkind in ('r', 'p')`;

const columnNames = (relation: string, numbers: string): string => `
  array(select a.attname::text from unnest(${numbers}) with ordinality u (num, pos)
    join pg_catalog.pg_attribute a on a.attrelid = ${relation} and a.attnum = u.num order by u.pos)`;

/** Policies as text, one row each. */
export const policiesOf = `
  select c.relname || '.' || p.polname as object, p.*,
    coalesce(pg_catalog.pg_get_expr(p.polqual, p.polrelid), '') as using_text,
    coalesce(pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid), '') as check_text
  from pg_catalog.pg_policy p join (${tablesOf}) c on c.oid = p.polrelid`;

/** FK that no index serves: the longest index prefix inside the key must hold a column besides business_id. */
const unindexedForeignKeys = `
  with keys as (
    select k.conname, t.relname, k.conrelid, ${columnNames('k.conrelid', 'k.conkey')} as columns
    from pg_catalog.pg_constraint k join (${tablesOf}) t on t.oid = k.conrelid
    where k.contype = 'f'),
  indexes as (
    select x.indrelid, ${columnNames('x.indrelid', 'x.indkey::smallint[]')} as columns
    from pg_catalog.pg_index x
    where x.indpred is null or pg_catalog.pg_get_expr(x.indpred, x.indrelid) ~ '^\\(\\w+ IS NOT NULL\\)$')
  select k.relname || '.' || k.conname as object
  from keys k
  where not exists (
    select from indexes i, generate_series(1, cardinality(i.columns)) n
    where i.indrelid = k.conrelid
      and i.columns[1:n] <@ k.columns
      and (k.columns = '{business_id}' or not i.columns[1:n] <@ '{business_id}'))`;

export const tenantLints: readonly Lint[] = [
  {
    name: 'TL1 row level security is enabled on every table, and no run-time role owns one',
    why: 'An owner, and a table without RLS, see every tenant.',
    sql: `select relname as object from (${tablesOf}) c
      where not relrowsecurity or relowner::regrole::text = any (${runTimeRoles})`,
    plant: 'create table touchline.planted (business_id uuid not null)',
    catches: 'planted',
  },
  {
    name: 'TL2 every tenant table has business_id not null',
    why: 'A row that belongs to nobody is covered by no policy that asks whose it is.',
    sql: `select relname as object from (${tablesOf}) c
      where relname <> all (${serverTables} || '{businesses}')
        and not exists (select from pg_catalog.pg_attribute a
          where a.attrelid = c.oid and a.attname = 'business_id' and a.attnotnull and a.atttypid = 'uuid'::regtype)`,
    plant: 'create table touchline.planted (id uuid primary key, business_id uuid)',
    catches: 'planted',
  },
  {
    name: 'TL3 every foreign key between tenant tables holds business_id on both sides',
    why: 'Foreign keys are checked past RLS: a simple one accepts the row of another business.',
    sql: `select c.relname || '.' || k.conname as object
      from pg_catalog.pg_constraint k join (${tablesOf}) c on c.oid = k.conrelid
      where k.contype = 'f' and k.confrelid <> 'touchline.businesses'::regclass
        and k.confrelid::regclass::text <> all (select 'touchline.' || s from unnest(${serverTables}) s)
        and not exists (
          select from unnest(k.conkey, k.confkey) u (child, parent)
          join pg_catalog.pg_attribute a on a.attrelid = k.conrelid and a.attnum = u.child
          join pg_catalog.pg_attribute b on b.attrelid = k.confrelid and b.attnum = u.parent
          where a.attname = 'business_id' and b.attname = 'business_id')`,
    plant: `create unique index on touchline.customers (id);
      alter table touchline.jobs add constraint planted foreign key (customer_id) references touchline.customers (id)`,
    catches: 'jobs.planted',
  },
  {
    name: 'TL4 every unique key that a tenant can write holds business_id, or is an id only the server makes',
    why: 'A conflict would tell that another business holds the value.',
    sql: `select c.relname || '.' || x.indexrelid::regclass::text as object
      from pg_catalog.pg_index x join (${tablesOf}) c on c.oid = x.indrelid
      where x.indisunique
        and (pg_catalog.has_any_column_privilege('authenticated', c.oid, 'INSERT')
          or pg_catalog.has_any_column_privilege('authenticated', c.oid, 'UPDATE'))
        and not 'business_id' = any (${columnNames('x.indrelid', 'x.indkey::smallint[]')})
        and exists (
          select from unnest(x.indkey::smallint[]) num
          left join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum = num
          where a.attnum is null or a.atttypid <> 'uuid'::regtype or not a.atthasdef
            or pg_catalog.has_column_privilege('authenticated', c.oid, a.attnum, 'INSERT')
            or pg_catalog.has_column_privilege('authenticated', c.oid, a.attnum, 'UPDATE'))`,
    plant: 'create unique index planted on touchline.customers (external_id) where false',
    catches: 'planted',
  },
  {
    name: 'TL5 nobody is granted TRUNCATE, REFERENCES, TRIGGER or MAINTAIN',
    why: "TRUNCATE ignores RLS: one tenant would empty every tenant's table.",
    sql: `select c.relname || ' ' || g.privilege_type || ' to ' || case when g.grantee = 0 then 'public' else g.grantee::regrole::text end as object
      from pg_catalog.pg_class c, pg_catalog.aclexplode(c.relacl) g
      where c.relnamespace = 'touchline'::regnamespace and g.grantee <> c.relowner
        and g.privilege_type in ('TRUNCATE', 'REFERENCES', 'TRIGGER', 'MAINTAIN')`,
    plant: 'grant truncate on touchline.customers to service_role',
    catches: 'customers TRUNCATE to service_role',
  },
  {
    name: 'TL6 no function is executable by PUBLIC',
    why: 'That is the default, and it includes people who are not signed in.',
    sql: `select p.oid::regprocedure::text as object
      from pg_catalog.pg_proc p, pg_catalog.aclexplode(coalesce(p.proacl, pg_catalog.acldefault('f', p.proowner))) g
      where p.pronamespace = 'touchline'::regnamespace and g.grantee = 0`,
    plant: `create function touchline.planted() returns int language sql set search_path = '' as 'select 1';
      grant execute on function touchline.planted() to public`,
    catches: 'planted()',
  },
  {
    name: 'TL7 every SECURITY DEFINER function pins search_path to nothing',
    why: "Otherwise a caller's pg_temp table stands in for ours, with the owner's rights.",
    sql: `select p.oid::regprocedure::text as object from pg_catalog.pg_proc p
      where p.pronamespace = 'touchline'::regnamespace and p.prosecdef
        and not coalesce(p.proconfig, '{}') @> '{"search_path=\\"\\""}'`,
    plant: 'alter function touchline.my_business_ids() set search_path = touchline',
    catches: 'my_business_ids()',
  },
  {
    name: 'TL8 views are security_invoker, and there are no materialized views or foreign tables',
    why: "A plain view reads as its owner: every tenant's rows show.",
    sql: `select c.relname as object from pg_catalog.pg_class c
      where c.relnamespace = 'touchline'::regnamespace
        and (c.relkind in ('m', 'f') or c.relkind = 'v' and not coalesce(c.reloptions, '{}') && '{security_invoker=true,security_invoker=on}')`,
    plant: 'create view touchline.planted as select * from touchline.customers',
    catches: 'planted',
  },
  {
    name: 'TL9 one permissive policy per table, verb and role',
    why: 'Permissive policies are joined by OR: the wider one wins silently.',
    sql: `select c.relname || ' ' || v || ' ' || r::regrole::text as object
      from pg_catalog.pg_policy p join (${tablesOf}) c on c.oid = p.polrelid, unnest(p.polroles) r,
        unnest('{r,a,w,d}'::text[]) v
      where p.polpermissive and (p.polcmd::text = v or p.polcmd = '*')
      group by c.relname, v, r having count(*) > 1`,
    plant: 'create policy planted on touchline.customers for select to authenticated using (business_id is null)',
    catches: 'customers r authenticated',
  },
  {
    name: 'TL10 no policy is always true',
    why: 'USING (true) is RLS switched off with a straight face.',
    sql: `select object from (${policiesOf}) p
      where using_text in ('true', '(1 = 1)') or check_text in ('true', '(1 = 1)')`,
    plant: 'alter policy customers_select on touchline.customers using (true)',
    catches: 'customers.customers_select',
  },
  {
    name: 'TL11 policies are written with the three lists of businesses',
    why: 'One way of asking whose a row is, evaluated once per scan; every other way is slower or wrong somewhere.',
    // Signing up makes a business that is in no list yet; zone names belong to nobody.
    sql: `select object from (${policiesOf}) p
      where object <> all ('{businesses.businesses_insert,time_zones.time_zones_select}')
        and exists (select from unnest(array[using_text, check_text]) t
          where t <> '' and t !~ '= ANY \\(touchline\\.(my|readable|writable)_business_ids\\(\\)\\)')`,
    plant: 'alter policy customers_update on touchline.customers with check (business_id is not null)',
    catches: 'customers.customers_update',
  },
  {
    name: 'TL12 no default and no trigger reads the clock where the engine passes time',
    why: 'A virtual clock, a simulation and a replay would disagree with the rows.',
    // When our server wrote a row is a fact about the server, not a moment of the business.
    sql: `select c.relname || '.' || a.attname as object
      from pg_catalog.pg_attrdef d join (${tablesOf}) c on c.oid = d.adrelid
      join pg_catalog.pg_attribute a on a.attrelid = d.adrelid and a.attnum = d.adnum
      where pg_catalog.pg_get_expr(d.adbin, d.adrelid) ~ 'now\\(\\)|CURRENT_|clock_timestamp|statement_timestamp'
        and a.attname not in ('created_at', 'updated_at')
        and c.relname || '.' || a.attname not in ('consent_events.recorded_at', 'webhook_inbox.received_at')
      union all
      select p.oid::regprocedure::text from pg_catalog.pg_proc p
      where p.pronamespace = 'touchline'::regnamespace and p.prorettype = 'trigger'::regtype
        and p.prosrc ~* '\\mnow\\s*\\(|current_(timestamp|date|time)|clock_timestamp|statement_timestamp|localtime'
        and p.proname <> 'set_updated_at'`,
    plant: 'alter table touchline.campaign_enrollments alter column enrolled_at set default now()',
    catches: 'campaign_enrollments.enrolled_at',
  },
  {
    name: 'TL13 run-time roles have no power beyond their grants and own nothing',
    why: 'A superuser, a role that passes RLS, and an owner are not stopped by any policy.',
    // Supabase lets service_role past RLS; it is the server's key, and has grants like everybody else.
    sql: `select r.rolname || ' has an attribute' as object from pg_catalog.pg_roles r
      where r.rolname = any (${runTimeRoles})
        and (r.rolsuper or r.rolcreaterole or r.rolcreatedb or r.rolreplication or r.rolbypassrls and r.rolname <> 'service_role')
      union all
      select c.relname || ' is owned by ' || c.relowner::regrole from pg_catalog.pg_class c
      where c.relnamespace = 'touchline'::regnamespace and c.relowner::regrole::text = any (${runTimeRoles})
      union all
      select p.oid::regprocedure || ' is owned by ' || p.proowner::regrole from pg_catalog.pg_proc p
      where p.pronamespace = 'touchline'::regnamespace and p.proowner::regrole::text = any (${runTimeRoles})
      union all
      select m.member::regrole || ' is a member of ' || m.roleid::regrole from pg_catalog.pg_auth_members m
      where m.member::regrole::text = any (${runTimeRoles})`,
    plant: 'grant service_role to authenticated',
    catches: 'authenticated is a member of service_role',
  },
  {
    name: 'TL15 every foreign key is served by an index (defect 93)',
    why: 'Deleting a parent would read its children from end to end, under a lock.',
    sql: unindexedForeignKeys,
    plant: 'drop index touchline.jobs_customer',
    catches: 'jobs.jobs_business_id_customer_id_fkey',
  },
  {
    name: "TL16 no trigger looks at other rows with the owner's rights before a new row has met its policy",
    why: 'BEFORE triggers run first: their answer would tell about rows the caller may not see.',
    sql: `select c.relname || '.' || t.tgname as object
      from pg_catalog.pg_trigger t join (${tablesOf}) c on c.oid = t.tgrelid join pg_catalog.pg_proc p on p.oid = t.tgfoid
      where not t.tgisinternal and p.prosecdef and (t.tgtype & 7) = 7
        and pg_catalog.has_any_column_privilege('authenticated', c.oid, 'INSERT')`,
    plant:
      'create trigger planted before insert on touchline.customers for each row execute function touchline.complete_business()',
    catches: 'customers.planted',
  },
];
