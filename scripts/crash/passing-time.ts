// Lets the campaign's time pass: it runs by itself, and jumps to the next moment at which anything is to happen when nothing does.
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { withRole } from '../../src/db/client.ts';
import { type VirtualTime, virtualMs } from './virtual-time.ts';

interface Standing {
  /** In milliseconds: the next due moment, or the next at which a message whose end is not known is looked for; null: nothing ever. */
  nextAt: number | null;
  /** Messages whose end is not known. */
  open: number;
  /** Enrollments that go on. */
  active: number;
}

// What is due is asked of the queue: a lane's pointer is lowered by every stop and resume, and may lag until the next sweep. A message
// whose replay is forbidden, as its customer opted out, waits for the end of its evidence.
const standingSql = `
  with open as materialized (
    select case when e.error_code = 'replay_forbidden' then c.check_at else least(c.check_at, e.look_at) end as next_at
    from touchline.lane_claims c
    cross join lateral unnest(c.send_log_ids) i (id)
    join touchline.send_logs l on (l.business_id, l.id) = (c.business_id, i.id)
    left join touchline.evidence_checks e on (e.business_id, e.send_log_id) = (l.business_id, l.id)
    where l.claim_id = c.claim_id and l.state in ('sending', 'unknown')
  ), due as (
    select q.due_at as next_at
    from touchline.business_dispatch d
    cross join lateral (
      select q.due_at from touchline.touch_queue q
      where (q.business_id, q.channel) = (d.business_id, d.channel) and q.due_at < 'infinity' and q.claim_id is null
      order by q.due_at limit 1) q
  )
  select (select extract(epoch from min(n.next_at))::float8 * 1000 from (table open union all table due) n) as "nextAt",
    (select pg_catalog.count(*)::integer from open) as open,
    (select pg_catalog.count(*)::integer from touchline.touch_queue) as active`;

async function standing(pool: pg.Pool): Promise<Standing> {
  return withRole(pool, { role: 'service_role' }, async (client) => {
    const { rows } = await client.query<Standing>(standingSql);
    if (rows[0] === undefined) throw new Error('The database said nothing.');
    return rows[0];
  });
}

export interface PassingOptions {
  pool: pg.Pool;
  time: VirtualTime;
  /** How long nothing must have happened, in virtual milliseconds: longer than a message has between its claim and a provider. */
  quietMs: number;
  /** Moves everybody. */
  jumpTo: (offsetMs: number) => void;
  signal: AbortSignal;
  onStanding: (moment: Date, standing: Standing) => void;
}

/** Undefined while the database is down, as it is now and then. */
const standingIfUp = (pool: pg.Pool): Promise<Standing | undefined> => standing(pool).catch(() => undefined);

const lookEveryMs = 250;
/** Jumps end a little before the moment they lead to, in virtual milliseconds. */
const beforeMs = 1_000;

/** For how long nothing has happened. */
class Stillness {
  private last = '';
  private sinceMs = performance.now();

  /** Milliseconds in which every look saw the same; a look that failed counts as another. */
  lasted(seen: Standing | undefined): number {
    // Stops and opt-outs go on all the time, and take away people who wait.
    const text = JSON.stringify(seen && [seen.nextAt, seen.open]);
    if (seen === undefined || text !== this.last) this.sinceMs = performance.now();
    this.last = text;
    return performance.now() - this.sinceMs;
  }
}

/** Resolves when nothing is left to do, or the signal is aborted and nothing is under way; with the time then. */
export async function passTime(options: PassingOptions): Promise<VirtualTime> {
  const { pool, quietMs, jumpTo, signal, onStanding } = options;
  let now = options.time;
  let stillness = new Stillness();
  for (;;) {
    await sleep(lookEveryMs);
    const found = await standingIfUp(pool);
    const moment = virtualMs(now, Date.now());
    const stillMs = stillness.lasted(found);
    if (found === undefined) continue;
    onStanding(new Date(moment), found);
    if (found.open === 0 && signal.aborted) return now;
    if (stillMs * now.speed < quietMs) continue;
    if (found.nextAt === null) return now;
    const aheadMs = found.nextAt - moment - beforeMs;
    if (aheadMs <= 0) continue;
    now = { ...now, offsetMs: now.offsetMs + aheadMs };
    stillness = new Stillness();
    jumpTo(now.offsetMs);
  }
}
