// Messages whose outcome could not be proved, and what a person decided, by the index send_logs_unproved. Every query names the
// business.
import type { ClientBase } from 'pg';
import type { Page } from '../../engine/home.ts';
import type { Channel } from '../../generated/rows.ts';
import { pageOf, readCursor } from './home/page.ts';

/** A message that may or may not have reached its recipient. */
export interface UnprovedMessage {
  send_log_id: string;
  enrollment_id: string | null;
  touch_number: number | null;
  channel: Channel;
  recipient: string | null;
  /** `unknown`: evidence is looked for; `held`: waits for a person; `presumed_sent`: the business's policy took it for sent. */
  state: 'unknown' | 'held' | 'presumed_sent';
  attempts: number;
  claimed_at: Date;
  /** When evidence is looked for next; null where none is to be had. */
  look_at: Date | null;
  /** Why nobody knows, as far as somebody said. */
  error_message: string | null;
}

// What was proved since is passed over; it keeps the moment at which nobody knew.
const unproved = `
  select l.id as send_log_id, l.campaign_enrollment_id as enrollment_id, l.touch_number, l.channel, l.recipient, l.state,
    l.attempt as attempts, l.claimed_at, nullif(e.look_at, '-infinity') as look_at,
    coalesce(e.error_message, l.error_message) as error_message,
    (extract(epoch from l.unproved_at) * 1000000)::bigint::text as at
  from touchline.send_logs l
  left join touchline.evidence_checks e on (e.business_id, e.send_log_id) = (l.business_id, l.id) and l.state = 'unknown'
  where l.business_id = $1
    and l.unproved_at is not null
    and l.state in ('unknown', 'held', 'presumed_sent')
    and ($2::bigint is null
      or (l.unproved_at, l.id) < (timestamptz 'epoch' + interval '1 microsecond' * $2::bigint, $3::uuid))
  order by l.unproved_at desc, l.id desc
  limit $4`;

/** One page, newest first; all pages together are every one, so that nothing is hidden. */
export async function listUnproved(
  client: ClientBase,
  businessId: string,
  { cursor, limit }: { cursor: string | null; limit: number },
): Promise<Page<UnprovedMessage>> {
  const [at = null, id = null] = readCursor(cursor, 2) ?? [];
  const { rows } = await client.query<UnprovedMessage & { at: string }>(unproved, [businessId, at, id, limit + 1]);
  return pageOf(
    rows,
    (row) => [row.at, row.send_log_id],
    ({ at: _, ...row }) => row,
    limit,
  );
}
