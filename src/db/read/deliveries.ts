// What has left a database.
import type { ClientBase } from 'pg';

/** Whether any message was accepted by a provider that people receive from. */
export async function hasReachedSomebody(client: ClientBase): Promise<boolean> {
  const { rows } = await client.query<{ reached: boolean }>(
    `select exists (
       select from touchline.send_logs
       where provider not in ('mailbox', 'memory') and state in ('sent', 'presumed_sent')) as reached`,
  );
  return rows[0]?.reached === true;
}
