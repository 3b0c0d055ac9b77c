// Email by Resend. Its Idempotency-Key is the message's: a request that is sent again within a day is answered with the first
// one's id, which makes an unknown outcome known.
import type { MayBegin, Message, Outcome, Sender } from '../engine/ports.ts';
import type { Check } from './check.ts';
import { bodyOf } from './resend/body.ts';
import { outcomeOf } from './resend/outcome.ts';
import { Slots } from './slots.ts';
import { type HttpRequest, httpClient } from './web/exchange.ts';
import { objectIn } from './web/outcome.ts';

export interface ResendOptions {
  apiKey: string;
  /** The address to send from where an account names none. */
  from: string | null;
  /** Default https://api.resend.com. */
  url?: string;
  /** Requests at once. Default 4: Resend allows few in a second. */
  connections?: number;
}

export interface ResendSender extends Sender {
  /** Asks whether the key is taken. Sends nothing: the request names no recipient. */
  check(signal: AbortSignal): Promise<Check>;
  /** Ends connections that rest. */
  close(): void;
}

const provider = 'resend';
// Resend keeps a key for 24 hours; the rest is for clocks that differ and for a replay that takes its time.
const replayHours = 20;

export function resendSender({ apiKey, from, url, connections = 4 }: ResendOptions): ResendSender {
  const client = httpClient(connections);
  const slots = new Slots(connections);
  const emails = new URL('emails', `${(url ?? 'https://api.resend.com').replace(/\/+$/, '')}/`);
  const requestOf = (body: string, key?: string): HttpRequest => ({
    method: 'POST',
    url: emails,
    headers: {
      authorization: `Bearer ${apiKey}`,
      'content-type': 'application/json',
      accept: 'application/json',
      // Without one Resend answers 403.
      'user-agent': 'touchline',
      ...(key === undefined ? {} : { 'idempotency-key': key }),
    },
    body,
  });

  async function send(message: Message, signal: AbortSignal, mayBegin?: MayBegin): Promise<Outcome> {
    const body = bodyOf(message, from);
    if (typeof body !== 'string') return body;
    if (!(await slots.take(signal))) return { kind: 'not_started', provider, errorCode: 'no_connection_free' };
    try {
      return outcomeOf(await client.exchange({ ...requestOf(body, message.idempotencyKey), mayBegin }, signal));
    } finally {
      slots.give();
    }
  }

  async function check(signal: AbortSignal): Promise<Check> {
    const answer = await client.exchange(requestOf('{}'), signal);
    if ('isWritten' in answer) return { ok: false, words: answer.errorMessage };
    const { message } = objectIn(answer) ?? {};
    // Who may send is told that fields are missing; who may not is told so first.
    if (answer.status === 400 || answer.status === 422) return { ok: true, words: 'Resend takes the key.' };
    return { ok: false, words: typeof message === 'string' ? message : `HTTP ${answer.status}` };
  }

  return { send, check, replay: { withinHours: replayHours }, close: () => client.close() };
}
