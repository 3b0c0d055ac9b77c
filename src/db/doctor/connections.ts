// How many connections are left. When there are none, workers wait, and nobody can look why.
import type { ClientBase } from 'pg';
import type { Finding } from './finding.ts';

export interface ConnectionUse {
  taken: number;
  /** Without those that are reserved for superusers. */
  most: number;
  /** Whose they are, the most first. */
  groups: { name: string; count: number }[];
}

const warningShare = 0.8;
const problemShare = 0.95;
const shownGroups = 4;

const used = `
  select (select pg_catalog.count(*)::integer from pg_catalog.pg_stat_activity a where a.backend_type = 'client backend') as taken,
    pg_catalog.current_setting('max_connections')::integer - pg_catalog.current_setting('superuser_reserved_connections')::integer
      - coalesce(pg_catalog.current_setting('reserved_connections', true), '0')::integer as most,
    coalesce((select pg_catalog.jsonb_agg(pg_catalog.to_jsonb(g) order by g.count desc, g.name) from (
      select coalesce(nullif(a.application_name, ''), a.usename::text, 'unknown') as name, pg_catalog.count(*) as count
      from pg_catalog.pg_stat_activity a
      where a.backend_type = 'client backend'
      group by 1) g), '[]') as groups`;

export function judgeConnections({ taken, most, groups }: ConnectionUse): Finding {
  const check = 'connections';
  const share = taken / Math.max(1, most);
  const count = `${taken} of ${most} connections are taken`;
  if (share < warningShare) return { check, state: 'ok', detail: `${count}.`, fix: '' };
  const whose = groups.slice(0, shownGroups).map(({ name, count: own }) => `${name} ${own}`);
  return {
    check,
    state: share < problemShare ? 'warning' : 'problem',
    detail: `${count}: ${whose.join(', ')}.`,
    fix: 'Make the pools of the largest smaller, or end it; docs/operations.md counts what Touchline needs. max_connections is raised only by a restart.',
  };
}

export async function checkConnections(client: ClientBase): Promise<Finding[]> {
  return (await client.query<ConnectionUse>(used)).rows.map(judgeConnections);
}
