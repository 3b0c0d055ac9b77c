// How the whole queue stands, in one cheap read: two looks by index per lane, and counts that end somewhere. Never by a scan of the
// queue, which is longest when somebody wants to know.
import type { ClientBase } from 'pg';
import type { QueueState } from '../../engine/queue-state.ts';
import type { Channel } from '../../generated/rows.ts';

/** What the counts end at; the catalog of metrics and docs/metrics.md say so. */
const mostLanes = 1000;
const mostPerLane = 10_000;
const mostBacklog = 100_000;
const mostUnproved = 100_000;
/** Businesses that are told one by one. */
const shownBusinesses = 20;

/**
 * Lanes with something due, as a query on `m (now)`. The look begins above the lane's low watermark, as that of a claim does, so that
 * it stays cheap while old versions pile up. `ready_at`: since when the lane might have sent it: its rate and a pause that ended count.
 * `unclaimed_at`: since when no claim looked at it: every claim leaves the lane's pointer at its own moment or later.
 */
export const dueLanes = `
  select l.*, l.is_open and l.ready_at <= l.now as may_send,
    greatest(l.ready_at, case when l.next_due_at <= l.now then l.next_due_at end) as unclaimed_at
  from (
    select d.business_id, d.channel, d.next_due_at, d.floor_due_at, d.floor_enrollment_id, q.due_at, m.now,
      d.blocked_at is null and coalesce(a.status = 'active' or a.paused_until <= m.now, false) as is_open,
      greatest(q.due_at, a.paused_until, case when a.rate_per_hour is not null then a.next_slot_at end) as ready_at
    from m
    cross join touchline.business_dispatch d
    left join touchline.sender_accounts a on (a.business_id, a.channel) = (d.business_id, d.channel) and a.in_use
    cross join lateral (
      select t.due_at
      from touchline.touch_queue t
      where t.business_id = d.business_id
        and t.channel = d.channel
        and (t.due_at, t.enrollment_id) > (d.floor_due_at, d.floor_enrollment_id)
        and t.due_at <= m.now
        and t.claim_id is null
      order by t.due_at, t.enrollment_id
      limit 1
    ) q
  ) l`;

const state = `
  with m as materialized (
    select pg_catalog.clock_timestamp() as now
  ), lanes as materialized (${dueLanes}
  ), counted as materialized (
    select c.business_id, c.channel
    from (select l.* from lanes l order by l.due_at limit ${mostLanes}) c
    cross join lateral (
      select from touchline.touch_queue t
      where t.business_id = c.business_id
        and t.channel = c.channel
        and (t.due_at, t.enrollment_id) > (c.floor_due_at, c.floor_enrollment_id)
        and t.due_at <= c.now
        and t.claim_id is null
      limit ${mostPerLane}
    ) q
    limit ${mostBacklog}
  ), backlogs as materialized (
    select b.business_id, sum(b.touches)::integer as touches, pg_catalog.bool_or(b.touches >= ${mostPerLane}) as is_capped,
      pg_catalog.row_number() over (order by sum(b.touches) desc, b.business_id) as place
    from (select c.business_id, c.channel, pg_catalog.count(*) as touches from counted c group by c.business_id, c.channel) b
    group by b.business_id
  )
  select pg_catalog.row_security_active('touchline.touch_queue') as is_blind,
    (select pg_catalog.count(*) > 0 from touchline.safe_mode()) as is_safe_mode,
    (select extract(epoch from max(l.now - l.ready_at))::double precision from lanes l where l.may_send) as lag,
    (select extract(epoch from max(l.now - l.unclaimed_at))::double precision from lanes l where l.may_send) as unclaimed,
    (select pg_catalog.count(*)::integer from lanes) as due_lanes,
    (select pg_catalog.count(*)::integer from touchline.business_dispatch d where d.blocked_at is not null) as blocked_lanes,
    (select pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object('businessId', b.business_id, 'touches', b.touches) order by b.place)
      from backlogs b where b.place <= ${shownBusinesses}) as backlogs,
    (select coalesce(sum(b.touches), 0)::integer from backlogs b where b.place > ${shownBusinesses}) as other_backlog,
    (select pg_catalog.count(*) > ${mostLanes} from lanes) or coalesce((select pg_catalog.bool_or(b.is_capped)
      or sum(b.touches) >= ${mostBacklog} from backlogs b), false) as is_capped,
    (select pg_catalog.count(*)::integer from (
      select from touchline.touch_queue t where t.blocked_by = 'unknown' limit ${mostUnproved}) u) as unknown,
    (select pg_catalog.count(*)::integer from (
      select from touchline.touch_queue t where t.blocked_by = 'held' limit ${mostUnproved}) u) as held,
    (select pg_catalog.jsonb_agg(pg_catalog.to_jsonb(p) order by p.channel, p.kind) from (
      select a.channel, a.kind, pg_catalog.count(*) as accounts
      from touchline.sender_accounts a
      where a.in_use and a.status = 'paused'
      group by a.channel, a.kind) p) as paused`;

interface Row {
  is_blind: boolean;
  is_safe_mode: boolean;
  lag: number | null;
  unclaimed: number | null;
  due_lanes: number;
  blocked_lanes: number;
  backlogs: { businessId: string; touches: number }[] | null;
  other_backlog: number;
  is_capped: boolean;
  unknown: number;
  held: number;
  paused: { channel: Channel; kind: string; accounts: number }[] | null;
}

// Statistics may be of a time when the queue was empty; a plan made from them would walk all of it for every lane.
export const plannerSettings =
  'set local enable_seqscan = off; set local enable_bitmapscan = off; set local jit = off; set local max_parallel_workers_per_gather = 0';

/**
 * Within a transaction of the operator, whose planner settings it changes.
 * @throws Error where row level security would hide the businesses: what looks quiet would be unseen
 */
export async function readQueueState(client: ClientBase): Promise<QueueState> {
  await client.query(plannerSettings);
  const [row] = (await client.query<Row>(state)).rows;
  if (row === undefined || row.is_blind) {
    throw new Error('The queue cannot be seen: service_role has no BYPASSRLS (touchline doctor says what to do).');
  }
  return {
    isSafeMode: row.is_safe_mode,
    lagSeconds: Math.max(0, row.lag ?? 0),
    dueUnclaimedSeconds: row.is_safe_mode ? 0 : Math.max(0, row.unclaimed ?? 0),
    dueLanes: row.due_lanes,
    blockedLanes: row.blocked_lanes,
    backlogs: row.backlogs ?? [],
    otherBacklog: row.other_backlog,
    isBacklogCapped: row.is_capped,
    unknown: row.unknown,
    held: row.held,
    pausedAccounts: row.paused ?? [],
  };
}
