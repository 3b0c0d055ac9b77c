// MultiXacts: what the server makes when several transactions hold locks on one row at the same time. They are counted up for
// the whole server, and are cleaned up only by a vacuum of their own.
import type { ClientBase } from 'pg';

/** The number of the next one; the difference of two answers is how many were made. Makes a checkpoint. */
export async function nextMultiXact(client: ClientBase): Promise<number> {
  await client.query('checkpoint');
  const { rows } = await client.query<{ next: string }>(
    'select next_multixact_id::text as next from pg_catalog.pg_control_checkpoint()',
  );
  return Number(rows[0]?.next);
}
