// The API as a program meets it, on a real database.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { blockedBehind } from '../support/caller.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { liveCampaign } from '../support/engine-world.ts';
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
  database = await testDatabase({ name: 'http_api', virtualClock: true });
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
const get = (path: string, key = shop.key): Promise<Reply> => api.ask('GET', path, { key });

const faults = ({ body }: Reply): unknown => body.errors;

describe('POST /api/v1/jobs', () => {
  test('enrolls the customer and answers the whole plan; reported again, it answers the same', async () => {
    const job = newJob();
    const first = await post(job);
    expect(first.status).toBe(201);
    expect(first.body).toEqual({
      job_id: expect.any(String),
      customer_id: expect.any(String),
      decision: 'enrolled',
      reason: null,
      decide_after: null,
      campaign_id: shop.campaign,
      enrollment_id: expect.any(String),
      touches: [
        {
          touch_number: 1,
          channel: 'email',
          status: 'pending',
          scheduled_at: new Date(Date.parse(String(job.completed_at)) + 24 * 3_600_000).toISOString(),
          due_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
          sent_at: null,
          obstacle: null,
        },
      ],
      links: { enrollment: `/api/v1/enrollments/${String(first.body.enrollment_id)}`, mailbox: '/api/v1/mailbox' },
    });
    const again = await post(job);
    expect([again.status, again.body]).toEqual([200, first.body]);
  });

  test('says what stands in the way of a message', async () => {
    const site = shop.site;
    await liveCampaign(
      site,
      [
        { channel: 'sms', delay_hours: 24 },
        { channel: 'email', delay_hours: 24 },
      ],
      'roofing',
    );
    const { body } = await post(newJob({ service_type: 'roofing' }));
    expect(body.touches).toMatchObject([
      { channel: 'sms', obstacle: 'no_phone' },
      { channel: 'email', obstacle: null },
    ]);
  });

  test('takes consent with its evidence, and names as the source the API', async () => {
    const consent = { status: 'opted_in', method: 'website_form', consent_form: 'written', text_shown: 'Text me' };
    const customer = { external_id: randomUUID(), phone: '+12125550199', sms_consent: consent };
    const { body } = await post(newJob({ customer }));
    const { rows } = await database.query(
      'select source, method, text_shown from touchline.consent_events where business_id = $1 and customer_id = $2',
      [shop.site.id, body.customer_id],
    );
    expect(rows).toEqual([{ source: 'api', method: 'website_form', text_shown: 'Text me' }]);
  });

  test('a job that is not to be answered is kept and nobody is written to', async () => {
    const { status, body } = await post(newJob({ do_not_send: true }));
    expect([status, body.decision, body.reason, body.enrollment_id]).toEqual([201, 'refused', 'none_chosen', null]);
    expect(body.links).toMatchObject({ enrollment: null });
  });

  test('a campaign may be chosen; one of another business is as unknown as one that is not there', async () => {
    const chosen = await liveCampaign(shop.site, [{ channel: 'email', delay_hours: 5 }], 'handyman');
    expect((await post(newJob({ campaign_id: chosen }))).body.campaign_id).toBe(chosen);
    const foreign = await post(newJob({ campaign_id: other.campaign }));
    const unknown = await post(newJob({ campaign_id: randomUUID() }));
    expectProblem(foreign, 'not_found');
    expect(foreign.text).toBe(unknown.text);
  });

  test('names every field that is wrong, by its pointer, and the name that was meant', async () => {
    const answer = await post({
      external_id: 7,
      servce_type: 'plumbing',
      completed_at: 'yesterday',
      do_not_send: 'yes',
      customer: { first_nam: 'Ann', 'a/b~c': 1 },
    });
    expectProblem(answer, 'invalid_request');
    expect(faults(answer)).toEqual([
      { pointer: '/external_id', message: 'It must be a string.' },
      { pointer: '/completed_at', message: 'It must be a moment with its zone, like 2026-03-01T12:00:00Z.' },
      { pointer: '/do_not_send', message: 'It must be a boolean.' },
      { pointer: '/customer/first_nam', message: 'There is no field "first_nam". Did you mean first_name?' },
      { pointer: '/customer/a~1b~0c', message: 'There is no field "a/b~c".' },
      { pointer: '/servce_type', message: 'There is no field "servce_type". Did you mean service_type?' },
    ]);
  });

  test('a rule of the tables is answered with the place and what is allowed', async () => {
    const answer = await post(newJob({ customer: { external_id: 'x', email: 'no address' } }));
    expectProblem(answer, 'invalid_argument');
    expect(faults(answer)).toEqual([
      {
        pointer: '/customer/email',
        message: 'It cannot be "no address". Allowed: an email address, or null. Nothing was changed.',
      },
    ]);
    expect(answer.body.type).toBe('/docs/errors.md#tl402-invalid_argument');
  });

  test('a campaign and silence cannot both be asked for', async () => {
    const answer = await post(newJob({ do_not_send: true, campaign_id: shop.campaign }));
    expectProblem(answer, 'invalid_request');
    expect(faults(answer)).toMatchObject([{ pointer: '/do_not_send' }]);
  });
});

describe('GET /api/v1/enrollments/{id}', () => {
  test('tells who, how it stands, each touch, and the way there', async () => {
    const job = newJob();
    const { body } = await post(job);
    await sendIntoMailbox(database);
    const { status, body: found } = await get(String((body.links as { enrollment: string }).enrollment));
    expect(status).toBe(200);
    expect(found).toMatchObject({
      id: body.enrollment_id,
      status: 'completed',
      stop_reason: null,
      campaign: { id: shop.campaign, version: 1 },
      job: { id: body.job_id, external_id: job.external_id, completed_at: job.completed_at },
      customer: { id: body.customer_id, first_name: 'Sam', status: 'active' },
      touches: [{ touch_number: 1, status: 'sent', sent_at: expect.any(String) }],
    });
    const kinds = (found.timeline as { kind: string }[]).map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind !== 'deferred')).toEqual([
      'job_completed',
      'planned',
      'enrolled',
      'sent',
      'completed',
    ]);
  });

  test('answers foreign, unknown and impossible ids with the same words', async () => {
    const { body } = await post(newJob());
    const answers = [
      await get(`/api/v1/enrollments/${String(body.enrollment_id)}`, other.key),
      await get(`/api/v1/enrollments/${randomUUID()}`),
      await get('/api/v1/enrollments/7'),
    ];
    for (const answer of answers) expectProblem(answer, 'not_found');
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  });
});

describe('GET /api/v1/mailbox', () => {
  test('shows what was kept, the newest first, page by page, and only of the business of the key', async () => {
    const fresh = await newShop(database);
    for (let count = 0; count < 5; count += 1) await post(newJob(), {}, fresh.key);
    await sendIntoMailbox(database);
    const seen: { id: string; accepted_at: string; text: string }[] = [];
    let path: string | null = '/api/v1/mailbox?limit=2';
    const sizes: number[] = [];
    while (path !== null) {
      const { body } = await get(path, fresh.key);
      const page = body as { data: typeof seen; next_cursor: string | null };
      seen.push(...page.data);
      sizes.push(page.data.length);
      path = page.next_cursor === null ? null : `/api/v1/mailbox?limit=2&cursor=${page.next_cursor}`;
    }
    expect(sizes).toEqual([2, 2, 1]);
    expect(new Set(seen.map(({ id }) => id)).size).toBe(5);
    expect(seen.map(({ accepted_at }) => accepted_at)).toEqual(
      seen
        .map(({ accepted_at }) => accepted_at)
        .toSorted()
        .toReversed(),
    );
    expect(seen[0]?.text).toContain('Thank you');
  });

  test.each([
    ['limit=0', [{ parameter: 'limit', message: 'It must be a whole number from 1 to 100.' }]],
    ['cursor=%00', [{ parameter: 'cursor', message: 'It must be the next_cursor of an earlier page.' }]],
    ['page=2', [{ parameter: 'page', message: 'There is no field "page".' }]],
  ])('refuses ?%s', async (query, expected) => {
    const answer = await get(`/api/v1/mailbox?${query}`);
    expectProblem(answer, 'invalid_request');
    expect(faults(answer)).toEqual(expected);
  });

  test('a made-up place is refused', async () => {
    expectProblem(
      await get(`/api/v1/mailbox?cursor=${Buffer.from('1.2.3').toString('base64url')}`),
      'invalid_argument',
    );
  });
});

describe('the form of requests', () => {
  test('another address, another method', async () => {
    expectProblem(await get('/api/v1/nowhere'), 'route_not_found');
    const answer = await get(jobs);
    expectProblem(answer, 'method_not_allowed');
    expect(answer.headers.get('allow')).toBe('POST');
    expectProblem(await api.ask('DELETE', '/api/v1/mailbox', { key: shop.key }), 'method_not_allowed');
    expect((await api.ask('HEAD', '/api/v1/mailbox', { key: shop.key })).status).toBe(200);
  });

  test('nothing of an answer is kept by caches', async () => {
    expect((await get('/api/v1/mailbox')).headers.get('cache-control')).toBe('no-store');
  });
});

describe('without a database', () => {
  test('a request that loses its connection on the way says so, and when to come again', async () => {
    const job = newJob();
    const { body } = await post(job);
    const holder = await database.pool.connect();
    await holder.query('begin');
    await holder.query('select from touchline.customers where id = $1 for update', [body.customer_id]);
    const asked = post(job);
    await blockedBehind(database, holder);
    await database.query(
      `select pg_terminate_backend(a.pid) from pg_stat_activity a where cardinality(pg_blocking_pids(a.pid)) > 0
         and a.datname = current_database()`,
    );
    const answer = await asked;
    await holder.query('rollback');
    holder.release();
    expectProblem(answer, 'database_unavailable');
    expect(answer.headers.get('retry-after')).toBe('5');
    expect(api.told).toHaveLength(1);
    expect((await post(job)).status).toBe(200);
  });

  test('a port nobody listens on is unavailable, too', async () => {
    const down = apiOn('postgres://nobody@127.0.0.1:1/none');
    const answer = await down.ask('GET', '/api/v1/mailbox', { key: shop.key });
    await down.close();
    expectProblem(answer, 'database_unavailable');
    expect(answer.headers.get('retry-after')).toBe('5');
    expect(answer.text).not.toContain('ECONNREFUSED');
  });
});
