// Tokens of unsubscribe links. A token says who ends what (business, channel, address, message), is opaque, cannot be forged and
// never expires: everything it needs is in it, so it still works when the message, the customer or the campaign is gone.
//
// Layout, base64url: key id (4 bytes) · mark (16 bytes of HMAC-SHA256 over the content) · content, encrypted by AES-256-CTR with the
// mark as its counter. The mark is both proof and initial value (as in SIV, RFC 5297), so the same message always gets the same link.
import { createCipheriv, createDecipheriv, createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';

export interface UnsubscribeTarget {
  businessId: string;
  channel: 'email' | 'sms';
  address: string;
  /** The message whose link it is. */
  sendLogId: string;
}

export interface UnsubscribeTokens {
  make(target: UnsubscribeTarget): string;
  /** Undefined for what we did not make. */
  read(token: string): UnsubscribeTarget | undefined;
}

interface Key {
  id: Buffer;
  mac: Buffer;
  cipher: Buffer;
}

const idBytes = 4;
const markBytes = 16;
const uuidBytes = 16;
const channels = ['email', 'sms'] as const;
// An address has at most 254 characters.
const longestToken = 600;

function keyOf(secret: string): Key {
  const derive = (use: string, bytes: number): Buffer =>
    Buffer.from(hkdfSync('sha256', secret, '', `touchline unsubscribe ${use}`, bytes));
  return { id: derive('key id', idBytes), mac: derive('mac', 32), cipher: derive('cipher', 32) };
}

const uuidOf = (bytes: Buffer): string =>
  bytes.toString('hex').replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, '$1-$2-$3-$4-$5');
const bytesOf = (uuid: string): Buffer => Buffer.from(uuid.replaceAll('-', ''), 'hex');

const markOf = (key: Key, content: Buffer): Buffer =>
  createHmac('sha256', key.mac).update(content).digest().subarray(0, markBytes);

function contentOf({ businessId, channel, address, sendLogId }: UnsubscribeTarget): Buffer {
  const kind = Buffer.from([channels.indexOf(channel)]);
  return Buffer.concat([bytesOf(businessId), bytesOf(sendLogId), kind, Buffer.from(address)]);
}

function targetOf(content: Buffer): UnsubscribeTarget | undefined {
  const channel = channels[content[2 * uuidBytes] ?? -1];
  if (channel === undefined) return undefined;
  return {
    businessId: uuidOf(content.subarray(0, uuidBytes)),
    sendLogId: uuidOf(content.subarray(uuidBytes, 2 * uuidBytes)),
    channel,
    address: content.subarray(2 * uuidBytes + 1).toString(),
  };
}

function open(key: Key, mark: Buffer, sealed: Buffer): UnsubscribeTarget | undefined {
  const decipher = createDecipheriv('aes-256-ctr', key.cipher, mark);
  const content = Buffer.concat([decipher.update(sealed), decipher.final()]);
  return timingSafeEqual(markOf(key, content), mark) ? targetOf(content) : undefined;
}

/**
 * @param secret signs new tokens
 * @param oldSecrets whose tokens are still read: links never expire, so a secret that was replaced is kept
 */
export function unsubscribeTokens(secret: string, oldSecrets: readonly string[] = []): UnsubscribeTokens {
  const current = keyOf(secret);
  const keys = [current, ...oldSecrets.map(keyOf)];
  return {
    make(target) {
      const content = contentOf(target);
      const mark = markOf(current, content);
      const cipher = createCipheriv('aes-256-ctr', current.cipher, mark);
      return Buffer.concat([current.id, mark, cipher.update(content), cipher.final()]).toString('base64url');
    },
    read(token) {
      if (token.length > longestToken || !/^[\w-]+$/.test(token)) return undefined;
      const bytes = Buffer.from(token, 'base64url');
      // One spelling only: unused bits of the last character must not make a second token of one.
      if (bytes.length <= idBytes + markBytes + 2 * uuidBytes || bytes.toString('base64url') !== token)
        return undefined;
      const key = keys.find(({ id }) => timingSafeEqual(id, bytes.subarray(0, idBytes)));
      if (key === undefined) return undefined;
      return open(key, bytes.subarray(idBytes, idBytes + markBytes), bytes.subarray(idBytes + markBytes));
    },
  };
}
