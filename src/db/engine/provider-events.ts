// A provider's callback in SQL: kept once and acted on, in one transaction.
import type pg from 'pg';
import type { ProviderEvent } from '../../domain/provider-event.ts';
import { withRole } from '../client.ts';
import { storable } from './intent-row.ts';

/** An event and what it came as. */
export interface ReceivedEvent extends ProviderEvent {
  provider: string;
  businessId: string;
  senderAccountId: string;
  /** What is kept of the request; no signature. */
  headers: Readonly<Record<string, string>>;
  body: Buffer;
}

/** `repeated`: it was there, and nothing changed; `parked`: it names no message of ours. */
export type Recorded = 'recorded' | 'repeated' | 'parked';

function eventJson(event: ReceivedEvent): Record<string, unknown> {
  return {
    provider: event.provider,
    event_id: event.eventId,
    headers: event.headers,
    body: event.body.toString('base64'),
    kind: event.kind,
    send_log_id: event.sendLogId,
    provider_id: storable(event.providerId),
    occurred_at: event.occurredAt,
    error_code: storable(event.errorCode),
    bounce_class: event.bounceClass,
    is_opt_out: event.isOptOut,
  };
}

/** Resolves when the commit is known. */
export async function recordProviderEvent(pool: pg.Pool, event: ReceivedEvent, now: Date | null): Promise<Recorded> {
  return withRole(pool, { role: 'touchline_worker' }, async (client) => {
    const { rows } = await client.query<{ answer: Recorded }>(
      'select touchline.record_provider_event($1, $2, $3, $4) as answer',
      [event.businessId, event.senderAccountId, JSON.stringify(eventJson(event)), now],
    );
    return rows[0]?.answer ?? 'parked';
  });
}
