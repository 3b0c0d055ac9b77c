// A request sent twice: an Idempotency-Key brings the same answer, and the work is done once.
import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import {
  type Api,
  apiOn,
  expectProblem,
  newJob,
  newShop,
  type Reply,
  type Shop,
  sendIntoMailbox,
} from './api-support.ts';

const jobs = '/api/v1/jobs';
let database: TestDatabase;
let api: Api;
let shop: Shop;
let other: Shop;

beforeAll(async () => {
  database = await testDatabase({ name: 'http_api_once', virtualClock: true });
  api = apiOn(database.url);
  shop = await newShop(database);
  other = await newShop(database);
}, 60_000);
afterAll(async () => {
  await api.close();
  await database.drop();
});

const post = (body: unknown, headers: Record<string, string> = {}, key = shop.key): Promise<Reply> =>
  api.ask('POST', jobs, { key, body, headers });

describe('an Idempotency-Key', () => {
  const withKey = (key: string, body: unknown, apiKey = shop.key): Promise<Reply> =>
    post(body, { 'idempotency-key': key }, apiKey);

  test('brings the very answer of the first request, also when the job has moved on', async () => {
    const [key, job] = [randomUUID(), newJob()];
    const first = await withKey(key, job);
    expect([first.status, first.headers.get('idempotent-replay')]).toEqual([201, null]);
    await sendIntoMailbox(database);
    expect((await post(job)).text).not.toBe(first.text);
    const again = await withKey(key, Object.fromEntries(Object.entries(job).toReversed()));
    expect([again.status, again.headers.get('idempotent-replay'), again.text]).toEqual([201, 'true', first.text]);
    expect((await withKey(`"${key}"`, job)).headers.get('idempotent-replay')).toBe('true');
  });

  test('with another body is refused, and nothing is done', async () => {
    const key = randomUUID();
    await withKey(key, newJob());
    const job = newJob();
    expectProblem(await withKey(key, job), 'idempotency_mismatch');
    const found = await database.query('select from touchline.jobs where external_id = $1', [job.external_id]);
    expect(found.rowCount).toBe(0);
  });

  test('belongs to one business: another one has its own', async () => {
    const [key, job] = [randomUUID(), newJob()];
    const [mine, theirs] = [await withKey(key, job), await withKey(key, job, other.key)];
    expect([theirs.status, theirs.headers.get('idempotent-replay')]).toEqual([201, null]);
    expect(theirs.body.job_id).not.toBe(mine.body.job_id);
  });

  test('is not kept where the work failed: corrected, the request may come again', async () => {
    const [key, job] = [randomUUID(), newJob()];
    expect((await withKey(key, { ...job, campaign_id: randomUUID() })).status).toBe(404);
    expect((await withKey(key, job)).status).toBe(201);
  });

  test('of a request that is being worked on is a conflict, to be tried again', async () => {
    const [key, job] = [randomUUID(), newJob()];
    await database.asRole('touchline_worker', null, async (client) => {
      await client.query('select touchline.begin_request($1, $2, $3, $4)', [
        shop.site.id,
        `POST ${jobs}`,
        key,
        createHash('sha256').update('x').digest(),
      ]);
      const answer = await withKey(key, job);
      expectProblem(answer, 'request_in_progress');
      expect(answer.headers.get('retry-after')).toBe('1');
      await client.query('select touchline.keep_answer($1, $2, $3, 200, $4)', [
        shop.site.id,
        `POST ${jobs}`,
        key,
        '{}',
      ]);
    });
  });

  test('ten times at once makes one job, and each answer is that one or a conflict', async () => {
    const [key, job] = [randomUUID(), newJob()];
    const replies = await Promise.all(Array.from({ length: 10 }, () => withKey(key, job)));
    const good = replies.filter(({ status }) => status === 201);
    expect(replies.filter(({ status }) => status !== 201 && status !== 409)).toEqual([]);
    expect(new Set(good.map(({ text }) => text)).size).toBe(1);
    expect(good.filter(({ headers }) => headers.get('idempotent-replay') === null)).toHaveLength(1);
  });

  test('means nothing after a day, and old ones are removed by the way', async () => {
    const [key, job] = [randomUUID(), newJob()];
    await withKey(key, job);
    await database.query(`update touchline.idempotency_keys set created_at = now() - interval '25 hours'`);
    const again = await withKey(key, newJob());
    expect([again.status, again.headers.get('idempotent-replay')]).toEqual([201, null]);
    expect((await database.query('select from touchline.idempotency_keys')).rowCount).toBe(1);
  });

  test.each([' ', '"open', 'ä', 'x'.repeat(256)])('that is %j cannot be read', async (key) => {
    expectProblem(
      await withKey(encodeURIComponent(key) === key ? key : key.replace('ä', '\u00e4'), newJob()),
      'malformed_header',
    );
  });
});
