// Keys with which programs act for a business. 32 random bytes need no slow hash, and what is kept is found by its SHA-256: nobody
// can steer what is compared, so the time of a look-up tells nothing.
import { createHash } from 'node:crypto';

const prefix = 'tl_live_';
const pattern = /^tl_live_[A-Za-z0-9_-]{43}$/;

export interface ApiKey {
  /** Shown once, when it is made. */
  key: string;
  hash: Buffer;
  prefix: string;
  last4: string;
}

/** @param random 32 random bytes */
export function apiKeyFrom(random: Uint8Array): ApiKey {
  const key = `${prefix}${Buffer.from(random).toString('base64url')}`;
  return { key, hash: hashOf(key), prefix, last4: key.slice(-4) };
}

function hashOf(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}

/** The SHA-256 of a key; undefined where the text cannot be one. */
export function apiKeyHash(text: string): Buffer | undefined {
  return pattern.test(text) ? hashOf(text) : undefined;
}
