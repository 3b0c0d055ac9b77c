// Tokens of unsubscribe links: nobody makes one but us, and ours work for ever (S24).
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type UnsubscribeTarget, unsubscribeTokens } from '../../src/domain/unsubscribe-token.ts';

const secret = 'a secret of more than thirty-two characters';
const tokens = unsubscribeTokens(secret);
const target: UnsubscribeTarget = {
  businessId: '0190a000-0000-7000-8000-000000000001',
  channel: 'email',
  address: 'zoe@example.test',
  sendLogId: '0190a000-0000-7000-8000-000000000002',
};

describe('a token', () => {
  test('says whose link it is, and says it to nobody else', () => {
    const token = tokens.make(target);
    expect(tokens.read(token)).toEqual(target);
    expect(token).toMatch(/^[\w-]{60,160}$/);
    expect(Buffer.from(token, 'base64url').includes('zoe')).toBe(false);
  });

  test('is the same for every attempt at a message, and another for another message', () => {
    expect(tokens.make(target)).toBe(tokens.make({ ...target }));
    expect(tokens.make({ ...target, sendLogId: target.businessId })).not.toBe(tokens.make(target));
  });

  test('survives every address', () => {
    const targets = fc.record({
      businessId: fc.uuid(),
      channel: fc.constantFrom('email' as const, 'sms' as const),
      address: fc.string({ maxLength: 254, unit: 'grapheme-ascii' }),
      sendLogId: fc.uuid(),
    });
    fc.assert(
      fc.property(targets, (some) => {
        expect(tokens.read(tokens.make(some))).toEqual(some);
      }),
    );
  });

  test('with any bit turned is none', () => {
    const bytes = Buffer.from(tokens.make(target), 'base64url');
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const turned = Buffer.from(bytes);
      turned.writeUInt8(turned.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      expect(tokens.read(turned.toString('base64url'))).toBeUndefined();
    }
  });

  test('cut off, made longer, spelt otherwise or made up is none', () => {
    const token = tokens.make(target);
    const wrong = [...Array(token.length).keys()].map((length) => token.slice(0, length));
    wrong.push(`${token}A`, `${token}=`, ` ${token}`, token.replace(/.$/, '*'), 'A'.repeat(10_000), '\u0000');
    for (const text of wrong) expect(tokens.read(text)).toBeUndefined();
  });

  test('signed with a secret that was replaced is read as long as that secret is kept', () => {
    const replaced = unsubscribeTokens('another secret of more than thirty-two characters', [secret]);
    expect(replaced.read(tokens.make(target))).toEqual(target);
    expect(replaced.make(target)).not.toBe(tokens.make(target));
    expect(unsubscribeTokens('a third secret').read(tokens.make(target))).toBeUndefined();
  });
});
