// Who may ask the API: keys, their scopes, and their end.
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { type Api, apiOn, expectProblem, newJob, newKey, newShop, type Reply, type Shop } from './api-support.ts';

const jobs = '/api/v1/jobs';
let database: TestDatabase;
let api: Api;
let shop: Shop;

beforeAll(async () => {
  database = await testDatabase({ name: 'http_api_keys', virtualClock: true });
  api = apiOn(database.url);
  shop = await newShop(database);
}, 60_000);
afterAll(async () => {
  await api.close();
  await database.drop();
});

const post = (body: unknown, headers: Record<string, string> = {}, key = shop.key): Promise<Reply> =>
  api.ask('POST', jobs, { key, body, headers });
const get = (path: string, key = shop.key): Promise<Reply> => api.ask('GET', path, { key });
describe('who asks', () => {
  test.each([
    ['nothing', {}, 'Bearer realm="touchline"'],
    ['another scheme', { authorization: 'Basic eDp5' }, 'Bearer realm="touchline", error="invalid_token"'],
    [
      'a made-up key',
      { authorization: `Bearer tl_live_${'a'.repeat(43)}` },
      'Bearer realm="touchline", error="invalid_token"',
    ],
    ['a part of one', { authorization: 'Bearer tl_live_' }, 'Bearer realm="touchline", error="invalid_token"'],
  ])('%s is told to send a key', async (_what, headers, challenge) => {
    for (const path of [jobs, '/api/v1/mailbox', '/api/v1/nowhere']) {
      const answer = await api.ask('GET', path, { headers: headers as Record<string, string> });
      expectProblem(answer, 'unauthorized');
      expect(answer.headers.get('www-authenticate')).toBe(challenge);
    }
  });

  test('a revoked key opens nothing from the next request on', async () => {
    const key = await newKey(shop.site);
    expect((await get('/api/v1/mailbox', key)).status).toBe(200);
    const { rows } = await database.query<{ id: string }>('select id from touchline.api_keys where key_hash = $1', [
      createHash('sha256').update(key).digest(),
    ]);
    expect(await shop.site.owner.call('revoke_api_key', shop.site.id, rows[0]?.id)).toBe(true);
    expect(await shop.site.owner.call('revoke_api_key', shop.site.id, rows[0]?.id)).toBe(false);
    expectProblem(await get('/api/v1/mailbox', key), 'unauthorized');
  });

  test('a key does what its scopes say', async () => {
    const [reader, writer] = [await newKey(shop.site, ['read']), await newKey(shop.site, ['write'])];
    const refused = await post(newJob(), {}, reader);
    expectProblem(refused, 'scope_missing');
    expect(refused.headers.get('www-authenticate')).toContain('scope="write"');
    expectProblem(await get('/api/v1/mailbox', writer), 'scope_missing');
    expect((await post(newJob(), {}, writer)).status).toBe(201);
  });

  test('its use is remembered once a minute', async () => {
    const key = await newKey(shop.site);
    const used = async (): Promise<Date | null> =>
      (
        await database.query<{ last_used_at: Date | null }>(
          'select last_used_at from touchline.api_keys where key_hash = $1',
          [createHash('sha256').update(key).digest()],
        )
      ).rows[0]?.last_used_at ?? null;
    expect(await used()).toBeNull();
    await get('/api/v1/mailbox', key);
    const first = await used();
    expect(first).toBeInstanceOf(Date);
    await get('/api/v1/mailbox', key);
    expect(await used()).toEqual(first);
  });

  test('nobody reads a key again: its text is nowhere in the database', async () => {
    const { rows } = await database.query<{ row: string }>('select k::text as row from touchline.api_keys k');
    expect(rows.filter(({ row }) => row.includes(shop.key.slice(8)))).toEqual([]);
  });
});
