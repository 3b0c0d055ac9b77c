// The roles that work belong to the server and are no part of a dump: one that was restored on a server without them has lost every
// grant and policy, and looks whole.
import type { ClientBase } from 'pg';
import { MigrateRefused } from './problem.ts';

const lost = `
  select w.name
  from pg_catalog.unnest(array['anon', 'authenticated', 'service_role', 'touchline_worker']) w (name)
  left join pg_catalog.pg_roles r on r.rolname = w.name
  where pg_catalog.to_regclass('touchline.businesses') is not null
    and (r.oid is null
      -- Made after the restore: they are there, and nothing is granted to any of them.
      or w.name <> 'anon' and not exists (
        select from pg_catalog.pg_roles g
        join pg_catalog.pg_namespace n on n.nspname = 'touchline'
        where g.rolname in ('authenticated', 'service_role', 'touchline_worker')
          and pg_catalog.has_schema_privilege(g.oid, n.oid, 'USAGE') and not g.rolsuper))
  order by w.name`;

/** How what was lost comes back. */
export const rolesCure =
  'Run touchline migrate on an empty database of this server, which makes the roles (or pg_dumpall --roles-only on the old one); then restore the dump into a new database.';

/** What was lost in words; undefined: nothing. */
export async function lostRoles(client: ClientBase): Promise<string | undefined> {
  const { rows } = await client.query<{ name: string }>(lost);
  if (rows.length === 0) return undefined;
  const names = rows.map(({ name }) => name).join(', ');
  return `This database lacks what was granted to the roles ${names}, as one does that was restored on a server without them.`;
}

/** @throws MigrateRefused `roles_missing` */
export async function refuseLostRoles(client: ClientBase): Promise<void> {
  const words = await lostRoles(client);
  if (words !== undefined) throw new MigrateRefused('roles_missing', `${words} Nothing was changed. ${rolesCure}`);
}
