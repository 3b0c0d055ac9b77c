// A person's decision about a message whose outcome nobody could prove.
import type { ClientBase } from 'pg';

export const choices = ['sent', 'skip', 'resend'] as const;
export type Choice = (typeof choices)[number];

/** Answers with the message's new state. Raises TL201, TL313 touch_state, TL314 risk_not_acknowledged. */
export async function resolveTouch(
  client: ClientBase,
  businessId: string,
  sendLogId: string,
  choice: Choice,
  acknowledgeDuplicateRisk: boolean,
): Promise<string> {
  const { rows } = await client.query<{ state: string }>('select touchline.resolve_touch($1, $2, $3, $4) as state', [
    businessId,
    sendLogId,
    choice,
    acknowledgeDuplicateRisk,
  ]);
  return rows[0]?.state ?? '';
}
