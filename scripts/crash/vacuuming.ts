// Stands in for autovacuum, which decides by figures that every crash of the server sets back to zero: with one every half minute it
// would never run, and each claim would wade through all that was ever claimed.
import type pg from 'pg';
import { systemClock } from '../../src/engine/clock.ts';

const everyMs = 15_000;
const busiest = 'touchline.touch_queue, touchline.business_dispatch, touchline.lane_claims, touchline.sender_accounts';
const rest = 'touchline.send_logs, touchline.send_attempts, touchline.campaign_enrollments';
/** Each time the busiest, and every so many times all. */
const allEvery = 8;

/** Vacuums until the signal is aborted. */
export async function keepVacuumed(pool: pg.Pool, signal: AbortSignal): Promise<void> {
  for (let nth = 0; !signal.aborted; nth += 1) {
    const sql = nth % allEvery === allEvery - 1 ? `vacuum (analyze) ${busiest}, ${rest}` : `vacuum ${busiest}`;
    await systemClock.sleep(everyMs, signal);
    // The database may be down, or killed under it: the next one comes soon.
    if (!signal.aborted) await pool.query(sql).catch(() => undefined);
  }
}
