// SMS by Twilio. Creating a message is not idempotent there, so an unknown outcome is never tried again by itself: the status
// callback names our message, and the list of messages tells whether it is there.
import type { Evidence, LookUpWindow, MayBegin, Message, Outcome, Sender } from '../engine/ports.ts';
import type { Check } from './check.ts';
import { Slots } from './slots.ts';
import { evidenceIn, pageSize, type TwilioSource } from './twilio/look-up.ts';
import { outcomeOf } from './twilio/outcome.ts';
import { type HttpRequest, httpClient } from './web/exchange.ts';
import { objectIn } from './web/outcome.ts';

export interface TwilioOptions {
  /** AC and 32 hexadecimal digits. */
  sid: string;
  authToken: string;
  /** The number to send from where an account names none; null with a messaging service. */
  from: string | null;
  /** MG and 32 hexadecimal digits; goes before `from`. */
  messagingServiceSid?: string | null;
  /** Where Twilio reports on a message; undefined: nowhere. */
  callbackUrl?: (message: Message) => string | undefined;
  /** Default https://api.twilio.com. */
  url?: string;
  /** Requests at once. Default 20. */
  connections?: number;
}

export interface TwilioSender extends Sender {
  lookUp(message: Message, window: LookUpWindow, signal: AbortSignal): Promise<Evidence>;
  /** Asks whether the account is open to us. Sends nothing. */
  check(signal: AbortSignal): Promise<Check>;
  /** Ends connections that rest. */
  close(): void;
}

const provider = 'twilio';

function refusal({ recipient }: Message, { from, messagingServiceSid }: TwilioSource): Outcome | undefined {
  if (from === null && messagingServiceSid === null) {
    const errorMessage =
      'No number to send from: set TWILIO_FROM or TWILIO_MESSAGING_SERVICE_SID, or the from_address of the account.';
    return { kind: 'account_error', provider, errorCode: 'from_address_invalid', errorMessage };
  }
  if (/^\+\d{7,15}$/.test(recipient)) return undefined;
  const errorMessage = 'The recipient is not a number like +12125550100.';
  return { kind: 'rejected', provider, errorCode: 'recipient_invalid', errorMessage };
}

class TwilioApi implements TwilioSender {
  private readonly options: TwilioOptions;
  private readonly client;
  private readonly slots: Slots;
  private readonly root: string;

  constructor(options: TwilioOptions) {
    const { connections = 20, url = 'https://api.twilio.com', sid } = options;
    this.options = options;
    this.client = httpClient(connections);
    this.slots = new Slots(connections);
    this.root = `${url.replace(/\/+$/, '')}/2010-04-01/Accounts/${sid}`;
  }

  private request(method: 'GET' | 'POST', path: string, form?: URLSearchParams): HttpRequest {
    const { sid, authToken } = this.options;
    const headers = {
      authorization: `Basic ${Buffer.from(`${sid}:${authToken}`).toString('base64')}`,
      accept: 'application/json',
      'user-agent': 'touchline',
    };
    const url = new URL(`${this.root}${path}`);
    if (form === undefined) return { method, url, headers };
    const type = { 'content-type': 'application/x-www-form-urlencoded' };
    return { method, url, headers: { ...headers, ...type }, body: form.toString() };
  }

  /** An account's own number goes before the server's service. */
  private sourceOf({ sender }: Message): TwilioSource {
    const { from, messagingServiceSid = null } = this.options;
    if (sender.fromAddress !== null) return { from: sender.fromAddress, messagingServiceSid: null };
    return messagingServiceSid === null ? { from, messagingServiceSid } : { from: null, messagingServiceSid };
  }

  private async within<T>(signal: AbortSignal, work: () => Promise<T>, otherwise: T): Promise<T> {
    if (!(await this.slots.take(signal))) return otherwise;
    try {
      return await work();
    } finally {
      this.slots.give();
    }
  }

  async send(message: Message, signal: AbortSignal, mayBegin?: MayBegin): Promise<Outcome> {
    const source = this.sourceOf(message);
    const refused = refusal(message, source);
    if (refused !== undefined) return refused;
    const callback = this.options.callbackUrl?.(message);
    const form = new URLSearchParams({
      To: message.recipient,
      ...(source.messagingServiceSid === null
        ? { From: source.from ?? '' }
        : { MessagingServiceSid: source.messagingServiceSid }),
      Body: message.text,
      ...(callback === undefined ? {} : { StatusCallback: callback }),
    });
    const request = { ...this.request('POST', '/Messages.json', form), mayBegin };
    return this.within<Outcome>(signal, async () => outcomeOf(await this.client.exchange(request, signal)), {
      kind: 'not_started',
      provider,
      errorCode: 'no_connection_free',
    });
  }

  async lookUp(message: Message, window: LookUpWindow, signal: AbortSignal): Promise<Evidence> {
    const question = new URLSearchParams({ To: message.recipient, PageSize: String(pageSize) });
    const request = this.request('GET', `/Messages.json?${question}`);
    return this.within<Evidence>(
      signal,
      async () => evidenceIn(await this.client.exchange(request, signal), message, this.sourceOf(message), window),
      { kind: 'unknown', errorCode: 'no_connection_free', errorMessage: 'No connection was free to ask Twilio.' },
    );
  }

  async check(signal: AbortSignal): Promise<Check> {
    const answer = await this.client.exchange(this.request('GET', '.json'), signal);
    if ('isWritten' in answer) return { ok: false, words: answer.errorMessage };
    const { status, message } = objectIn(answer) ?? {};
    if (answer.status !== 200) return { ok: false, words: String(message ?? `HTTP ${answer.status}`) };
    return { ok: status === 'active', words: `The account is ${String(status)} at Twilio.` };
  }

  close(): void {
    this.client.close();
  }
}

/** @returns a sender for one account of Twilio, with connections of its own */
export function twilioSender(options: TwilioOptions): TwilioSender {
  return new TwilioApi(options);
}
