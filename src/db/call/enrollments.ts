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

/** Records that an address must not be written to any more; the answer says what followed. */
export async function recordOptOut(
  client: ClientBase,
  businessId: string,
  channel: Channel,
  address: string,
  details: Readonly<Record<string, string>>,
): Promise<Record<string, unknown>> {
  const { rows } = await client.query<{ answer: Record<string, unknown> }>(
    'select touchline.record_opt_out($1, $2, $3, $4) as answer',
    [businessId, channel, address, JSON.stringify(details)],
  );
  return rows[0]?.answer ?? {};
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
