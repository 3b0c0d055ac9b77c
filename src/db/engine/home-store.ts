// Whether the database is the one its workers know, in SQL: each call is one transaction of the worker's role.
import type pg from 'pg';
import type { HomeStore } from '../../engine/at-home.ts';
import { type TransactionLimits, withRole } from '../client.ts';

interface CheckedIn {
  generation: number;
  safe_mode_reason: string | null;
  doubts_since: string | null;
}

/** @param limits of each transaction */
export function homeStore(pool: pg.Pool, limits: TransactionLimits = {}): HomeStore {
  const answer = <T>(text: string, values: unknown[]): Promise<T> =>
    withRole(
      pool,
      { role: 'touchline_worker' },
      async (client) => {
        const { rows } = await client.query<{ answer: T }>(text, values);
        const row = rows[0];
        if (row === undefined) throw new Error('The database answered nothing.');
        return row.answer;
      },
      limits,
    );
  return {
    installationId: () => answer<string>('select touchline.installation_id() as answer', []),
    async checkIn(generationSeen, now) {
      const state = await answer<CheckedIn>('select touchline.check_in($1, $2) as answer', [generationSeen, now]);
      return {
        generation: state.generation,
        safeModeReason: state.safe_mode_reason,
        doubtsSince: state.doubts_since === null ? null : new Date(state.doubts_since),
      };
    },
    doubt: (since, limit, now) =>
      answer<number>('select touchline.doubt_touches($1, $2, $3) as answer', [since, limit, now]),
  };
}
