// Whether vacuum keeps up: dead rows against the number at which autovacuum comes, whether it may come at all, and how far transaction
// ids are from their end.
import type { ClientBase } from 'pg';
import { figure, span } from './amounts.ts';
import { type Finding, orOk } from './finding.ts';

export interface TableHealth {
  name: string;
  live: number;
  dead: number;
  /** So many dead rows call autovacuum. */
  threshold: number;
  /** Since the last vacuum, by hand or not; null: never. */
  vacuumed_seconds: number | null;
  is_enabled: boolean;
}

export interface VacuumHealth {
  autovacuum: boolean;
  track_counts: boolean;
  /** Transactions since the oldest row version that is not frozen. */
  xid_age: number;
  /** Where that is. */
  oldest_table: string;
  freeze_max_age: number;
}

// Fewer are nothing to talk about; autovacuum looks once a minute, so up to twice the threshold is usual.
const leastDead = 10_000;
const warningShare = 2;
const problemShare = 10;
// A billion is half of what there are.
const problemAge = 1_000_000_000;

const tablesSql = `
  select c.relname::text as name, s.n_live_tup::double precision as live, s.n_dead_tup::double precision as dead,
    least(nullif(pg_catalog.current_setting('autovacuum_vacuum_max_threshold', true), '-1')::double precision,
      coalesce(o.threshold, pg_catalog.current_setting('autovacuum_vacuum_threshold'))::double precision
      + coalesce(o.scale_factor, pg_catalog.current_setting('autovacuum_vacuum_scale_factor'))::double precision
        * greatest(c.reltuples, 0)) as threshold,
    extract(epoch from pg_catalog.clock_timestamp() - greatest(s.last_vacuum, s.last_autovacuum))::double precision as vacuumed_seconds,
    coalesce(o.is_enabled, 'true')::boolean as is_enabled
  from pg_catalog.pg_class c
  join pg_catalog.pg_stat_user_tables s on s.relid = c.oid
  cross join lateral (
    select max(x.option_value) filter (where x.option_name = 'autovacuum_vacuum_threshold') as threshold,
      max(x.option_value) filter (where x.option_name = 'autovacuum_vacuum_scale_factor') as scale_factor,
      max(x.option_value) filter (where x.option_name = 'autovacuum_enabled') as is_enabled
    from pg_catalog.pg_options_to_table(c.reloptions) x
  ) o
  where c.relnamespace = 'touchline'::pg_catalog.regnamespace and c.relkind = 'r'
  order by c.relname`;

const serverSql = `
  select pg_catalog.current_setting('autovacuum')::boolean as autovacuum, pg_catalog.current_setting('track_counts')::boolean as track_counts,
    pg_catalog.age(d.datfrozenxid) as xid_age, pg_catalog.current_setting('autovacuum_freeze_max_age')::integer as freeze_max_age,
    (select c.oid::pg_catalog.regclass::text from pg_catalog.pg_class c where c.relkind in ('r', 'm', 't')
      order by pg_catalog.age(c.relfrozenxid) desc limit 1) as oldest_table
  from pg_catalog.pg_database d
  where d.datname = pg_catalog.current_database()`;

/** Dead rows that wait for a vacuum, table by table. */
export function judgeTables(tables: readonly TableHealth[]): Finding[] {
  const found = tables.flatMap(({ name, live, dead, threshold, vacuumed_seconds }): Finding[] => {
    if (dead < leastDead || dead < threshold * warningShare) return [];
    const last = vacuumed_seconds === null ? 'It was never vacuumed.' : `Last vacuum: ${span(vacuumed_seconds)} ago.`;
    return [
      {
        check: 'dead rows',
        state: dead < threshold * problemShare ? 'warning' : 'problem',
        detail: `${name} has ${figure(dead)} dead rows beside ${figure(live)} live ones; autovacuum should come at ${figure(threshold)}. ${last}`,
        fix: `Run: vacuum (verbose) touchline.${name}; and where it says that rows are dead but not yet removable, first end what holds them (snapshots).`,
      },
    ];
  });
  return orOk('dead rows', 'Vacuum keeps up with every table.', found);
}

/** Whether autovacuum may work at all. */
export function judgeVacuum(server: VacuumHealth, tables: readonly TableHealth[]): Finding[] {
  const check = 'autovacuum';
  const { autovacuum, track_counts, xid_age, oldest_table, freeze_max_age } = server;
  const off = [...(autovacuum ? [] : ['autovacuum']), ...(track_counts ? [] : ['track_counts'])].map(
    (setting): Finding => ({
      check,
      state: 'problem',
      detail: `${setting} is off for the whole server: dead rows pile up, and in the end transaction ids run out.`,
      fix: `As a superuser: alter system set ${setting} = on; select pg_reload_conf();`,
    }),
  );
  const disabled = tables
    .filter(({ is_enabled }) => !is_enabled)
    .map(
      ({ name }): Finding => ({
        check,
        state: 'problem',
        detail: `autovacuum is off for ${name}.`,
        fix: `Run: alter table touchline.${name} reset (autovacuum_enabled);`,
      }),
    );
  const isOld = xid_age >= Math.min(freeze_max_age * 1.5, problemAge);
  const old: Finding = {
    check,
    state: xid_age >= problemAge ? 'problem' : 'warning',
    detail: `The oldest row version is ${figure(xid_age)} transactions old, in ${oldest_table}; at 2,000,000,000 the server stops writing.`,
    fix: `Run: vacuum (freeze, verbose) ${oldest_table}; and look under snapshots for what holds it back.`,
  };
  return orOk(check, 'Autovacuum is on, and transaction ids are far from their end.', [
    ...off,
    ...disabled,
    ...(isOld ? [old] : []),
  ]);
}

export async function checkVacuum(client: ClientBase): Promise<Finding[]> {
  const tables = (await client.query<TableHealth>(tablesSql)).rows;
  const [server] = (await client.query<VacuumHealth>(serverSql)).rows;
  return [...(server === undefined ? [] : judgeVacuum(server, tables)), ...judgeTables(tables)];
}
