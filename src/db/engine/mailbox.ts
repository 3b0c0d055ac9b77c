// The built-in mailbox in SQL.
import type pg from 'pg';
import type { Message } from '../../engine/ports.ts';
import { withRole } from '../client.ts';

/** Keeps a message as accepted; resolves when its commit is known. */
export async function recordMailboxMessage(pool: pg.Pool, message: Message, now: Date | null): Promise<void> {
  const { businessId, idempotencyKey, attempt, fromName: from_name, subject, text, html } = message;
  const content = JSON.stringify({ from_name, subject, text, html });
  await withRole(pool, { role: 'touchline_worker' }, (client) =>
    client.query('select touchline.record_mailbox_message($1, $2, $3, $4, $5)', [
      businessId,
      idempotencyKey,
      attempt,
      content,
      now,
    ]),
  );
}
