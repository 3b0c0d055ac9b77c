// A schema as sorted text, by our own catalog queries (the bundled Postgres has no pg_dump). Two databases with the same
// text have the same schema: it proves that an upgraded database equals a fresh one, and shows schema changes in review.
import type { ClientBase } from 'pg';

/** Each query returns lines of text for schema $1; owners' own privileges are left out, as every owner has them. */
const sections: readonly { title: string; query: string }[] = [
  {
    title: 'schema',
    query: `
      select pg_catalog.format('grant %s on schema %I to %s%s', string_agg(lower(a.privilege_type), ', ' order by a.privilege_type),
        n.nspname, case when a.grantee = 0 then 'public' else a.grantee::pg_catalog.regrole::text end,
        case when bool_or(a.is_grantable) then ' with grant option' else '' end) as line
      from pg_catalog.pg_namespace n, pg_catalog.aclexplode(n.nspacl) a
      where n.nspname = $1 and a.grantee <> n.nspowner
      group by n.nspname, a.grantee
      union all
      select pg_catalog.format('default privileges on %s: %s', d.defaclobjtype,
        pg_catalog.array_to_string(d.defaclacl, ', '))
      from pg_catalog.pg_default_acl d join pg_catalog.pg_namespace n on n.oid = d.defaclnamespace
      where n.nspname = $1 and exists (
        select from pg_catalog.aclexplode(d.defaclacl) a where a.grantee <> d.defaclrole)`,
  },
  {
    title: 'types and sequences',
    query: `
      select pg_catalog.format('type %I.%I: %s', n.nspname, t.typname, case t.typtype
          when 'd' then 'domain over ' || pg_catalog.format_type(t.typbasetype, t.typtypmod)
          when 'e' then (select 'enum of ' || pg_catalog.string_agg(e.enumlabel::text, ', ' order by e.enumsortorder)
                         from pg_catalog.pg_enum e where e.enumtypid = t.oid)
          else (select 'composite of ' || pg_catalog.string_agg(
                  a.attname || ' ' || pg_catalog.format_type(a.atttypid, a.atttypmod), ', ' order by a.attnum)
                from pg_catalog.pg_attribute a where a.attrelid = t.typrelid and not a.attisdropped) end) as line
      from pg_catalog.pg_type t join pg_catalog.pg_namespace n on n.oid = t.typnamespace
      left join pg_catalog.pg_class c on c.oid = t.typrelid
      where n.nspname = $1 and (t.typtype in ('d', 'e') or c.relkind = 'c')
      union all
      select pg_catalog.format('sequence %I.%I: %s from %s by %s', n.nspname, c.relname,
        pg_catalog.format_type(s.seqtypid, null), s.seqstart, s.seqincrement)
      from pg_catalog.pg_sequence s join pg_catalog.pg_class c on c.oid = s.seqrelid
      join pg_catalog.pg_namespace n on n.oid = c.relnamespace
      where n.nspname = $1`,
  },
  {
    title: 'tables',
    query: `
      select pg_catalog.format('table %I.%I%s: row level security %s%s', n.nspname, c.relname,
        coalesce(' (' || pg_catalog.array_to_string(c.reloptions, ', ') || ')', ''),
        case when c.relrowsecurity then 'on' else 'off' end,
        case when c.relforcerowsecurity then ', forced' else '' end) as line
      from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
      where n.nspname = $1 and c.relkind in ('r', 'p')`,
  },
  {
    title: 'columns',
    query: `
      select pg_catalog.format('%I.%I.%s %I %s%s%s', n.nspname, c.relname, pg_catalog.lpad(
          (pg_catalog.row_number() over (partition by c.oid order by a.attnum))::text, 2, '0'),
        a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod), case when a.attnotnull then ' not null' else '' end,
        case when d.oid is null then '' when a.attgenerated = '' then ' default ' || pg_catalog.pg_get_expr(d.adbin, d.adrelid)
          else ' generated always as (' || pg_catalog.pg_get_expr(d.adbin, d.adrelid) || ')' end
        || case a.attidentity when '' then '' when 'a' then ' identity always' else ' identity by default' end) as line
      from pg_catalog.pg_attribute a join pg_catalog.pg_class c on c.oid = a.attrelid
      join pg_catalog.pg_namespace n on n.oid = c.relnamespace
      left join pg_catalog.pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
      where n.nspname = $1 and c.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped`,
  },
  {
    // Not-null is a column's property here; from 18 on it is a constraint as well.
    title: 'constraints',
    query: `
      select pg_catalog.format('%I.%I %I %s%s', n.nspname, c.relname, k.conname, pg_catalog.pg_get_constraintdef(k.oid),
        case when k.convalidated then '' else ' (not validated)' end) as line
      from pg_catalog.pg_constraint k join pg_catalog.pg_class c on c.oid = k.conrelid
      join pg_catalog.pg_namespace n on n.oid = c.relnamespace
      where n.nspname = $1 and k.contype <> 'n'`,
  },
  {
    title: 'indexes',
    query: `
      select pg_catalog.pg_get_indexdef(i.indexrelid) || case when i.indisvalid then '' else ' (invalid)' end as line
      from pg_catalog.pg_index i join pg_catalog.pg_class c on c.oid = i.indrelid
      join pg_catalog.pg_namespace n on n.oid = c.relnamespace
      where n.nspname = $1`,
  },
  {
    title: 'triggers',
    query: `
      select pg_catalog.pg_get_triggerdef(t.oid) || case t.tgenabled when 'O' then '' else ' (state ' || t.tgenabled::text || ')' end as line
      from pg_catalog.pg_trigger t join pg_catalog.pg_class c on c.oid = t.tgrelid
      join pg_catalog.pg_namespace n on n.oid = c.relnamespace
      where n.nspname = $1 and not t.tgisinternal`,
  },
  {
    title: 'functions',
    query: `
      select pg_catalog.format('%s %I.%I(%s)%s language %s %s%s%s%s%s, body %s',
        case p.prokind when 'p' then 'procedure' when 'a' then 'aggregate' else 'function' end, n.nspname, p.proname,
        pg_catalog.pg_get_function_arguments(p.oid), coalesce(' returns ' || pg_catalog.pg_get_function_result(p.oid), ''),
        l.lanname, case p.provolatile when 'i' then 'immutable' when 's' then 'stable' else 'volatile' end,
        case when p.proisstrict then ' strict' else '' end, case when p.prosecdef then ' security definer' else '' end,
        case p.proparallel when 's' then ' parallel safe' when 'r' then ' parallel restricted' else '' end,
        coalesce(' set ' || pg_catalog.array_to_string(p.proconfig, ', '), ''), pg_catalog.md5(p.prosrc)) as line
      from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace
      join pg_catalog.pg_language l on l.oid = p.prolang
      where n.nspname = $1`,
  },
  {
    title: 'views',
    query: `
      select pg_catalog.format('view %I.%I%s as%s', n.nspname, c.relname,
        coalesce(' with (' || pg_catalog.array_to_string(c.reloptions, ', ') || ')', ''),
        pg_catalog.regexp_replace(pg_catalog.pg_get_viewdef(c.oid, true), '\\s+', ' ', 'g')) as line
      from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
      where n.nspname = $1 and c.relkind in ('v', 'm')`,
  },
  {
    title: 'policies',
    query: `
      select pg_catalog.format('policy %I on %I.%I as %s for %s to %s%s%s', policyname, schemaname, tablename, lower(permissive),
        lower(cmd), (select pg_catalog.string_agg(r::text, ', ' order by r) from unnest(roles) r),
        coalesce(' using ' || qual, ''), coalesce(' with check ' || with_check, '')) as line
      from pg_catalog.pg_policies where schemaname = $1`,
  },
  {
    title: 'grants on tables, views and sequences',
    query: `
      select pg_catalog.format('grant %s on %I.%I to %s', string_agg(
          lower(a.privilege_type) || case when a.is_grantable then '*' else '' end, ', ' order by a.privilege_type),
        n.nspname, c.relname, case when a.grantee = 0 then 'public' else a.grantee::pg_catalog.regrole::text end) as line
      from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace,
        pg_catalog.aclexplode(c.relacl) a
      where n.nspname = $1 and a.grantee <> c.relowner
      group by n.nspname, c.relname, a.grantee`,
  },
  {
    title: 'grants on columns',
    query: `
      select pg_catalog.format('grant %s (%s) on %I.%I to %s', lower(a.privilege_type),
        string_agg(pg_catalog.quote_ident(t.attname) || case when a.is_grantable then '*' else '' end, ', ' order by t.attname),
        n.nspname, c.relname, case when a.grantee = 0 then 'public' else a.grantee::pg_catalog.regrole::text end) as line
      from pg_catalog.pg_attribute t join pg_catalog.pg_class c on c.oid = t.attrelid
      join pg_catalog.pg_namespace n on n.oid = c.relnamespace,
        pg_catalog.aclexplode(t.attacl) a
      where n.nspname = $1 and a.grantee <> c.relowner and not t.attisdropped
      group by n.nspname, c.relname, a.grantee, a.privilege_type`,
  },
  {
    // A function without an access list may be executed by everybody.
    title: 'grants on functions',
    query: `
      select pg_catalog.format('grant execute on %I.%I(%s) to %s', n.nspname, p.proname, pg_catalog.pg_get_function_identity_arguments(p.oid),
        case when a.grantee = 0 then 'public' else a.grantee::pg_catalog.regrole::text end) as line
      from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace,
        pg_catalog.aclexplode(coalesce(p.proacl, pg_catalog.acldefault('f', p.proowner))) a
      where n.nspname = $1 and a.grantee <> p.proowner`,
  },
  {
    title: 'comments',
    query: `
      select pg_catalog.format('comment on %s %s: %s', o.type, o.identity, d.description) as line
      from pg_catalog.pg_description d, pg_catalog.pg_identify_object(d.classoid, d.objoid, d.objsubid) o
      where o.schema = $1`,
  },
];

/**
 * The schema as text. The same schema gives the same text, whoever owns it and in whatever order it was made.
 * @param client a connection that is not in a transaction
 */
export async function catalogSnapshot(client: ClientBase, schema = 'touchline'): Promise<string> {
  const parts: string[] = [];
  // With an empty search_path every name is printed with its schema.
  await client.query("begin isolation level repeatable read read only; set local search_path = ''");
  try {
    for (const { title, query } of sections) {
      const { rows } = await client.query<{ line: string }>(query, [schema]);
      // Sorted here and not by the server, whose collation may differ.
      const lines = rows.map(({ line }) => line).toSorted();
      parts.push([`-- ${title}`, ...lines, ''].join('\n'));
    }
  } finally {
    await client.query('rollback');
  }
  return parts.join('\n');
}
