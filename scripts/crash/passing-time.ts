// Lets the campaign's time pass: it runs by itself, and jumps to where the next thing happens when no message can be on its way.
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { withRole } from '../../src/db/client.ts';
import { type VirtualTime, virtualMs } from './virtual-time.ts';

interface Standing {
  /** In milliseconds: the next due moment, or the next at which a message whose end is not known is looked for; null: nothing ever. */
  nextAt: number | null;
  /** Messages whose end is not known. */
  open: number;
  /** In milliseconds: when the last attempt began that has not ended; null: none. */
  startedAt: number | null;
}

// What is due is asked of the queue: a lane's pointer is lowered by every stop and resume, and may lag until the next sweep. What an
// account that paused has due waits for it. A message nobody can be asked about is looked for no more (-infinity); one whose replay is
// forbidden, as its customer opted out, waits for the end of its evidence.
const standingSql = `
  with open as materialized (
    select l.business_id, l.id, case when e.error_code = 'replay_forbidden' then c.check_at
        else least(c.check_at, nullif(e.look_at, '-infinity')) end as next_at
    from touchline.lane_claims c
    cross join lateral unnest(c.send_log_ids) i (id)
    join touchline.send_logs l on (l.business_id, l.id) = (c.business_id, i.id)
    left join touchline.evidence_checks e on (e.business_id, e.send_log_id) = (l.business_id, l.id)
    where l.claim_id = c.claim_id and l.state in ('sending', 'unknown')
  ), due as (
    select greatest(q.due_at, case a.status when 'paused' then a.paused_until end) as next_at
    from touchline.business_dispatch d
    join touchline.sender_accounts a on (a.business_id, a.channel) = (d.business_id, d.channel) and a.in_use
    cross join lateral (
      select q.due_at from touchline.touch_queue q
      where (q.business_id, q.channel) = (d.business_id, d.channel) and q.due_at < 'infinity' and q.claim_id is null
      order by q.due_at limit 1) q
  )
  select (select extract(epoch from min(n.next_at))::float8 * 1000
      from (select o.next_at from open o union all table due) n) as "nextAt",
    (select pg_catalog.count(*)::integer from open) as open,
    (select extract(epoch from max(a.started_at))::float8 * 1000 from open o
      join touchline.send_attempts a on (a.business_id, a.send_log_id) = (o.business_id, o.id)
      where a.outcome is null) as "startedAt"`;

/** Undefined while the database is down, as it is now and then. */
async function ask<T extends object>(pool: pg.Pool, sql: string): Promise<T | undefined> {
  const asked = withRole(pool, { role: 'service_role' }, (client) => client.query<T>(sql));
  return asked.then(
    ({ rows }) => rows[0],
    () => undefined,
  );
}

export interface PassingOptions {
  pool: pg.Pool;
  time: VirtualTime;
  /** How long ago the last attempt must have begun, in virtual milliseconds: longer than a message has between its claim and its first byte. */
  quietMs: number;
  /** Whether no message is in a provider's hands. */
  areProvidersIdle: () => Promise<boolean>;
  /** Moves everybody. */
  jumpTo: (offsetMs: number) => void;
  /** Nothing is claimed any more, and it ends soon. */
  signal: AbortSignal;
  /** How long it then waits for messages whose end is not known, in milliseconds. */
  drainMs: number;
  /** Now and then. */
  onProgress: (moment: Date, progress: Progress) => void;
}

interface Progress {
  /** Enrollments that go on. */
  active: number;
  /** Messages whose end is not known. */
  open: number;
}

const activeSql = 'select pg_catalog.count(*)::integer as active from touchline.touch_queue';

const tellEveryMs = 15_000;
const lookEveryMs = 150;
/** While there is something to claim: the question is not cheap when very much is due, and nothing can be jumped over. */
const lookWhileBusyMs = 3_000;
/** Jumps lead a little beyond, so that what happens at about the same time happens together; in virtual milliseconds. */
const beyondMs = 600_000;

/** How far time may be moved now, in virtual milliseconds. */
function jumpFrom(moment: number, { nextAt, startedAt }: Standing, quietMs: number): number {
  if (nextAt === null || moment - (startedAt ?? 0) < quietMs || nextAt <= moment) return 0;
  return nextAt - moment + beyondMs;
}

/** Tells, now and then, how far it is. */
function teller({ pool, onProgress }: PassingOptions): (moment: number, open: number) => Promise<void> {
  let toldAt = 0;
  return async (moment, open) => {
    if (performance.now() - toldAt < tellEveryMs) return;
    toldAt = performance.now();
    const { active } = (await ask<{ active: number }>(pool, activeSql)) ?? { active: 0 };
    onProgress(new Date(moment), { active, open });
  };
}

/** Says whether a campaign that is to stop has waited enough. */
function patience({ signal, drainMs }: PassingOptions): () => boolean {
  let drainedAt = Number.POSITIVE_INFINITY;
  signal.addEventListener('abort', () => {
    drainedAt = performance.now() + drainMs;
  });
  return () => performance.now() >= drainedAt;
}

/**
 * How far time is moved once everything looks still. What a provider accepted after a jump, nobody would look for at that moment, and
 * it would go again: so the providers say that nothing is in their hands, and only what is still then is jumped from.
 */
async function stillAhead({ pool, quietMs, areProvidersIdle }: PassingOptions, now: VirtualTime): Promise<number> {
  if (!(await areProvidersIdle())) return 0;
  const found = await ask<Standing>(pool, standingSql);
  return found === undefined ? 0 : jumpFrom(virtualMs(now, Date.now()), found, quietMs);
}

/** Resolves when nothing is left to do, or the signal is aborted and little is under way; with the time then. */
export async function passTime(options: PassingOptions): Promise<VirtualTime> {
  const { pool, quietMs, jumpTo, signal } = options;
  const tell = teller(options);
  const hasWaited = patience(options);
  let now = options.time;
  let isBusy = false;
  for (;;) {
    await sleep(isBusy ? lookWhileBusyMs : lookEveryMs);
    const found = await ask<Standing>(pool, standingSql);
    if (found === undefined) continue;
    const moment = virtualMs(now, Date.now());
    const isOver = signal.aborted || found.nextAt === null;
    if ((found.open === 0 && isOver) || hasWaited()) return now;
    isBusy = found.nextAt !== null && found.nextAt <= moment;
    const aheadMs = jumpFrom(moment, found, quietMs) > 0 ? await stillAhead(options, now) : 0;
    if (aheadMs > 0) {
      now = { ...now, offsetMs: now.offsetMs + aheadMs };
      jumpTo(now.offsetMs);
    }
    await tell(moment, found.open);
  }
}
