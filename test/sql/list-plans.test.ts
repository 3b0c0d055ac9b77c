// The lists and pages of the home page, the API and the command line among many messages: each reads a few rows per row shown, by
// index, at any depth, and no table of people and messages from end to end. The same reads as those of `bench reads`.
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fillHistory } from '../../bench/reads/history.ts';
import { type Read, readsOf } from '../../bench/reads/reads.ts';
import { listBusinesses, pageOfBusinesses } from '../../src/db/read/businesses.ts';
import { listUnproved, type UnprovedMessage } from '../../src/db/read/unknown.ts';
import { mostCounted } from '../../src/engine/home.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { describeNode, nodesOf, plansOf, rowsSeen, type StatementPlan } from '../support/plans.ts';

const messages = 150_000;
const pageRows = 50;
/** Tables that grow with people and messages. */
const hot = [
  'touch_queue',
  'campaign_enrollments',
  'send_logs',
  'send_attempts',
  'customers',
  'jobs',
  'mailbox_messages',
];

let database: TestDatabase;
let giant: string;
let reads: Read[];

beforeAll(async () => {
  database = await testDatabase('list_plans');
  const client = await database.pool.connect();
  const history = await fillHistory(client, messages);
  giant = history.giant;
  reads = await readsOf(client, history);
  client.release();
}, 240_000);
afterAll(() => database.drop());

async function actAs(client: pg.PoolClient, { as }: Read): Promise<void> {
  const claims = 'userId' in as ? JSON.stringify({ sub: as.userId }) : '';
  await client.query("select pg_catalog.set_config('request.jwt.claims', $1, true)", [claims]);
  await client.query('reset role');
  await client.query(`set local role ${as.role}`);
}

/** The plans of a read that a connection has made so often that it keeps a plan, if it ever does. */
function plansOfRead(read: Read): Promise<StatementPlan[]> {
  return plansOf(database.pool, async (client) => {
    await actAs(client, read);
    for (let turn = 0; turn < 7; turn += 1) await read.run(client);
  });
}

/** Scans that look at more than a few rows per row shown. */
function walksOf(plans: readonly StatementPlan[], limit: number): string[] {
  return plans
    .flatMap(({ root }) => nodesOf(root))
    .filter((node) => /Scan|Sort/.test(node['Node Type']) && hot.includes(node['Relation Name'] ?? ''))
    .filter((node) => rowsSeen(node) > limit)
    .map(describeNode);
}

const names = [
  ...['first page', 'in the middle', 'near the end'].flatMap((where) =>
    ['people of a campaign', 'people of a campaign, active', 'mailbox', 'mailbox by the API'].map(
      (list) => `${list}: ${where}`,
    ),
  ),
  'unproved messages',
  'jobs that wait for a person',
  'all businesses',
  'businesses of a person',
  'campaigns of a business, on its first page',
  'campaigns of a business, on the command line',
  'daily counts of a campaign, the last 90 days',
  'one campaign',
  'the way of one person',
  'how the queue stands',
];

describe(`among ${messages} messages, half of them of one business`, () => {
  it('every read of the bench is one of these', () => {
    expect(reads.map(({ name }) => name).toSorted()).toEqual(names.toSorted());
  });

  it.each(names)('%s: a few rows per row shown', async (name) => {
    const read = reads.find((each) => each.name === name) as Read;
    const plans = await plansOfRead(read);
    expect(plans.length).toBeGreaterThan(0);
    // People of a campaign are counted, and the counting ends somewhere; on a list they are the rows shown.
    expect(walksOf(plans, name.startsWith('campaigns of') ? mostCounted + 1 : 8 * (pageRows + 1))).toEqual([]);
  });

  it('businesses come page by page, each once', async () => {
    const client = await database.pool.connect();
    const found: string[] = [];
    let cursor: string | null = null;
    do {
      const page = await pageOfBusinesses(client, { cursor, limit: 60 });
      found.push(...page.rows.map(({ id }) => id));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(found).toEqual((await listBusinesses(client)).map(({ id }) => id));
    const other = { cursor: Buffer.from('["a"]').toString('base64url'), limit: 1 };
    await expect(pageOfBusinesses(client, other)).rejects.toMatchObject({ problem: { code: 'invalid_argument' } });
    client.release();
  });

  it('unproved messages come page by page, each once, those that were proved since left out', async () => {
    const client = await database.pool.connect();
    const found: UnprovedMessage[] = [];
    let cursor: string | null = null;
    do {
      const page = await listUnproved(client, giant, { cursor, limit: 2 });
      found.push(...page.rows);
      cursor = page.nextCursor;
    } while (cursor !== null);
    const { rows } = await client.query(
      `select id from touchline.send_logs where business_id = $1 and state = 'unknown' order by claimed_at desc, id desc`,
      [giant],
    );
    expect(rows.length).toBeGreaterThan(2);
    expect(found.map(({ send_log_id: id }) => id)).toEqual(rows.map(({ id }) => id));
    await client.query(`update touchline.send_logs set state = 'sent' where business_id = $1 and id = $2`, [
      giant,
      rows[0].id,
    ]);
    const left = await listUnproved(client, giant, { cursor: null, limit: 100 });
    expect(left.rows).toHaveLength(rows.length - 1);
    client.release();
  });
});
