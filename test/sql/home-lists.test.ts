// The lists of the home page among ten thousand people and messages of one moment: every page by an index in its order, and
// nothing lost or shown twice between pages.
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addBusinesses, addEnrollments } from '../../bench/throughput/crowd.ts';
import { homePort } from '../../src/db/home.ts';
import { homeMailbox } from '../../src/db/read/home/mailbox.ts';
import { homePeople } from '../../src/db/read/home/people.ts';
import type { HomePort, Page } from '../../src/engine/home.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { describeNode, nodesOf, plansOf, rowsSeen } from '../support/plans.ts';

const people = 10_000;
const pageRows = 50;

let database: TestDatabase;
let business: string;
let campaign: string;
let owner: string;
let home: HomePort;

/** Of the people every fifth was stopped and every fifth is through; everybody got a message. All at two moments. */
async function addPeople(client: pg.PoolClient): Promise<void> {
  await client.query('set local session_replication_role = replica');
  await addEnrollments(client, [business], { each: people, dueEach: 0 });
  const statements = [
    `with numbered as (
       select e.id, k.external_id::integer as n
       from touchline.campaign_enrollments e join touchline.customers k on (k.business_id, k.id) = (e.business_id, e.customer_id)
       where e.business_id = $1)
     update touchline.campaign_enrollments e
     set enrolled_at = case when n.n <= 130 then timestamptz '2026-03-02T15:00:00.000123Z' else '2026-03-02T15:00:00Z' end,
       status = case n.n % 5 when 1 then 'stopped' when 2 then 'completed' else 'active' end,
       stop_reason = case n.n % 5 when 1 then 'replied' end, stopped_at = case n.n % 5 when 1 then e.anchor_at end,
       completed_at = case n.n % 5 when 2 then e.anchor_at end, touch_1_status = 'sent', touch_1_sent_at = e.anchor_at
     from numbered n where e.business_id = $1 and e.id = n.id`,
    `delete from touchline.touch_queue q using touchline.campaign_enrollments e
     where q.business_id = $1 and (e.business_id, e.id) = (q.business_id, q.enrollment_id) and e.status <> 'active'`,
    `insert into touchline.send_logs (business_id, customer_id, campaign_id, campaign_enrollment_id, touch_number, recipient, state,
       claim_id, attempt, claimed_at, sent_at, created_at)
     select business_id, customer_id, campaign_id, id, 1, 'someone@example.com', 'sent', id, 1, anchor_at, anchor_at, anchor_at
     from touchline.campaign_enrollments where business_id = $1`,
    `insert into touchline.mailbox_messages (business_id, send_log_id, attempt, channel, recipient, subject, text, accepted_at)
     select l.business_id, l.id, a, 'email', l.recipient, 'Hello', pg_catalog.repeat('word ', 100), '2026-03-03T15:00:00.000123Z'
     from touchline.send_logs l, pg_catalog.generate_series(1, 2) a where l.business_id = $1`,
  ];
  for (const sql of statements) await client.query(sql, [business]);
}

beforeAll(async () => {
  database = await testDatabase({ name: 'home_lists', virtualClock: true });
  const client = await database.pool.connect();
  await client.query('begin');
  business = (await addBusinesses(client, 2))[0] ?? '';
  await addPeople(client);
  await client.query('commit');
  client.release();
  await database.query('select touchline.recount_daily_stats($1)', [business]);
  await database.query('vacuum analyze');
  const { rows } = await database.query<{ campaign: string; owner: string }>(
    `select c.id as campaign, b.user_id as owner
     from touchline.campaigns c join touchline.businesses b on b.id = c.business_id where b.id = $1`,
    [business],
  );
  campaign = rows[0]?.campaign ?? '';
  owner = rows[0]?.owner ?? '';
  home = homePort(database.pool, { role: 'authenticated', userId: owner });
}, 120_000);
afterAll(() => database.drop());

/** Rows of a list from its beginning, page by page. */
async function follow<Row>(list: (cursor: string | null) => Promise<Page<Row>>, pages: number): Promise<Row[]> {
  const rows: Row[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < pages; page += 1) {
    const found = await list(cursor);
    rows.push(...found.rows);
    cursor = found.nextCursor;
    if (cursor === null) break;
  }
  return rows;
}

/** Ids in the order in which a list has them. */
async function ids(sql: string, limit: number): Promise<string[]> {
  const { rows } = await database.query<{ id: string }>(`${sql} limit ${limit}`, [business]);
  return rows.map(({ id }) => id);
}

describe('a list of equal moments, page after page', () => {
  it.each([null, 'stopped'] as const)('has everybody of a campaign once (status %s)', async (status) => {
    const rows = await follow((cursor) => home.people(business, campaign, { status, cursor }), 5);
    const where = status === null ? '' : `and status = '${status}'`;
    const sql = `select id from touchline.campaign_enrollments where business_id = $1 ${where} order by enrolled_at desc, id desc`;
    expect(rows.map(({ enrollmentId }) => enrollmentId)).toEqual(await ids(sql, 5 * pageRows));
  });

  it('has every message of the mailbox once, each attempt for itself', async () => {
    const rows = await follow((cursor) => home.mailbox(business, { cursor }), 5);
    const sql = `select send_log_id || '.' || attempt as id from touchline.mailbox_messages where business_id = $1
      order by accepted_at desc, send_log_id desc, attempt desc`;
    expect(rows.map(({ id }) => id)).toEqual(await ids(sql, 5 * pageRows));
    expect(rows[0]?.preview).toHaveLength(120);
    expect(await home.mailboxMessage(business, rows[0]?.id ?? '')).toMatchObject({ subject: 'Hello', html: null });
  });

  it('ends without a further cursor', async () => {
    const rows = await follow((cursor) => home.people(business, campaign, { status: 'completed', cursor }), 100);
    expect(new Set(rows.map(({ enrollmentId }) => enrollmentId)).size).toBe(people / 5);
  });

  it.each([
    '',
    'x',
    'eyJ9',
    Buffer.from('["1"]').toString('base64url'),
    Buffer.from('["1; drop","x"]').toString('base64url'),
  ])('refuses the cursor %j, which it did not make', async (cursor) => {
    const refusal = { problem: { code: 'invalid_argument' } };
    await expect(home.people(business, campaign, { status: null, cursor })).rejects.toMatchObject(refusal);
    await expect(home.mailbox(business, { cursor })).rejects.toMatchObject(refusal);
  });
});

/** Scans of a page that look at more rows than a few per row shown, or at a table from end to end. */
async function walksOf(list: (client: pg.PoolClient) => Promise<unknown>): Promise<string[]> {
  const plans = await plansOf(database.pool, async (client) => {
    await client.query('set local role authenticated');
    await client.query("select pg_catalog.set_config('request.jwt.claims', $1, true)", [
      JSON.stringify({ sub: owner }),
    ]);
    await list(client);
  });
  return plans
    .flatMap(({ root }) => nodesOf(root))
    .filter((node) => /Scan|Sort/.test(node['Node Type']))
    .filter((node) => rowsSeen(node) > 4 * (pageRows + 1))
    .map(describeNode);
}

describe('one page among ten thousand', () => {
  it.each([null, 'stopped', 'active'] as const)('of people is read by its index (status %s)', async (status) => {
    const [first] = [await home.people(business, campaign, { status, cursor: null })];
    for (const cursor of [null, first.nextCursor]) {
      expect(await walksOf((client) => homePeople(client, business, campaign, { status, cursor }))).toEqual([]);
    }
  });

  it('of messages is read by its index', async () => {
    const { nextCursor } = await home.mailbox(business, { cursor: null });
    for (const cursor of [null, nextCursor]) {
      expect(await walksOf((client) => homeMailbox(client, business, { cursor }))).toEqual([]);
    }
  });
});

describe('what is shown', () => {
  it('of a campaign are its counts, what was sent and what is due', async () => {
    expect(await home.campaigns(business)).toEqual([
      {
        ...{ id: campaign, name: 'Reviews', serviceType: null, status: 'active', touches: 4 },
        ...{ active: (people * 3) / 5, completed: people / 5, stopped: people / 5, parked: 0, sent: people },
        ...{ nextDueAt: new Date('2027-03-03T15:00:03Z'), pausedAt: null },
      },
    ]);
  });

  it('of a person are the name, the touches and when the next one may leave', async () => {
    const { rows } = await home.people(business, campaign, { status: 'active', cursor: null });
    expect(rows[0]).toMatchObject({ name: 'Ann Lee', stopReason: null, currentTouch: 1, blockedBy: null });
    expect(rows[0]?.touches.map(({ status }) => status)).toEqual(['sent', 'pending', 'pending', 'pending']);
    expect(rows[0]?.nextDueAt?.getTime()).toBeGreaterThan(Date.parse('2027-03-01Z'));
  });

  it('of businesses are those of the person, and nothing of others, under whatever id', async () => {
    expect(await home.businesses()).toMatchObject([{ id: business, timeZone: 'America/New_York', status: 'active' }]);
    const { rows } = await database.query<{ id: string }>(
      'select id from touchline.businesses where id <> $1 and id <> touchline.system_business_id()',
      [business],
    );
    const notFound = { problem: { code: 'not_found' } };
    for (const other of [rows[0]?.id ?? '', '00000000-0000-7000-8000-000000000009', 'x']) {
      await expect(home.campaigns(other)).rejects.toMatchObject(notFound);
      await expect(home.people(other, campaign, { status: null, cursor: null })).rejects.toMatchObject(notFound);
      await expect(home.people(business, other, { status: null, cursor: null })).rejects.toMatchObject(notFound);
      await expect(home.mailbox(other, { cursor: null })).rejects.toMatchObject(notFound);
      await expect(home.pause(business, other)).rejects.toMatchObject(notFound);
      await expect(home.resume(other, campaign)).rejects.toMatchObject(notFound);
      await expect(home.stop(business, other)).rejects.toMatchObject(notFound);
      expect(await home.timeline(business, other)).toBeUndefined();
      expect(await home.mailboxMessage(other, `${other}.1`)).toBeUndefined();
    }
  });
});
