// The mark in a callback address that we give to a provider: proof that we made the address for that message, whoever calls it. It is
// beside the provider's own signature, not instead of it.
import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';

export interface CallbackTarget {
  businessId: string;
  senderAccountId: string;
  sendLogId: string;
}

export interface CallbackMarks {
  make(target: CallbackTarget): string;
  matches(target: CallbackTarget, mark: string): boolean;
}

const markBytes = 16;

const keyOf = (secret: string): Buffer => Buffer.from(hkdfSync('sha256', secret, '', 'touchline callback mark', 32));

function markOf(key: Buffer, { businessId, senderAccountId, sendLogId }: CallbackTarget): Buffer {
  const text = [businessId, senderAccountId, sendLogId].join('\n').toLowerCase();
  return createHmac('sha256', key).update(text).digest().subarray(0, markBytes);
}

/** @param oldSecrets whose marks are still taken: a callback may come days after its message */
export function callbackMarks(secret: string, oldSecrets: readonly string[] = []): CallbackMarks {
  const current = keyOf(secret);
  const keys = [current, ...oldSecrets.map(keyOf)];
  return {
    make: (target) => markOf(current, target).toString('base64url'),
    matches: (target, mark) => {
      const given = Buffer.from(mark, 'base64url');
      if (given.length !== markBytes || given.toString('base64url') !== mark) return false;
      return keys.some((key) => timingSafeEqual(markOf(key, target), given));
    },
  };
}

/** Where a provider reports on a message. The parameters are sorted: Twilio signs an address so, however it was given. */
export function callbackUrl(
  base: string,
  provider: string,
  target: CallbackTarget,
  marks: Pick<CallbackMarks, 'make'>,
): string {
  const parameters = new URLSearchParams({ b: target.businessId, m: target.sendLogId, s: marks.make(target) });
  return `${base.replace(/\/+$/, '')}/hooks/${provider}/${target.senderAccountId}?${parameters}`;
}
