// Lets the campaign's time pass: it runs by itself, and jumps to the next due moment when nothing is under way.
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { withRole } from '../../src/db/client.ts';
import { type VirtualTime, virtualMs } from './virtual-time.ts';

interface Standing {
  /** Milliseconds until something is due; null: nothing ever. */
  untilDue: number | null;
  /** Messages whose end is not known and is soon looked for. */
  open: number;
}

/** Time in which nothing is due is jumped over when it is longer than this, in virtual milliseconds. */
const worthAJumpMs = 120_000;

// What is due is asked of the queue: a lane's pointer is lowered by every stop and resume, and may lag until the next sweep.
// Of a message whose end is not known the next thing happens when it is looked for, or when its claim is. One that is not looked for
// soon is open, and nobody works on it.
const standingSql = `
  with open as (
    select least(c.check_at, e.look_at) as next_at
    from touchline.lane_claims c
    cross join lateral unnest(c.send_log_ids) i (id)
    join touchline.send_logs l on (l.business_id, l.id) = (c.business_id, i.id)
    left join touchline.evidence_checks e on (e.business_id, e.send_log_id) = (l.business_id, l.id)
    where l.claim_id = c.claim_id and l.state in ('sending', 'unknown')
  )
  select (
      select greatest(0, extract(epoch from least(
        min(q.due_at), (select min(o.next_at) from open o)) - $1::timestamptz) * 1000)::float8
      from touchline.business_dispatch d
      cross join lateral (
        select q.due_at from touchline.touch_queue q
        where (q.business_id, q.channel) = (d.business_id, d.channel) and q.due_at < 'infinity' and q.claim_id is null
        order by q.due_at limit 1) q) as "untilDue",
    (select pg_catalog.count(*)::integer from open o where o.next_at <= $1::timestamptz + interval '${worthAJumpMs / 1000} s') as open`;

async function standing(pool: pg.Pool, now: Date): Promise<Standing> {
  return withRole(pool, { role: 'service_role' }, async (client) => {
    const { rows } = await client.query<Standing>(standingSql, [now]);
    return rows[0] ?? { untilDue: 0, open: 1 };
  });
}

export interface PassingOptions {
  pool: pg.Pool;
  time: VirtualTime;
  /** Moves everybody. */
  jumpTo: (offsetMs: number) => void;
  signal: AbortSignal;
  onStanding: (moment: Date, standing: Standing) => void;
}

/** Undefined while the database is down, as it is now and then. */
const standingIfUp = (pool: pg.Pool, now: Date): Promise<Standing | undefined> =>
  standing(pool, now).catch(() => undefined);

// A job in a worker's hands shows nowhere for a moment: it must be nothing so many times in a row.
const surelyNothing = 4;

/** Resolves when nothing is left to do, or the signal is aborted and nothing is under way; with the time then. */
export async function passTime({ pool, time, jumpTo, signal, onStanding }: PassingOptions): Promise<VirtualTime> {
  let now = time;
  let nothing = 0;
  for (;;) {
    await sleep(250);
    const moment = new Date(virtualMs(now, Date.now()));
    const found = await standingIfUp(pool, moment);
    if (found !== undefined) onStanding(moment, found);
    const { untilDue, open } = found ?? { untilDue: 0, open: 1 };
    if (open === 0 && signal.aborted) return now;
    const isNothing = open === 0 && (untilDue === null || untilDue >= worthAJumpMs);
    nothing = isNothing ? nothing + 1 : 0;
    if (nothing < surelyNothing) continue;
    if (untilDue === null) return now;
    nothing = 0;
    now = { ...now, offsetMs: now.offsetMs + untilDue - 1_000 };
    jumpTo(now.offsetMs);
  }
}
