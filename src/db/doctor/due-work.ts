// Whether somebody claims what is due: the same look as touchline_due_unclaimed_seconds takes, with names.
import type { ClientBase } from 'pg';
import { dueLanes, plannerSettings } from '../read/queue-state.ts';
import { span } from './amounts.ts';
import { type Finding, orOk } from './finding.ts';

interface WaitingLane {
  business_id: string;
  business: string;
  channel: string;
  /** Since something is due, it may be sent, and no claim looked. */
  seconds: number;
}

interface BlockedLane {
  business_id: string;
  business: string;
  channel: string;
  blocked_at: Date;
  reason: string;
}

interface LastClaim {
  worker: string;
  claimed_at: Date;
}

export interface DueWork {
  /** Those that waited longest, longest first. */
  waiting: WaitingLane[];
  blocked: BlockedLane[];
  lastClaim: LastClaim | undefined;
}

// A worker looks every half minute, whatever it missed.
const problemSeconds = 120;
const shownLanes = 5;

const waitingSql = `
  with m as materialized (
    select pg_catalog.clock_timestamp() as now
  ), lanes as materialized (${dueLanes}
  )
  select l.business_id, b.name as business, l.channel, extract(epoch from l.now - l.unclaimed_at)::double precision as seconds
  from lanes l
  join touchline.businesses b on b.id = l.business_id
  where l.may_send and not exists (select from touchline.safe_mode())
  order by l.unclaimed_at
  limit ${shownLanes}`;

const blockedSql = `
  select d.business_id, b.name as business, d.channel, d.blocked_at, d.blocked_reason as reason
  from touchline.business_dispatch d
  join touchline.businesses b on b.id = d.business_id
  where d.blocked_at is not null
  order by d.blocked_at`;

// A claim whose messages are all settled is forgotten; then the newest messages of those who wait tell.
const lastClaimSql = `
  select c.worker, c.claimed_at
  from (
    select k.worker, k.claimed_at from touchline.lane_claims k
    union all
    select a.worker, a.started_at
    from pg_catalog.unnest($1::uuid[]) w (business_id)
    cross join lateral (
      select l.business_id, l.id, l.attempt from touchline.send_logs l where l.business_id = w.business_id order by l.id desc limit 1) l
    join touchline.send_attempts a on (a.business_id, a.send_log_id, a.attempt) = (l.business_id, l.id, l.attempt)
  ) c
  order by c.claimed_at desc
  limit 1`;

export function judgeDueWork({ waiting, blocked, lastClaim }: DueWork): Finding[] {
  const check = 'worker';
  const late = waiting.filter(({ seconds }) => seconds >= problemSeconds);
  const lines = late.map(
    ({ business, business_id, channel, seconds }) =>
      `${channel} of ${business} (${business_id}) has something due and nobody claims it since ${span(seconds)}.`,
  );
  const last =
    lastClaim === undefined
      ? 'No claim is known.'
      : `The last known claim: ${lastClaim.claimed_at.toISOString()} by ${lastClaim.worker}.`;
  const [first, ...more] = lines;
  const stopped: Finding[] =
    first === undefined
      ? []
      : [
          {
            check,
            state: 'problem',
            detail: first,
            more: [...more, last],
            fix: 'Start a worker: touchline work (touchline start has one). If one runs, its terminal says what keeps it; docs/operations.md goes on from there.',
          },
        ];
  const left = blocked.map(
    ({ business, business_id, channel, blocked_at, reason }): Finding => ({
      check: 'lanes',
      state: 'problem',
      detail: `${channel} of ${business} is left out since ${blocked_at.toISOString()}: ${reason}`,
      fix: `Mend what it names, then: update touchline.business_dispatch set blocked_at = null, blocked_reason = null where business_id = '${business_id}' and channel = '${channel}';`,
    }),
  );
  return [...orOk(check, 'Whatever is due and may be sent is claimed.', stopped), ...left];
}

/** Within a transaction of the operator, who sees every business. */
export async function checkDueWork(client: ClientBase): Promise<Finding[]> {
  await client.query(plannerSettings);
  const waiting = (await client.query<WaitingLane>(waitingSql)).rows;
  const blocked = (await client.query<BlockedLane>(blockedSql)).rows;
  const businessIds = waiting.map(({ business_id }) => business_id);
  const [lastClaim] = (await client.query<LastClaim>(lastClaimSql, [businessIds])).rows;
  return judgeDueWork({ waiting, blocked, lastClaim });
}
