// The callbacks of providers, put together: whose signature counts, and where events are kept.
import type pg from 'pg';
import { recordProviderEvent } from '../db/engine/provider-events.ts';
import type { CallbackMarks } from '../domain/callback-mark.ts';
import { uuidOf } from '../domain/provider-event.ts';
import { isSignedBySvix } from '../domain/svix-signature.ts';
import { type FormParameters, isSignedByTwilio } from '../domain/twilio-signature.ts';
import type { Callback, HookAddress, HooksPort } from '../http/hooks.ts';

export interface HooksOptions {
  pool: pg.Pool;
  /** PUBLIC_URL: what providers call, whatever stands between. */
  publicUrl: string;
  marks: Pick<CallbackMarks, 'matches'>;
  /** What the account's provider signs with; several while one is being replaced, none: there is no such account. */
  keysOf(address: HookAddress): Promise<readonly string[]>;
  now(): Date | null;
}

function formOf(body: Buffer): FormParameters {
  const form = new URLSearchParams(body.toString());
  return Object.fromEntries([...new Set(form.keys())].map((name) => [name, form.getAll(name)]));
}

/** Twilio signs no time; that the address bears our mark ties it to one message, and the event's id makes it count once. */
function isTwilios(options: HooksOptions, address: HookAddress, key: string, callback: Callback): boolean {
  const sendLogId = uuidOf(callback.query('m'));
  if (sendLogId === undefined) return false;
  const { businessId, senderAccountId } = address;
  if (!options.marks.matches({ businessId, senderAccountId, sendLogId }, callback.query('s') ?? '')) return false;
  const url = `${options.publicUrl.replace(/\/+$/, '')}${callback.pathAndQuery}`;
  return isSignedByTwilio(key, callback.header('x-twilio-signature') ?? '', url, formOf(callback.body));
}

function isGenuine(options: HooksOptions, address: HookAddress, key: string, callback: Callback): boolean {
  if (address.provider === 'twilio') return isTwilios(options, address, key, callback);
  return isSignedBySvix(key, callback.body, callback.header);
}

const keptHeaders = ['content-type', 'svix-id', 'svix-timestamp', 'i-twilio-idempotency-token', 'user-agent'];

/** The port of `addHooks`. */
export function hooksPort(options: HooksOptions): HooksPort {
  return {
    async account(address) {
      const keys = await options.keysOf(address);
      if (keys.length === 0) return undefined;
      return { isGenuine: (callback) => keys.some((key) => isGenuine(options, address, key, callback)) };
    },
    async record({ provider, businessId, senderAccountId }, event, { header, body }) {
      const headers = Object.fromEntries(
        keptHeaders.flatMap((name): [string, string][] => {
          const value = header(name);
          return value === undefined ? [] : [[name, value]];
        }),
      );
      const received = { ...event, provider, businessId, senderAccountId, headers, body };
      await recordProviderEvent(options.pool, received, options.now());
    },
  };
}
