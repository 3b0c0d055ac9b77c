// Messages whose outcome could not be proved, and what a person decided. Every query names the business.
import type { ClientBase } from 'pg';
import type { Channel } from '../../generated/rows.ts';

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

/** Newest first; every one, so that nothing is hidden. */
export async function listUnproved(client: ClientBase, businessId: string): Promise<UnprovedMessage[]> {
  const { rows } = await client.query<UnprovedMessage>(
    `select l.id as send_log_id, l.campaign_enrollment_id as enrollment_id, l.touch_number, l.channel, l.recipient, l.state,
       l.attempt as attempts, l.claimed_at, nullif(e.look_at, '-infinity') as look_at,
       coalesce(e.error_message, l.error_message) as error_message
     from touchline.send_logs l
     left join touchline.evidence_checks e on (e.business_id, e.send_log_id) = (l.business_id, l.id) and l.state = 'unknown'
     where l.business_id = $1
       and l.state in ('unknown', 'held', 'presumed_sent')
     order by l.claimed_at desc, l.id`,
    [businessId],
  );
  return rows;
}
