// Why nothing is sent from a database that does not know what was sent since.
import type { ClientBase } from 'pg';

export interface SafeMode {
  /** Null: no worker has noticed yet. */
  since: Date | null;
  reason: string;
  /** Messages that may have left in the lost time and are still open. */
  open_doubts: number;
}

/** What leads out of it. */
export const wayOut =
  'touchline reconcile --since MOMENT (how old the data is) looks for what was sent since; with --leave it then sends again.';

/**
 * Undefined: it may send.
 * @param generationSeen the highest that somebody remembers outside of the database
 */
export async function readSafeMode(
  client: ClientBase,
  generationSeen: number | null = null,
): Promise<SafeMode | undefined> {
  const { rows } = await client.query<SafeMode>('select * from touchline.safe_mode($1)', [generationSeen]);
  return rows[0];
}

/** Makes the database the one in use. Raises TL315 while something is open. */
export async function leaveSafeMode(
  client: ClientBase,
  since: Date,
  generationSeen: number | null,
  now: Date | null,
): Promise<boolean> {
  const { rows } = await client.query<{ left: boolean }>('select touchline.leave_safe_mode($1, $2, $3) as left', [
    since,
    generationSeen,
    now,
  ]);
  return rows[0]?.left === true;
}
