// Secrets of sender accounts as they are kept: encrypted by AES-256-GCM with a key of the environment, bound to their business and
// account, so that a ciphertext that was moved to another row does not open.
//
// Layout: version (1 byte) · nonce (12) · tag (16) · ciphertext. The key's id stands beside it in the row.
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

export interface SecretOwner {
  businessId: string;
  senderAccountId: string;
}

export interface SealedSecret {
  keyId: string;
  ciphertext: Buffer;
}

export interface SecretBox {
  /** Names the key that seals. */
  readonly keyId: string;
  seal(owner: SecretOwner, secret: string): SealedSecret;
  /** Undefined for what was sealed with a key that is gone, for another account, or changed since. */
  open(owner: SecretOwner, sealed: SealedSecret): string | undefined;
}

interface Key {
  id: string;
  bytes: Buffer;
}

const version = 1;
const nonceBytes = 12;
const tagBytes = 16;
const headBytes = 1 + nonceBytes + tagBytes;

function keyOf(secret: string): Key {
  const derive = (use: string, bytes: number): Buffer =>
    Buffer.from(hkdfSync('sha256', secret, '', `touchline sender secret ${use}`, bytes));
  return { id: derive('key id', 8).toString('hex'), bytes: derive('key', 32) };
}

const boundTo = ({ businessId, senderAccountId }: SecretOwner): Buffer =>
  Buffer.from(`${version}\n${businessId}\n${senderAccountId}`.toLowerCase());

/** @param oldSecrets whose ciphertexts still open, until they are sealed anew */
export function secretBox(secret: string, oldSecrets: readonly string[] = []): SecretBox {
  const current = keyOf(secret);
  const keys = new Map([...oldSecrets.map(keyOf), current].map(({ id, bytes }) => [id, bytes]));
  return {
    keyId: current.id,
    seal(owner, text) {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv('aes-256-gcm', current.bytes, nonce).setAAD(boundTo(owner));
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return {
        keyId: current.id,
        ciphertext: Buffer.concat([Buffer.from([version]), nonce, cipher.getAuthTag(), body]),
      };
    },
    open(owner, { keyId, ciphertext }) {
      const key = keys.get(keyId);
      if (key === undefined || ciphertext[0] !== version || ciphertext.length < headBytes) return undefined;
      const nonce = ciphertext.subarray(1, 1 + nonceBytes);
      const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes })
        .setAAD(boundTo(owner))
        .setAuthTag(ciphertext.subarray(1 + nonceBytes, headBytes));
      try {
        return Buffer.concat([decipher.update(ciphertext.subarray(headBytes)), decipher.final()]).toString();
      } catch {
        return undefined;
      }
    },
  };
}
