// The plans of the hot functions, as the server runs them inside: by index, in the index's order, and never more rows than a few
// per touch. Deterministic, unlike times, and it is by plans that a queue dies: a scan that grows with what is already sent.
import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addBusinesses, addEnrollments, openLanes, touchMoments } from '../../bench/throughput/crowd.ts';
import { createPool } from '../../src/db/client.ts';
import { engineStore } from '../../src/db/engine/store.ts';
import { systemClock } from '../../src/engine/clock.ts';
import type { Engine } from '../../src/engine/process-batch.ts';
import { keepHouse } from '../../src/engine/tick.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { describeNode, nodesOf, type PlanNode, plansOf, rowsSeen, type StatementPlan } from '../support/plans.ts';

/** Tables that grow with people and messages; the others stay small beside them. */
const hot = [
  'touch_queue',
  'campaign_enrollments',
  'send_logs',
  'send_attempts',
  'customers',
  'jobs',
  'lane_claims',
  'suppressions',
];
const written = ['touch_queue', 'campaign_enrollments', 'send_logs', 'send_attempts', 'lane_claims'];
const moment = touchMoments[0] ?? '';
const batch = 500;

/** Half of the people belong to one business, the rest to many; a tenth are due. Everybody has an old message. */
async function addPeople(client: pg.PoolClient, people: number): Promise<{ giant: string; others: string[] }> {
  const [giant = '', ...others] = await addBusinesses(client, 41);
  // The bulk comes without key checks and triggers, like a restored dump: the same rows in a fraction of the time.
  await client.query('set local session_replication_role = replica');
  await addEnrollments(client, [giant], { each: people / 2, dueEach: people / 20 });
  await addEnrollments(client, others, { each: Math.ceil(people / 80), dueEach: Math.ceil(people / 800) });
  await client.query(
    `with old as (
       insert into touchline.send_logs (business_id, customer_id, recipient, channel, campaign_id, touch_number, template_version_id,
         state, status, claim_id, attempt, claimed_at, settled_at, sent_at, created_at)
       select e.business_id, e.customer_id, 'someone@example.com', 'email', e.campaign_id, 1, t.template_version_id, 'sent', 'sent',
         $2, 1, m.at, m.at, m.at, m.at
       from touchline.campaign_enrollments e
       join touchline.campaign_touches t on (t.business_id, t.campaign_id, t.version, t.touch_number)
         = (e.business_id, e.campaign_id, e.campaign_version, 1)
       cross join (select timestamptz '2025-03-01T00:00:00Z' as at) m
       where e.business_id = any ($1)
       returning business_id, id
     )
     insert into touchline.send_attempts (business_id, send_log_id, attempt, claim_id, worker, started_at, deadline_at, finished_at,
       outcome)
     select business_id, id, 1, $2, 'old', '2025-03-01Z', '2025-03-01Z', '2025-03-01Z', 'accepted' from old`,
    [[giant, ...others], randomUUID()],
  );
  return { giant, others };
}

/** Claims that wait for a look far in the future, as many as a day of open outcomes leaves. */
async function addOpenClaims(client: pg.PoolClient, business: string, count: number): Promise<void> {
  await client.query(
    `insert into touchline.lane_claims (business_id, claim_id, channel, worker, claimed_at, lease_until, check_at, send_log_ids)
     select $1, pg_catalog.gen_random_uuid(), 'email', 'old', '2027-01-01Z', '2027-01-02Z', '2027-01-02Z',
       array[pg_catalog.gen_random_uuid()]
     from pg_catalog.generate_series(1, $2::integer)`,
    [business, count],
  );
}

interface Turn {
  claim: StatementPlan[];
  settle: StatementPlan[];
  claimed: number;
}

let database: TestDatabase;

async function claimAndSettle(businessIds: string[]): Promise<Turn> {
  const claimId = randomUUID();
  const claimed: { business_id: string; send_log_id: string; attempt: number }[] = [];
  const client = await database.pool.connect();
  await openLanes(client, { businessIds, due: 0 }, moment);
  client.release();
  const claim = await plansOf(database.pool, async (worker) => {
    const call = 'select * from touchline.claim_due_touches($1, $2, $3, $4)';
    claimed.push(...(await worker.query(call, ['planner', claimId, batch, moment])).rows);
  });
  const outcomes = claimed.map(({ business_id, send_log_id, attempt }) => ({
    ...{ business_id, send_log_id, attempt },
    ...{ outcome: 'accepted', provider: 'null', provider_id: send_log_id },
  }));
  const settle = await plansOf(database.pool, (worker) =>
    worker.query('select * from touchline.settle_touches($1, $2, $3)', [claimId, JSON.stringify(outcomes), moment]),
  );
  return { claim, settle, claimed: claimed.length };
}

const nodesIn = (plans: readonly StatementPlan[]): PlanNode[] => plans.flatMap(({ root }) => nodesOf(root));
const reads = (node: PlanNode, tables: readonly string[]): boolean => tables.includes(node['Relation Name'] ?? '');

/** Nodes that read a hot table in another way than by an index. */
function scansOf(plans: readonly StatementPlan[]): string[] {
  return nodesIn(plans)
    .filter((node) => node['Node Type'] === 'Seq Scan' && reads(node, hot))
    .map(describeNode);
}

/** Scans and joins that look at more rows than `limit`. */
function walksOf(plans: readonly StatementPlan[], limit: number): string[] {
  return plans.flatMap(({ sql, root }) =>
    nodesOf(root)
      .filter((node) => /^(?!Values|Subquery).*(?:Scan|Join|Loop)/.test(node['Node Type']))
      .filter((node) => rowsSeen(node) > limit)
      .map((node) => `${describeNode(node)} in ${sql.replaceAll(/\s+/g, ' ').slice(0, 80)}`),
  );
}

/** Nodes below an update or delete of a hot table that come to its rows by something else than their keys. */
function strayWrites(plans: readonly StatementPlan[]): string[] {
  return (
    nodesIn(plans)
      .filter((node) => node['Node Type'] === 'ModifyTable' && reads(node, written))
      .flatMap((node) =>
        nodesOf(node)
          .slice(1)
          .filter((below) => below['Relation Name'] === node['Relation Name']),
      )
      // By the place of a row that was fetched by its key before.
      .filter((node) => node['Node Type'] !== 'Tid Scan')
      .filter((node) => !/\(business_id = .*(?:id|enrollment_id) = /.test(node['Index Cond'] ?? ''))
      .map(describeNode)
  );
}

/** Plans of the statement that contains these words. */
function statements(plans: readonly StatementPlan[], words: RegExp): PlanNode[] {
  return plans.filter(({ sql }) => words.test(sql)).map(({ root }) => root);
}

beforeAll(async () => {
  database = await testDatabase({ name: 'plan_shapes', virtualClock: true });
});
afterAll(() => database.drop());

describe.each([{ people: 10_000 }, { people: 1_000_000 }])(
  'with $people people in campaigns (defect 94)',
  ({ people }) => {
    let oneLane: Turn;
    let manyLanes: Turn;

    beforeAll(async () => {
      const before = await database.query<{ count: number }>(
        'select count(*)::int as count from touchline.touch_queue',
      );
      const client = await database.pool.connect();
      await client.query('begin');
      const { giant, others } = await addPeople(client, people - (before.rows[0]?.count ?? 0));
      await addOpenClaims(client, giant, 500);
      await client.query('commit');
      client.release();
      await database.query('vacuum analyze');
      oneLane = await claimAndSettle([giant]);
      manyLanes = await claimAndSettle([giant, ...others]);
    }, 600_000);

    it('a claim takes its due rows from the due index, in its order, behind the low watermark', () => {
      expect(oneLane.claimed).toBe(batch);
      const [lock] = statements(oneLane.claim, /from touchline\.touch_queue q[\s\S]*for update skip locked/);
      const locking = nodesOf(lock as PlanNode).find((node) => node['Node Type'] === 'LockRows') as PlanNode;
      const [, scan, ...more] = nodesOf(locking);
      expect(more).toEqual([]);
      expect(scan).toMatchObject({ 'Node Type': 'Index Scan', 'Index Name': 'touch_queue_due' });
      expect(scan?.['Index Cond']).toMatch(
        /business_id = .*channel = .*ROW\(due_at, enrollment_id\) > ROW\(.*due_at <= /,
      );
    });

    it('a claim touches at most eight buffers of the queue per touch to find and lock, and eight to lease', async () => {
      const { rows } = await database.query<{ major: number }>(
        "select pg_catalog.current_setting('server_version_num')::integer / 10000 as major",
      );
      // The budget is for the bundled server; Postgres 15 comes to about 10 for the same statements.
      const most = (rows[0]?.major ?? 0) >= 16 ? 8 : 12;
      const [lock] = statements(oneLane.claim, /from touchline\.touch_queue q[\s\S]*for update skip locked/);
      const [lease] = statements(oneLane.claim, /^update touchline\.touch_queue q\s+set claim_id = /);
      for (const root of [lock, lease]) {
        const buffers = (root?.['Shared Hit Blocks'] ?? Number.NaN) + (root?.['Shared Read Blocks'] ?? 0);
        expect(buffers / batch).toBeLessThanOrEqual(most);
      }
    });

    it('the next moment of a lane is the first entry of the due index', () => {
      const next = statements(oneLane.claim, /select q\.due_at, q\.enrollment_id\s+from touchline\.touch_queue q/);
      expect(next.length).toBe(1);
      for (const root of next) {
        const scan = nodesOf(root).find((node) => node['Relation Name'] === 'touch_queue');
        expect(scan).toMatchObject({ 'Node Type': 'Index Scan', 'Index Name': 'touch_queue_due' });
      }
    });

    it.each(['claim', 'settle'] as const)('a %s reads no table of people and messages from end to end', (part) => {
      expect(scansOf([...oneLane[part], ...manyLanes[part]])).toEqual([]);
    });

    it.each(['claim', 'settle'] as const)('a %s changes rows by their primary key', (part) => {
      expect(strayWrites([...oneLane[part], ...manyLanes[part]])).toEqual([]);
    });

    it.each(['claim', 'settle'] as const)('no step of a %s looks at more than a few rows per touch', (part) => {
      expect(walksOf(oneLane[part], 4 * batch)).toEqual([]);
      expect(walksOf(manyLanes[part], 4 * batch)).toEqual([]);
    });

    it('settling locks enrollments, queue rows and messages by their primary keys', () => {
      for (const table of ['campaign_enrollments', 'touch_queue', 'send_logs']) {
        const locks = statements(
          oneLane.settle,
          new RegExp(`join touchline\\.${table} \\w[\\s\\S]*for (?:no key )?update of`),
        );
        expect(locks.length).toBeGreaterThan(0);
        const scans = locks.flatMap(nodesOf).filter((node) => node['Relation Name'] === table);
        expect(scans.map((node) => node['Index Name'])).toEqual(scans.map(() => `${table}_pkey`));
      }
    });

    it('the sweep probes the due index once per lane', async () => {
      const plans = await plansOf(database.pool, (worker) =>
        worker.query('select touchline.sweep_lanes($1)', [moment]),
      );
      const probes = nodesIn(plans).filter((node) => node['Relation Name'] === 'touch_queue');
      expect(probes.map((node) => node['Index Name'])).toEqual(['touch_queue_due']);
      expect(scansOf(plans)).toEqual([]);
      const lanes = await database.query<{ count: number }>(
        'select count(*)::int as count from touchline.business_dispatch',
      );
      expect(walksOf(plans, 2 * (lanes.rows[0]?.count ?? 0))).toEqual([]);
    });

    it('the reconciler finds late claims by their moment, and their messages by their keys', async () => {
      const after = new Date(Date.parse(moment) + 3_600_000).toISOString();
      const plans = await plansOf(database.pool, (worker) =>
        worker.query('select touchline.reconcile_touches($1, $2)', [20, after]),
      );
      const looks = statements(plans, /from touchline\.lane_claims c\s+where c\.check_at <= /);
      expect(looks).toHaveLength(2);
      for (const look of looks) {
        const scans = nodesOf(look).filter((node) => node['Index Name']?.startsWith('lane_claims'));
        expect(scans.map((node) => node['Index Name'])).toContain('lane_claims_check');
      }
      expect(scansOf(plans)).toEqual([]);
      expect(strayWrites(plans)).toEqual([]);
    });

    it('a sleeping worker asks one index for its first entry', async () => {
      const plans = await plansOf(database.pool, (worker) =>
        worker.query('select touchline.ms_until_next_due($1)', [moment]),
      );
      expect(scansOf(plans)).toEqual([]);
      expect(walksOf(plans, 10)).toEqual([]);
    });
  },
);

describe('a worker that came when there were no messages, on a server that never counts its tables', () => {
  let young: TestDatabase;

  beforeAll(async () => {
    young = await testDatabase({ name: 'plan_growth', virtualClock: true });
  });
  afterAll(() => young.drop());

  it('does not come to each message through all of them', async () => {
    const [some, rounds] = [100, 20];
    const client = await young.pool.connect();
    const businessIds = await addBusinesses(client, 1);
    await addEnrollments(client, businessIds, { each: some * (rounds + 1), dueEach: some * (rounds + 1) });
    await openLanes(client, { businessIds, due: 0 }, moment);
    client.release();
    const pool = createPool(young.url, { max: 1 });
    const store = engineStore(pool);
    const at = new Date(moment);
    const engine: Engine = {
      ...{ store, clock: { ...systemClock, now: () => at }, senders: () => undefined, worker: 'planner' },
      links: { unsubscribe: () => '' },
    };
    for (let round = 0; round < rounds; round += 1) {
      if (round === rounds / 4) await keepHouse(engine);
      const claimId = randomUUID();
      const intents = await store.claim({ worker: 'planner', claimId, limit: some, now: at });
      const outcomes = intents.map(({ businessId, sendLogId, attempt }) => ({
        ...{ businessId, sendLogId, attempt, kind: 'accepted' as const },
      }));
      expect(await store.settle(claimId, outcomes, at)).toHaveLength(some);
    }
    const plans = await plansOf(pool, async (worker) => {
      const claimId = randomUUID();
      const values = ['planner', claimId, some, moment];
      const { rows } = await worker.query('select * from touchline.claim_due_touches($1, $2, $3, $4)', values);
      const outcomes = rows.map(({ business_id, send_log_id, attempt }) => ({
        ...{ business_id, send_log_id, attempt, outcome: 'accepted' },
      }));
      expect(outcomes).toHaveLength(some);
      await worker.query('select * from touchline.settle_touches($1, $2, $3)', [
        claimId,
        JSON.stringify(outcomes),
        moment,
      ]);
    });
    await pool.end();
    // The batch may be compared with itself; each of it with all messages are 20 times as many rows.
    expect(walksOf(plans, some * some)).toEqual([]);
    const sum = (found: readonly StatementPlan[]): number =>
      found.reduce((all, { root }) => all + root['Shared Hit Blocks'] + root['Shared Read Blocks'], 0);
    const whole = plans.filter(({ sql }) => /^select \* from touchline\.(?:claim_due|settle)_touches/.test(sql));
    expect(sum(whole) / some).toBeLessThan(400);
  }, 120_000);
});
