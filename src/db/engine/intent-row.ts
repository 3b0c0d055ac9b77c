// Rows of claimed messages as intents, and the engine's words as SQL takes them.
import type { Intent } from '../../engine/ports.ts';
import type { Channel } from '../../generated/rows.ts';

/** A row of claim_due_touches and claim_unknowns. */
export interface ClaimedRow {
  business_id: string;
  send_log_id: string;
  attempt: number;
  enrollment_id: string;
  touch_number: number;
  channel: Channel;
  customer_id: string;
  campaign_id: string;
  recipient: string;
  template_version_id: string;
  subject: string | null;
  body: string;
  variables: Record<string, string>;
  sender_account_id: string;
  sender_kind: string;
  from_address: string | null;
  sender_settings: Record<string, unknown>;
  claimed_at: Date;
  deadline_ms: number;
  io_timeout_ms: number;
}

export function intentOf(row: ClaimedRow): Intent {
  return {
    businessId: row.business_id,
    sendLogId: row.send_log_id,
    attempt: row.attempt,
    enrollmentId: row.enrollment_id,
    touchNumber: row.touch_number,
    channel: row.channel,
    customerId: row.customer_id,
    campaignId: row.campaign_id,
    recipient: row.recipient,
    templateVersionId: row.template_version_id,
    subject: row.subject,
    body: row.body,
    variables: row.variables,
    sender: {
      senderAccountId: row.sender_account_id,
      kind: row.sender_kind,
      fromAddress: row.from_address,
      settings: row.sender_settings,
    },
    claimedAt: row.claimed_at,
    deadlineMs: row.deadline_ms,
    ioTimeoutMs: row.io_timeout_ms,
  };
}

/** Words of providers may hold what jsonb refuses: NUL, and halves of characters that somebody cut. */
export const storable = (text: string | undefined): string | undefined =>
  text === undefined ? undefined : Buffer.from(text).toString().replaceAll('\0', '\uFFFD');
