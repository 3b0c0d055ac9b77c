// Weakened copies of the walls, generated from the catalog: each must be noticed by the probes of its kind.
import type pg from 'pg';
import { type DatabaseRole, databaseRoles } from './actors.ts';
import { tenantForeignKeys, tenantUniqueKeys } from './key-walls.ts';

export interface Mutant {
  name: string;
  table: string;
  sql: string;
}

interface Policy {
  name: string;
  table: string;
  using: string | null;
  check: string | null;
}

/** Terms of a top-level AND; one term when there is none. */
export function andTerms(expression: string): string[] {
  const inner = expression.startsWith('(') && expression.endsWith(')') ? expression.slice(1, -1) : expression;
  const terms: string[] = [];
  let depth = 0;
  let term = '';
  for (const word of inner.split(/(\s+AND\s+|[()])/)) {
    if (word === '(') depth += 1;
    if (word === ')') depth -= 1;
    if (depth < 0) return [expression];
    if (depth === 0 && /^\s+AND\s+$/.test(word)) {
      terms.push(term);
      term = '';
    } else {
      term += word;
    }
  }
  return [...terms, term];
}

const widerLists = new Map([
  ['touchline.writable_business_ids', 'touchline.my_business_ids'],
  ['touchline.my_business_ids', 'touchline.readable_business_ids'],
  ['touchline.readable_business_ids', 'touchline.my_business_ids'],
]);

/** An expression made wrong in every way of the list: true, one AND term less, another list. */
function wrongExpressions(expression: string): { how: string; text: string }[] {
  const terms = andTerms(expression);
  const shorter = terms.map((dropped) => ({
    how: `without ${dropped}`,
    text: terms.filter((term) => term !== dropped).join(' and '),
  }));
  const list = [...widerLists].find(([name]) => expression.includes(name));
  const other = list ? [{ how: `with ${list[1]}`, text: expression.replace(list[0], list[1]) }] : [];
  return [{ how: 'true', text: 'true' }, ...(terms.length > 1 ? shorter : []), ...other];
}

function mutantsOfPolicy({ name, table, using, check }: Policy): Mutant[] {
  const alter = (clause: 'using' | 'with check', expression: string | null): Mutant[] =>
    expression === null
      ? []
      : wrongExpressions(expression).map(({ how, text }) => ({
          name: `${name}: ${clause} ${how}`,
          table,
          sql: `alter policy ${name} on touchline.${table} ${clause} (${text})`,
        }));
  return [
    { name: `${name}: dropped`, table, sql: `drop policy ${name} on touchline.${table}` },
    ...alter('using', using),
    ...alter('with check', check),
  ];
}

/** Policies weakened, and per table RLS switched off or a further permissive policy. */
export async function policyMutants(client: pg.Client): Promise<Mutant[]> {
  const { rows: policies } = await client.query<Policy>(
    `select p.polname as name, c.relname as table, pg_catalog.pg_get_expr(p.polqual, p.polrelid) as using,
       pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid) as check
     from pg_catalog.pg_policy p join pg_catalog.pg_class c on c.oid = p.polrelid
     where c.relnamespace = 'touchline'::regnamespace order by 2, 1`,
  );
  const { rows: names } = await client.query<{ table: string }>(
    `select relname as table from pg_catalog.pg_class
     where relnamespace = 'touchline'::regnamespace and relkind in ('r', 'p') order by 1`,
  );
  const wholeTables = names.flatMap(({ table }) => [
    {
      name: `${table}: row level security off`,
      table,
      sql: `alter table touchline.${table} disable row level security`,
    },
    {
      name: `${table}: a further policy`,
      table,
      sql: `create policy open on touchline.${table} for all using (true) with check (true)`,
    },
  ]);
  return [...policies.flatMap(mutantsOfPolicy), ...wholeTables];
}

/** The three lists of rules.md 28, each made too wide; noticed on a table of each kind. */
export function listMutants(): Mutant[] {
  const list = (name: string, how: string, condition: string): Mutant[] =>
    ['customers', 'campaigns', 'businesses'].map((table) => ({
      name: `${name} ${how}, seen on ${table}`,
      table,
      sql: `create or replace function touchline.${name}() returns uuid[] language sql stable security definer set search_path = ''
        as $$ select array_agg(business_id) from touchline.business_members where ${condition} $$`,
    }));
  return [
    ...list('my_business_ids', 'of everybody', 'true'),
    ...list('writable_business_ids', 'without the role', 'user_id = (select auth.uid())'),
    ...list('writable_business_ids', 'of everybody', `role in ('owner', 'manager')`),
    ...list('writable_business_ids', 'of owners only', `user_id = (select auth.uid()) and role = 'owner'`),
  ];
}

/** Every verb and column that a role does not have, granted. */
export async function grantMutants(client: pg.Client): Promise<Mutant[]> {
  const { rows } = await client.query<{ role: DatabaseRole; table: string; privilege: string }>(
    `with verbs as (
       select unnest('{SELECT,INSERT,UPDATE,DELETE,TRUNCATE,REFERENCES,TRIGGER}'::text[]) as verb)
     select r.role, c.relname as table, v.verb as privilege
     from unnest($1::text[]) r (role), pg_catalog.pg_class c, verbs v
     where c.relnamespace = 'touchline'::regnamespace and c.relkind in ('r', 'p', 'v')
       and not pg_catalog.has_table_privilege(r.role, c.oid, v.verb)
     union all
     select r.role, c.relname, v.verb || ' (' || a.attname || ')'
     from unnest($1::text[]) r (role), pg_catalog.pg_class c, verbs v, pg_catalog.pg_attribute a
     where c.relnamespace = 'touchline'::regnamespace and c.relkind in ('r', 'p', 'v') and v.verb in ('SELECT', 'INSERT', 'UPDATE')
       and a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
       and not pg_catalog.has_column_privilege(r.role, c.oid, a.attnum, v.verb)
     order by 2, 1, 3`,
    [databaseRoles],
  );
  return rows.map(({ role, table, privilege }) => ({
    name: `${role} gets ${privilege} on ${table}`,
    table,
    sql: `grant ${privilege} on touchline.${table} to ${role}`,
  }));
}

/** Every composite foreign key without its business. */
export async function foreignKeyMutants(client: pg.Client): Promise<Mutant[]> {
  return (await tenantForeignKeys(client)).map(({ name, table, parent, columns, parentColumns }) => ({
    name,
    table,
    sql: `create unique index on touchline.${parent} (${parentColumns.join(', ')});
      alter table touchline.${table} drop constraint ${name},
        add constraint ${name} foreign key (${columns.join(', ')}) references touchline.${parent} (${parentColumns.join(', ')})`,
  }));
}

/**
 * Every unique key without its business. It is added beside the right one: what it allows is a part of what that one
 * allows, so together they behave as if the right one were gone.
 */
export async function uniqueKeyMutants(client: pg.Client): Promise<Mutant[]> {
  return (await tenantUniqueKeys(client)).map(({ name, table, columns, predicate, nullsNotDistinct }) => ({
    name,
    table,
    sql: `create unique index on touchline.${table} (${columns.join(', ')})${nullsNotDistinct ? ' nulls not distinct' : ''}${
      predicate === null ? '' : ` where ${predicate}`
    }`,
  }));
}

/** Every function granted to everybody who may not execute it yet. */
export async function executeMutants(client: pg.Client): Promise<Mutant[]> {
  const { rows } = await client.query<{ role: string; signature: string }>(
    `select r.role, p.oid::regprocedure::text as signature
     from unnest($1::text[] || '{public}') r (role), pg_catalog.pg_proc p
     where p.pronamespace = 'touchline'::regnamespace
       and (r.role = 'public' or not pg_catalog.has_function_privilege(nullif(r.role, 'public'), p.oid, 'EXECUTE'))
     order by 2, 1`,
    [databaseRoles],
  );
  return rows.map(({ role, signature }) => ({
    name: `${role} executes ${signature}`,
    table: signature,
    sql: `grant execute on function ${signature} to ${role}`,
  }));
}

/** Every function a signed-in person may call that asks touchline.require_access(), asking no more. */
export async function authorizeMutants(client: pg.Client): Promise<Mutant[]> {
  const { rows } = await client.query<{ signature: string; definition: string }>(
    `select pg_catalog.replace(p.oid::regprocedure::text, 'touchline.', '') as signature,
       pg_catalog.pg_get_functiondef(p.oid) as definition
     from pg_catalog.pg_proc p
     where p.pronamespace = 'touchline'::regnamespace and p.prosrc ~ 'perform touchline\\.require_access\\('
       and pg_catalog.has_function_privilege('authenticated', p.oid, 'EXECUTE')
     order by 1`,
  );
  return rows.map(({ signature, definition }) => ({
    name: `${signature} without require_access()`,
    table: signature,
    sql: definition.replaceAll(/perform touchline\.require_access\([^;]*\);/g, 'null;'),
  }));
}
