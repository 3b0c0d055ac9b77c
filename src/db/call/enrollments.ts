// Calls about people inside a campaign: stopping, opting out, and why a touch goes or waits.
import type { ClientBase } from 'pg';
import type { Channel } from '../../generated/rows.ts';

/** Ends an enrollment; false when it was over already. */
export async function stopEnrollment(
  client: ClientBase,
  businessId: string,
  enrollmentId: string,
  reason: string,
  now: Date | null = null,
): Promise<boolean> {
  const { rows } = await client.query<{ answer: boolean }>(
    'select touchline.stop_enrollment($1, $2, $3, $4) as answer',
    [businessId, enrollmentId, reason, now],
  );
  return rows[0]?.answer === true;
}

/** Somebody's wish, or a provider's word, that an address must not be written to. */
export interface OptOut {
  channel: Channel;
  address: string;
  /** `source`, and what is known: `bounce_class`, `source_event_id`, `text_shown`, … */
  details: Readonly<Record<string, string>>;
}

/** Records that an address must not be written to any more; the answer says what followed. */
export async function recordOptOutAt(
  client: ClientBase,
  businessId: string,
  { channel, address, details }: OptOut,
  now: Date | null,
): Promise<Record<string, unknown>> {
  const { rows } = await client.query<{ answer: Record<string, unknown> }>(
    'select touchline.record_opt_out($1, $2, $3, $4, $5) as answer',
    [businessId, channel, address, JSON.stringify(details), now],
  );
  return rows[0]?.answer ?? {};
}

/** The same, now. */
export function recordOptOut(
  client: ClientBase,
  businessId: string,
  channel: Channel,
  address: string,
  details: Readonly<Record<string, string>>,
): Promise<Record<string, unknown>> {
  return recordOptOutAt(client, businessId, { channel, address, details }, null);
}

/** Something a customer did that ends their sequences; answers how many. */
export async function recordCustomerEvent(
  client: ClientBase,
  businessId: string,
  customerId: string,
  kind: 'replied' | 'booked_again' | 'review_clicked' | 'feedback_submitted',
  now: Date | null = null,
): Promise<number> {
  const { rows } = await client.query<{ answer: number }>(
    'select touchline.record_customer_event($1, $2, $3, $4) as answer',
    [businessId, customerId, kind, now],
  );
  return rows[0]?.answer ?? 0;
}

/** One guard of a touch: what it asked, what it answered, and when it would pass by itself. */
export interface ExplainedGuard {
  touch_number: number;
  channel: Channel;
  status: string;
  guard: string;
  passes: boolean;
  /** What happens when it does not pass: defer, skip, park or stop. */
  verdict: string | null;
  reason: string | null;
  passes_at: Date | null;
  inputs: Record<string, unknown>;
}

/** Every guard of one touch, in the order in which they are asked; `touchNumber` null: the current touch. */
export async function explainTouch(
  client: ClientBase,
  businessId: string,
  enrollmentId: string,
  touchNumber: number | null,
  now: Date | null = null,
): Promise<ExplainedGuard[]> {
  const { rows } = await client.query<ExplainedGuard>('select * from touchline.explain_touch($1, $2, $3, $4)', [
    businessId,
    enrollmentId,
    touchNumber,
    now,
  ]);
  return rows;
}
