// Where providers report on messages: `/hooks/{provider}/{account}?b={business}`. The signature is checked over the bytes as they came,
// before anything reads them; an event is answered only when it is stored, so that a provider repeats what we could not keep.
import type { Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { type ProviderEvent, resendEvent, twilioEvent, uuidOf } from '../domain/provider-event.ts';

/** A request as it came. */
export interface Callback {
  /** Path and query, undecoded: Twilio signs the address that it called. */
  pathAndQuery: string;
  query(name: string): string | undefined;
  /** By lower-case name. */
  header(name: string): string | undefined;
  body: Buffer;
}

interface HookAccount {
  /** Whether the account's provider made this request, and for a message that names ours. */
  isGenuine(callback: Callback): boolean;
}

export interface HookAddress {
  provider: HookProvider;
  businessId: string;
  senderAccountId: string;
}

export interface HooksPort {
  /** Undefined: there is no such account, or nothing to verify its callbacks with. */
  account(address: HookAddress): Promise<HookAccount | undefined>;
  /** Resolves when the event is kept and acted on. */
  record(address: HookAddress, event: ProviderEvent, callback: Callback): Promise<void>;
}

type HookProvider = 'twilio' | 'resend';

const maxBytes = 256 * 1024;

type Read = (callback: Callback) => ProviderEvent | undefined;

function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}

const readers: Readonly<Record<HookProvider, Read>> = {
  twilio: ({ body, query }) => twilioEvent(new URLSearchParams(body.toString()), uuidOf(query('m'))),
  resend: ({ body, header }) => resendEvent(jsonOf(body), header('svix-id') ?? ''),
};

async function callbackOf(context: Context): Promise<Callback> {
  const { pathname, search } = new URL(context.req.url);
  return {
    pathAndQuery: `${pathname}${search}`,
    query: (name) => context.req.query(name),
    header: (name) => context.req.header(name),
    body: Buffer.from(await context.req.arrayBuffer()),
  };
}

const refused = (context: Context, status: 401 | 404 | 413 | 503, error: string): Response =>
  context.json({ error }, status, status === 503 ? { 'retry-after': '30' } : {});

async function take(context: Context, provider: HookProvider, port: HooksPort): Promise<Response> {
  const businessId = uuidOf(context.req.query('b'));
  const senderAccountId = uuidOf(context.req.param('account'));
  if (businessId === undefined || senderAccountId === undefined) return refused(context, 404, 'not_found');
  const address = { provider, businessId, senderAccountId };
  const callback = await callbackOf(context);
  try {
    const account = await port.account(address);
    if (account === undefined) return refused(context, 404, 'not_found');
    if (!account.isGenuine(callback)) return refused(context, 401, 'signature_invalid');
    const event = readers[provider](callback);
    if (event !== undefined) await port.record(address, event, callback);
    return context.body(null, 204);
  } catch {
    // Whatever it was, the event is not kept: an answer of 2xx would be the end of it.
    return refused(context, 503, 'unavailable');
  }
}

/** Adds `/hooks/twilio/{account}` and `/hooks/resend/{account}`. */
export function addHooks(app: Hono, port: HooksPort): void {
  const limit = bodyLimit({ maxSize: maxBytes, onError: (context) => refused(context, 413, 'too_large') });
  app.post('/hooks/twilio/:account', limit, (context) => take(context, 'twilio', port));
  app.post('/hooks/resend/:account', limit, (context) => take(context, 'resend', port));
}
