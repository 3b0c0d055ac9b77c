// Hints by LISTEN, on a connection of its own. Behind a pooler that lends connections per transaction no hint arrives, and none is
// missed: the worker looks for itself.
import pg from 'pg';
import { type Clock, systemClock } from '../../engine/clock.ts';
import type { DueHints } from '../../engine/ports.ts';
import { urlOf } from '../client.ts';

/** What touchline.lower_lanes notifies on. */
const channel = 'touchline_due';
const pausesMs = [1_000, 5_000, 15_000, 60_000] as const;
const connectTimeoutMs = 5_000;

/** Resolves when the connection is gone or the signal is aborted. */
function ended(client: pg.Client, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      signal.removeEventListener('abort', end);
      resolve();
    };
    client.once('end', end);
    signal.addEventListener('abort', end);
    if (signal.aborted) end();
  });
}

/** One connection's life. @returns whether it heard anything at all */
async function hearOnce(url: string, onHint: () => void, signal: AbortSignal): Promise<boolean> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'touchline hints',
    connectionTimeoutMillis: connectTimeoutMs,
    keepAlive: true,
  });
  // That the connection broke is told by `end`; without a listener it would end the process.
  client.on('error', () => undefined);
  client.on('notification', onHint);
  try {
    await client.connect();
    await client.query(`listen ${channel}`);
    // What became due while nobody listened.
    onHint();
    await ended(client, signal);
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** @param pool where the database is; its connections are not used */
export function dueHints(pool: pg.Pool, clock: Clock = systemClock): DueHints {
  const url = urlOf(pool);
  return {
    listen: async (onHint, signal) => {
      let failures = 0;
      while (!signal.aborted) {
        failures = (await hearOnce(url, onHint, signal)) ? 0 : failures + 1;
        await clock.sleep(pausesMs[Math.min(failures, pausesMs.length - 1)] ?? 60_000, signal);
      }
    },
  };
}
