// Addresses that must not be written to are kept as keyed hashes: one per address, of no use without the keys.
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../support/database.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await testDatabase('address_hash');
});
afterAll(() => database.drop());

describe('address_hash()', () => {
  const hash = async (channel: string | null, address: string | null, on = database): Promise<string | null> =>
    (await on.query('select encode(touchline.address_hash($1, $2), $3) as hash', [channel, address, 'hex'])).rows[0]
      ?.hash;

  it('is one for all ways of writing an address', async () => {
    const email = await hash('email', 'ann@example.test');
    expect(email).toMatch(/^[0-9a-f]{64}$/);
    expect(await hash('email', '  Ann@Example.TEST ')).toBe(email);
    const phone = await hash('sms', '+12125550101');
    expect(await hash('sms', '+1 (212) 555-0101')).toBe(phone);
    expect(await hash('sms', '+12125550102')).not.toBe(phone);
    expect(await hash('sms', null)).toBeNull();
  });

  it('cannot be made without the keys of the installation', async () => {
    const another = await testDatabase('other_keys');
    try {
      const before = await hash('sms', '+12125550101', another);
      await another.query(
        'update touchline.address_keys set inner_key = set_byte(inner_key, 0, get_byte(inner_key, 0) # 1)',
      );
      expect(await hash('sms', '+12125550101', another)).not.toBe(before);
    } finally {
      await another.drop();
    }
  });

  it('refuses what is no address, without repeating it', async () => {
    for (const [channel, address] of [
      ['email', 'Secret'],
      ['sms', '212 555 0101 secret'],
      ['fax', '+12125550101'],
      [null, 'secret@example.test'],
    ]) {
      const error = await hash(channel ?? null, address ?? null).catch((found: unknown) => found);
      expect(error).toMatchObject({ code: 'TL402' });
      if (error instanceof pg.DatabaseError) {
        expect([error.message, error.detail, error.hint].join(' ').toLowerCase()).not.toMatch(/secret|555 ?0101/);
      }
    }
  });
});
