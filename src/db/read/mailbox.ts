// One message of the built-in mailbox, whole.
import type { ClientBase } from 'pg';
import type { MailboxMessage } from '../../generated/rows.ts';

export type MailboxMessageDetail = Omit<MailboxMessage, 'send_log_id' | 'attempt'> & { id: string };

/** @param id `<send log id>.<attempt>`, as the list shows it */
export async function readMailboxMessage(
  client: ClientBase,
  businessId: string,
  id: string,
): Promise<MailboxMessageDetail | undefined> {
  const [sendLogId, attempt] = id.split('.');
  const { rows } = await client.query<MailboxMessageDetail>(
    `select $2 || '.' || m.attempt as id, m.business_id, m.channel, m.recipient, m.from_name, m.subject, m.text, m.html, m.accepted_at
     from touchline.mailbox_messages m
     where m.business_id = $1
       and m.send_log_id = $2::uuid
       and m.attempt = $3`,
    [businessId, sendLogId, attempt],
  );
  return rows[0];
}
