// Who keeps old versions of rows alive: a transaction that stays open, a standby, a slot, a prepared transaction. Vacuum removes nothing
// that any of them might still read, and the queue writes more old versions than anything else.
import { type ClientBase, escapeLiteral } from 'pg';
import { figure, megabytes, span } from './amounts.ts';
import { type Finding, orOk } from './finding.ts';

export interface Holder {
  kind: 'session' | 'standby' | 'slot' | 'prepared';
  /** The process, the slot or the prepared transaction. */
  name: string;
  user_name: string | null;
  application: string | null;
  /** As Postgres calls it: `idle in transaction`, `streaming`. */
  state: string | null;
  /** For how long; null where nobody knows. */
  seconds: number | null;
  /** How many transactions began since what it may still read; null: it keeps no versions, only locks. */
  transactions: number | null;
  /** WAL that is kept for it. */
  kept_bytes: number | null;
}

export interface Holders {
  /** Whether sessions of other users can be seen. */
  sees_all: boolean;
  user_name: string;
  holders: Holder[];
}

const warningSeconds = 300;
const problemSeconds = 3_600;
const warningTransactions = 50_000;
const problemTransactions = 1_000_000;
const warningBytes = 4 * 1024 ** 3;

const held = `
  select 'session' as kind, a.pid::text as name, a.usename::text as user_name, a.application_name as application, a.state,
    extract(epoch from pg_catalog.clock_timestamp() - a.xact_start)::double precision as seconds,
    greatest(pg_catalog.age(a.backend_xmin), pg_catalog.age(a.backend_xid)) as transactions, null::double precision as kept_bytes
  from pg_catalog.pg_stat_activity a
  where a.datname = pg_catalog.current_database()
    and a.pid <> pg_catalog.pg_backend_pid()
    and a.xact_start is not null
    and a.backend_type not like 'autovacuum%'
  union all
  select 'standby', r.pid::text, r.usename::text, r.application_name, r.state, null, pg_catalog.age(r.backend_xmin), null
  from pg_catalog.pg_stat_replication r
  where r.backend_xmin is not null
  union all
  select 'slot', s.slot_name::text, null, s.plugin::text, case when s.active then 'active' else 'inactive' end, null,
    greatest(pg_catalog.age(s.xmin), pg_catalog.age(s.catalog_xmin)),
    case when not pg_catalog.pg_is_in_recovery()
      then pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_current_wal_lsn(), s.restart_lsn)::double precision end
  from pg_catalog.pg_replication_slots s
  union all
  select 'prepared', p.gid, p.owner::text, null, 'prepared',
    extract(epoch from pg_catalog.clock_timestamp() - p.prepared)::double precision, pg_catalog.age(p.transaction), null
  from pg_catalog.pg_prepared_xacts p
  where p.database = pg_catalog.current_database()
  order by transactions desc nulls last, seconds desc nulls last`;

const mayLook = `
  select pg_catalog.pg_has_role(current_user, 'pg_read_all_stats', 'USAGE') as sees_all, current_user::text as user_name`;

function nameOf({ kind, name, user_name, application, state }: Holder): string {
  const known = [user_name, application].filter((part) => part !== null && part !== '').join(', ');
  const who = known === '' ? '' : ` (${known})`;
  const names = {
    session: `Session ${name}${who} is ${state ?? 'open'}`,
    standby: `The standby of WAL sender ${name}${who} reads`,
    slot: `The ${state} replication slot ${name}${who} is kept`,
    prepared: `The prepared transaction ${name}${who} waits`,
  };
  return names[kind];
}

function cureOf({ kind, name, state }: Holder): string {
  const idle = state === 'idle in transaction' ? ', and let idle_in_transaction_session_timeout end the next one' : '';
  return {
    session: `Ask whose it is, then: select pg_terminate_backend(${name}, 5000);${idle}`,
    standby:
      'End the long query on the standby, or set hot_standby_feedback = off there: then its queries are cancelled instead.',
    slot: `Start what reads it, or, when nothing does any more: select pg_drop_replication_slot(${escapeLiteral(name)});`,
    prepared: `Ask whose it is, then: rollback prepared ${escapeLiteral(name)};`,
  }[kind];
}

function judgeHolder(holder: Holder): Finding[] {
  const { seconds, transactions, kept_bytes } = holder;
  const over = (mostSeconds: number, mostTransactions: number): boolean =>
    (seconds ?? 0) >= mostSeconds || (transactions ?? 0) >= mostTransactions;
  const keepsWal = holder.state === 'inactive' && (kept_bytes ?? 0) >= warningBytes;
  if (!over(warningSeconds, warningTransactions) && !keepsWal) return [];
  const since = seconds === null ? '' : ` since ${span(seconds)}`;
  const what =
    transactions === null
      ? 'it keeps its locks'
      : `what changed in the last ${figure(transactions)} transactions cannot be vacuumed`;
  const wal = keepsWal ? `, and ${megabytes(kept_bytes ?? 0)} of WAL are kept for it` : '';
  const state = over(problemSeconds, problemTransactions) ? 'problem' : 'warning';
  return [{ check: 'snapshots', state, detail: `${nameOf(holder)}${since}: ${what}${wal}.`, fix: cureOf(holder) }];
}

export function judgeHolders({ sees_all, user_name, holders }: Holders): Finding[] {
  const check = 'snapshots';
  const blind: Finding[] = sees_all
    ? []
    : [
        {
          check,
          state: 'warning',
          detail: `${user_name} sees its own sessions only, so that others may hold back vacuum unseen.`,
          fix: `As a superuser: grant pg_monitor to ${user_name};`,
        },
      ];
  return orOk(check, 'Nothing holds back vacuum.', [...blind, ...holders.flatMap(judgeHolder)]);
}

export async function checkSnapshots(client: ClientBase): Promise<Finding[]> {
  const [seen] = (await client.query<{ sees_all: boolean; user_name: string }>(mayLook)).rows;
  const { rows } = await client.query<Holder>(held);
  return judgeHolders({ sees_all: seen?.sees_all === true, user_name: seen?.user_name ?? '', holders: rows });
}
