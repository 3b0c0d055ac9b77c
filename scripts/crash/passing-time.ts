// Lets the campaign's time pass: it runs by itself, and jumps to the next due moment when nothing is under way.
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { withRole } from '../../src/db/client.ts';
import { type VirtualTime, virtualMs } from './virtual-time.ts';

interface Standing {
  /** Milliseconds until something is due; null: nothing ever. */
  untilDue: number | null;
  /** Messages whose end is not known. */
  open: number;
}

// A message whose replay is forbidden for good, as its customer opted out, waits for the end of its evidence: it is open, and nobody
// works on it.
const standingSql = `
  with open as (
    select c.check_at, e.error_code is distinct from 'replay_forbidden' or c.check_at <= $1::timestamptz + interval '2 minutes' as is_busy
    from touchline.lane_claims c
    cross join lateral unnest(c.send_log_ids) i (id)
    join touchline.send_logs l on (l.business_id, l.id) = (c.business_id, i.id)
    left join touchline.evidence_checks e on (e.business_id, e.send_log_id) = (l.business_id, l.id)
    where l.claim_id = c.claim_id and l.state in ('sending', 'unknown')
  )
  select least(touchline.ms_until_next_due($1),
      (select greatest(0, extract(epoch from min(o.check_at) - $1) * 1000)::float8 from open o)) as "untilDue",
    (select pg_catalog.count(*)::integer from open o where o.is_busy) as open`;

async function standing(pool: pg.Pool, now: Date): Promise<Standing> {
  return withRole(pool, { role: 'service_role' }, async (client) => {
    const { rows } = await client.query<Standing>(standingSql, [now]);
    return rows[0] ?? { untilDue: 0, open: 1 };
  });
}

/** Time in which nothing is due is jumped over when it is longer than this, in virtual milliseconds. */
const worthAJump = 120_000;

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

// Pointers may lag until the next sweep: it must be nothing so many times in a row, with a sweep between.
const surelyNothing = 12;

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
    const isNothing = open === 0 && (untilDue === null || untilDue >= worthAJump);
    nothing = isNothing ? nothing + 1 : 0;
    if (nothing < surelyNothing) continue;
    if (untilDue === null) return now;
    nothing = 0;
    now = { ...now, offsetMs: now.offsetMs + untilDue - 1_000 };
    jumpTo(now.offsetMs);
  }
}
