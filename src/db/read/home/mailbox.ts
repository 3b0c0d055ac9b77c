// What the built-in mailbox accepted, newest first, by the index mailbox_messages_latest.
import type { ClientBase } from 'pg';
import type { MailboxMessageView, MailboxSummary, Page } from '../../../engine/home.ts';
import { requireMine } from './businesses.ts';
import { isId, pageOf, pageSize, readCursor } from './page.ts';

const shown = `m.send_log_id || '.' || m.attempt as id, m.channel, m.recipient, m.subject,
    pg_catalog.left(m.text, 120) as preview, m.accepted_at as "acceptedAt"`;

const latest = `
  with latest as (
    select m.*
    from touchline.mailbox_messages m
    where m.business_id = $1
      and ($2::bigint is null or (m.accepted_at, m.send_log_id, m.attempt)
        < (timestamptz 'epoch' + interval '1 microsecond' * $2::bigint, $3::uuid, $4::smallint))
    order by m.accepted_at desc, m.send_log_id desc, m.attempt desc
    limit $5
  )
  select ${shown}, l.campaign_enrollment_id as "enrollmentId",
    (extract(epoch from m.accepted_at) * 1000000)::bigint::text as at
  from latest m
  join touchline.send_logs l on l.business_id = $1 and l.id = m.send_log_id
  order by m.accepted_at desc, m.send_log_id desc, m.attempt desc`;

const one = `
  select ${shown}, l.campaign_enrollment_id as "enrollmentId", m.from_name as "fromName", m.text, m.html
  from touchline.mailbox_messages m
  join touchline.send_logs l on (l.business_id, l.id) = (m.business_id, m.send_log_id)
  where m.business_id = $1 and m.send_log_id = $2 and m.attempt = $3`;

type MailboxRow = MailboxSummary & { at: string };

/** The two parts of a message's id. */
function partsOf(id: string): [sendLogId: string, attempt: string] {
  const [sendLogId = '', attempt = ''] = id.split('.', 2);
  return [sendLogId, attempt];
}

/** One page of the messages of a business. */
export async function homeMailbox(
  client: ClientBase,
  businessId: string,
  options: { cursor: string | null },
): Promise<Page<MailboxSummary>> {
  await requireMine(client, businessId);
  const [at = null, id = null, attempt = null] = readCursor(options.cursor, 3) ?? [];
  const { rows } = await client.query<MailboxRow>(latest, [businessId, at, id, attempt, pageSize + 1]);
  return pageOf(
    rows,
    (row) => [row.at, ...partsOf(row.id)],
    ({ at: _, ...row }) => row,
  );
}

/** One message; undefined when the mailbox of the business has none of this id. */
export async function homeMessage(
  client: ClientBase,
  businessId: string,
  id: string,
): Promise<MailboxMessageView | undefined> {
  const [sendLogId, attempt] = partsOf(id);
  if (!isId(businessId) || !isId(sendLogId) || !/^\d{1,4}$/.test(attempt)) return undefined;
  return (await client.query<MailboxMessageView>(one, [businessId, sendLogId, attempt])).rows[0];
}
