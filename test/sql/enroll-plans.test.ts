// A batch of a long enrollment comes to its rows by their keys: what it reads is a few rows per job, however many people a business
// has, while the server's statistics know of no enrollment, and while they know other businesses but not this one.
import type pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { addBacklog, type Backlog, enrolledAt } from '../../bench/enroll/backlog.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { describeNode, nodesOf, plansOf, rowsSeen } from '../support/plans.ts';

const people = 20_000;
const batch = 500;
/** Rows a statement may look at in one scan or join: those of the batch, their touches and their plans. */
const limit = 4 * batch * 3;

let database: TestDatabase;
let backlog: Backlog;

beforeAll(async () => {
  database = await testDatabase({ name: 'enroll_plans', virtualClock: true });
  const client = await database.pool.connect();
  // Nothing is counted by itself while this runs.
  for (const table of ['customers', 'jobs', 'campaign_enrollments', 'touch_queue']) {
    await client.query(`alter table touchline.${table} set (autovacuum_enabled = off)`);
  }
  backlog = await addBacklog(client, people);
  client.release();
}, 120_000);
afterAll(() => database.drop());

async function enroll(client: pg.PoolClient, from: number, { businessId, jobIds } = backlog): Promise<number> {
  const { rows } = await client.query<{ answer: { enrolled: number } }>(
    'select touchline.enroll_completed($1, $2, 60, null, $3) as answer',
    [businessId, jobIds.slice(from, from + batch), enrolledAt],
  );
  return rows[0]?.answer.enrolled ?? 0;
}

// The server makes the first five plans of a key's check for the very business, and has them walk where it knows nothing of it.
const firstPlans = 5;
const isKeyCheck = (walk: string): boolean => walk.includes('SELECT 1 FROM ONLY');

async function walksOf(from: number, of = backlog): Promise<string[]> {
  const plans = await plansOf(database.pool, async (client) => expect(await enroll(client, from, of)).toBe(batch));
  const walks = plans.flatMap(({ sql, root }) =>
    nodesOf(root)
      .filter((node) => /Scan|Join|Loop/.test(node['Node Type']) && rowsSeen(node) > limit)
      .map((node) => `${describeNode(node)} in ${sql.replaceAll(/\s+/g, ' ').slice(0, 80)}`),
  );
  const checks = walks.filter(isKeyCheck);
  return checks.length > firstPlans ? walks : walks.filter((walk) => !isKeyCheck(walk));
}

it('a batch reads a few rows per job, while nobody has counted the enrollments', async () => {
  await database.query('analyze touchline.customers, touchline.jobs');
  // In an empty table every way is as good as the other, and the planner may look through all that the batch itself has added.
  for (let from = 0; from < 4 * batch; from += batch) {
    await database.asRole('touchline_worker', null, async (client) => expect(await enroll(client, from)).toBe(batch));
  }
  expect(await walksOf(4 * batch)).toEqual([]);
});

it('a batch reads a few rows per job, beside many that are enrolled', async () => {
  for (let from = 4 * batch; from < people / 2; from += batch) {
    await database.asRole('touchline_worker', null, async (client) => expect(await enroll(client, from)).toBe(batch));
  }
  await database.query('analyze touchline.campaign_enrollments, touchline.touch_queue');
  expect(await walksOf(people / 2)).toEqual([]);
});

it('a batch of a business that came after the last count reads a few rows per job', async () => {
  const client = await database.pool.connect();
  const late = await addBacklog(client, people);
  client.release();
  expect(await walksOf(0, late)).toEqual([]);
});
