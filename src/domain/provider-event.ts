// What a provider's callback says about a message, in our words. Pure: the bytes were checked before.

/** Every kind proves that the provider took the message. */
type EventKind = 'accepted' | 'delivered' | 'failed' | 'bounced' | 'complained';

export interface ProviderEvent {
  /** The same for the same event, however often it comes. */
  eventId: string;
  kind: EventKind;
  /** Our message; undefined: the callback names none of ours. */
  sendLogId?: string;
  providerId?: string;
  occurredAt?: Date;
  errorCode?: string;
  /** Only a permanent bounce keeps the address from being written to. */
  bounceClass?: 'permanent' | 'transient';
  /** The provider holds back messages because the person told it to. */
  isOptOut?: boolean;
}

const uuid = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** A UUID, or nothing. */
export const uuidOf = (text: unknown): string | undefined =>
  typeof text === 'string' && uuid.test(text) ? text.toLowerCase() : undefined;

const twilioKinds: ReadonlyMap<string, EventKind> = new Map([
  ['accepted', 'accepted'],
  ['scheduled', 'accepted'],
  ['queued', 'accepted'],
  ['sending', 'accepted'],
  ['sent', 'accepted'],
  ['delivered', 'delivered'],
  ['read', 'delivered'],
  ['undelivered', 'failed'],
  ['failed', 'failed'],
]);

// The number will never take a text: unknown, a landline, no mobile. What may work tomorrow (30003, off or away) is not here.
const deadNumbers: ReadonlySet<string> = new Set(['21211', '21614', '30005', '30006']);

/**
 * A status callback of Twilio's; undefined: none that says something of a message.
 * @param sendLogId named by the address that was called
 */
export function twilioEvent(form: URLSearchParams, sendLogId: string | undefined): ProviderEvent | undefined {
  const sid = form.get('MessageSid') ?? form.get('SmsSid') ?? '';
  const status = (form.get('MessageStatus') ?? form.get('SmsStatus') ?? '').toLowerCase();
  const kind = twilioKinds.get(status);
  if (kind === undefined || !/^[\w-]{1,100}$/.test(sid)) return undefined;
  const errorCode = /^\d{1,9}$/.exec(form.get('ErrorCode') ?? '')?.[0];
  const isDead = kind === 'failed' && deadNumbers.has(errorCode ?? '');
  return {
    eventId: `${sid} ${status}`,
    kind: isDead ? 'bounced' : kind,
    providerId: sid,
    ...(sendLogId === undefined ? {} : { sendLogId }),
    ...(errorCode === undefined ? {} : { errorCode }),
    ...(isDead ? { bounceClass: 'permanent' } : {}),
    ...(errorCode === '21610' ? { isOptOut: true } : {}),
  };
}

const resendKinds: ReadonlyMap<string, EventKind> = new Map([
  ['email.sent', 'accepted'],
  ['email.delivery_delayed', 'accepted'],
  ['email.delivered', 'delivered'],
  ['email.failed', 'failed'],
  ['email.bounced', 'bounced'],
  ['email.complained', 'complained'],
]);

type Fields = Readonly<Record<string, unknown>>;

const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};

/** Tags come back as an object; a list of pairs is what was sent. */
function tagOf(tags: unknown, name: string): unknown {
  if (!Array.isArray(tags)) return fieldsOf(tags)[name];
  for (const tag of tags.map(fieldsOf)) {
    const { name: known, value } = tag;
    if (known === name) return value;
  }
  return undefined;
}

function momentOf(text: unknown): Date | undefined {
  const moment = typeof text === 'string' ? new Date(text) : undefined;
  return moment === undefined || Number.isNaN(moment.getTime()) ? undefined : moment;
}

/**
 * An event of Resend's; undefined: none that we act on (opens and clicks come from our own links).
 * @param eventId the `svix-id` of the request
 */
export function resendEvent(body: unknown, eventId: string): ProviderEvent | undefined {
  const { type, data, created_at: createdAt } = fieldsOf(body);
  const kind = resendKinds.get(String(type));
  if (kind === undefined || !/^[\x21-\x7e]{1,200}$/.test(eventId)) return undefined;
  const { tags, email_id: providerId, bounce } = fieldsOf(data);
  const { type: bounceType, subType } = fieldsOf(bounce);
  const sendLogId = uuidOf(tagOf(tags, 'touchline_message'));
  const occurredAt = momentOf(createdAt);
  return {
    eventId,
    kind,
    ...(sendLogId === undefined ? {} : { sendLogId }),
    ...(typeof providerId === 'string' ? { providerId } : {}),
    ...(occurredAt === undefined ? {} : { occurredAt }),
    // What is not said to be permanent may work tomorrow.
    ...(kind === 'bounced' ? { bounceClass: bounceType === 'Permanent' ? 'permanent' : 'transient' } : {}),
    ...(kind === 'bounced' && typeof subType === 'string' ? { errorCode: subType } : {}),
  };
}
