// The walls between tenants: roles, grants, row level security, and an owner who is none of the roles that work.
import type { ClientBase } from 'pg';
import { type Finding, judge } from './finding.ts';

interface RoleRow {
  role: string;
  present: boolean;
  /** Whether the connection may become it. */
  reachable: boolean;
  usage: boolean;
  bypasses: boolean;
}

const roles = `
  select n.name as role, r.oid is not null as present, coalesce(r.rolsuper or r.rolbypassrls, false) as bypasses,
    r.oid is not null and pg_catalog.pg_has_role(current_user, r.oid,
      case when pg_catalog.current_setting('server_version_num')::int >= 160000 then 'SET' else 'MEMBER' end) as reachable,
    r.oid is not null and pg_catalog.has_schema_privilege(r.oid, 'touchline', 'usage') as usage
  from pg_catalog.unnest('{anon,authenticated,service_role,touchline_worker}'::text[]) n (name)
  left join pg_catalog.pg_roles r on r.rolname = n.name`;

const blind =
  'service_role has no BYPASSRLS, so commands that look see nothing. As a superuser: alter role service_role bypassrls;';

function judgeRole({ role, present, reachable, usage, bypasses }: RoleRow): string[] {
  if (role === 'anon') return usage ? ['anon, which is nobody, may use the schema touchline.'] : [];
  if (!present) return [`The role ${role} does not exist.`];
  return [
    ...(reachable ? [] : [`This connection may not become ${role}.`]),
    ...(usage ? [] : [`${role} may not use the schema touchline.`]),
    ...(role === 'service_role' && !bypasses ? [blind] : []),
    ...(role !== 'service_role' && bypasses ? [`${role} is not held by row level security.`] : []),
  ];
}

async function checkRoles(client: ClientBase): Promise<Finding> {
  const { rows } = await client.query<RoleRow>(roles);
  const fix = 'Run touchline migrate, as a superuser where it says so; docs/data-model/access.md says who may do what.';
  return judge(
    'roles',
    'authenticated, service_role and touchline_worker are there, with their grants.',
    rows.flatMap(judgeRole),
    fix,
  );
}

async function names(client: ClientBase, query: string): Promise<string[]> {
  return (await client.query<{ name: string }>(query)).rows.map(({ name }) => name);
}

const unprotected = `
  select c.relname::text as name
  from pg_catalog.pg_class c
  where c.relnamespace = 'touchline'::pg_catalog.regnamespace and c.relkind in ('r', 'p') and not c.relrowsecurity
  order by 1`;

const owners = `
  select distinct pg_catalog.pg_get_userbyid(o.owner)::text as name
  from (
    select n.nspowner from pg_catalog.pg_namespace n where n.nspname = 'touchline'
    union
    select c.relowner from pg_catalog.pg_class c where c.relnamespace = 'touchline'::pg_catalog.regnamespace
    union
    select p.proowner from pg_catalog.pg_proc p where p.pronamespace = 'touchline'::pg_catalog.regnamespace
  ) o (owner)
  order by 1`;

const heirs = `
  select r.rolname::text as name
  from pg_catalog.pg_roles r, pg_catalog.pg_namespace n
  where r.rolname in ('anon', 'authenticated', 'service_role', 'touchline_worker')
    and n.nspname = 'touchline' and pg_catalog.pg_has_role(r.oid, n.nspowner, 'MEMBER')
  order by 1`;

async function checkOwner(client: ClientBase): Promise<Finding> {
  const [found, members] = [await names(client, owners), await names(client, heirs)];
  const several = found.length > 1 ? [`Several roles own parts of the schema: ${found.join(', ')}.`] : [];
  const wrong = members.map(
    (role) => `${role} is, or may become, the owner of the schema, whom row level security does not hold.`,
  );
  const fix = 'Give schema touchline with all in it to one role that no program works as (alter … owner to …).';
  return judge(
    'owner',
    `${found.join(', ')} owns the schema, and no role that works is that role.`,
    [...several, ...wrong],
    fix,
  );
}

export async function checkWalls(client: ClientBase): Promise<Finding[]> {
  const bare = (await names(client, unprotected)).map((table) => `The table ${table} has no row level security.`);
  const fix = 'Run: alter table touchline.TABLE enable row level security;';
  return [
    await checkRoles(client),
    judge('rls', 'Every table has row level security.', bare, fix),
    await checkOwner(client),
  ];
}
