// The read behind the metrics: it tells how long work has waited, and for whom, without walking the queue.
import type pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { addBusinesses, addEnrollments } from '../../bench/throughput/crowd.ts';
import { readQueueState } from '../../src/db/read/queue-state.ts';
import type { QueueState } from '../../src/engine/queue-state.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { enroll, liveCampaign, newSite, type Site } from '../support/engine-world.ts';
import { describeNode, nodesOf, type PlanNode, plansOf, rowsSeen } from '../support/plans.ts';

const anHour = 3600;

describe('the state of the queue', () => {
  let database: TestDatabase;
  let site: Site;
  let campaign: string;

  beforeEach(async () => {
    database = await testDatabase({ name: 'queue_state', virtualClock: true });
    site = await newSite(database);
    campaign = await liveCampaign(site, [{ channel: 'email', delay_hours: 24 }]);
  });
  afterEach(() => database.drop());

  const read = (): Promise<QueueState> => database.asRole('service_role', null, readQueueState);

  /** So many touches that have been due for so many seconds, and as long unheard of by any claim. */
  async function due(count: number, seconds: number, place: Site = site, campaignId = campaign): Promise<void> {
    for (let index = 0; index < count; index += 1) await enroll(place, campaignId);
    await set(`due_at = now() - make_interval(secs => ${seconds})`, place);
    await lane(`next_due_at = now() - make_interval(secs => ${seconds})`, place);
  }
  const set = (what: string, { id }: Site = site): Promise<pg.QueryResult> =>
    database.query(`update touchline.touch_queue set ${what} where business_id = $1`, [id]);
  const lane = (what: string, { id }: Site = site): Promise<pg.QueryResult> =>
    database.query(`update touchline.business_dispatch set ${what} where business_id = $1 and channel = 'email'`, [id]);
  const account = (what: string): Promise<pg.QueryResult> =>
    database.query(`update touchline.sender_accounts set ${what} where business_id = $1 and channel = 'email'`, [
      site.id,
    ]);

  const quiet = { lagSeconds: 0, dueUnclaimedSeconds: 0 };
  /** At least so many seconds, and no hour more: the test takes its time too. */
  function expectAbout(actual: number, seconds: number): void {
    expect(actual).toBeGreaterThanOrEqual(seconds);
    expect(actual).toBeLessThan(seconds + anHour);
  }

  it('is quiet where nothing is due', async () => {
    await enroll(site, campaign);
    await set("due_at = now() + interval '1 day'");
    expect(await read()).toEqual({
      ...quiet,
      ...{ isSafeMode: false, dueLanes: 0, blockedLanes: 0, backlogs: [], otherBacklog: 0, isBacklogCapped: false },
      ...{ unknown: 0, held: 0, pausedAccounts: [] },
    });
  });

  it('tells how long the oldest due touch has waited, and that nobody claimed', async () => {
    await due(3, 2 * anHour);
    const state = await read();
    expectAbout(state.lagSeconds, 2 * anHour);
    expectAbout(state.dueUnclaimedSeconds, 2 * anHour);
    expect(state).toMatchObject({ dueLanes: 1, backlogs: [{ businessId: site.id, touches: 3 }] });
  });

  it('knows a lane that is claimed again and again, and still long, from one that nobody claims', async () => {
    await due(1, 2 * anHour);
    await lane("next_due_at = now() - interval '10 seconds'");
    const state = await read();
    expectAbout(state.lagSeconds, 2 * anHour);
    expect(state.dueUnclaimedSeconds).toBeLessThan(anHour);
  });

  it('sees what a pointer that lags does not tell', async () => {
    await due(1, 2 * anHour);
    await lane("next_due_at = 'infinity'");
    expectAbout((await read()).dueUnclaimedSeconds, 2 * anHour);
  });

  it('leaves out what is leased, parked or later', async () => {
    await due(1, 2 * anHour);
    await set("claim_id = gen_random_uuid(), lease_until = now() + interval '1 minute'");
    expect(await read()).toMatchObject({ ...quiet, dueLanes: 0 });
    await set("claim_id = null, lease_until = null, due_at = 'infinity', blocked_by = 'campaign_paused'");
    expect(await read()).toMatchObject({ ...quiet, dueLanes: 0, unknown: 0, held: 0 });
  });

  it.each([
    ['a paused account', () => account("status = 'paused', paused_at = now(), pause_reason = 'No'")],
    ['no account', () => account('in_use = false')],
    ['a rate that is used up', () => account("rate_per_hour = 10, next_slot_at = now() + interval '5 minutes'")],
    ['a lane that is blocked', () => lane("blocked_at = now(), blocked_reason = 'No'")],
  ])('with %s there is a backlog, and nobody is late', async (_, happens) => {
    await due(2, 2 * anHour);
    await happens();
    expect(await read()).toMatchObject({ ...quiet, dueLanes: 1, backlogs: [{ businessId: site.id, touches: 2 }] });
  });

  it.each([
    [
      'a pause that has ended',
      () =>
        account("status = 'paused', paused_at = now(), pause_reason = 'No', paused_until = now() - interval '1 hour'"),
    ],
    ['a rate', () => account("rate_per_hour = 10, next_slot_at = now() - interval '1 hour'")],
  ])('%s counts from when the lane might have sent again', async (_, happens) => {
    await due(1, 20 * anHour);
    await happens();
    const { lagSeconds, dueUnclaimedSeconds } = await read();
    expectAbout(lagSeconds, anHour);
    expectAbout(dueUnclaimedSeconds, anHour);
  });

  it('names paused accounts and blocked lanes by their number', async () => {
    await account("status = 'paused', paused_at = now(), pause_reason = 'No'");
    await lane("blocked_at = now(), blocked_reason = 'No'");
    const pausedAccounts = [{ channel: 'email', kind: 'server_default', accounts: 1 }];
    expect(await read()).toMatchObject({ pausedAccounts, blockedLanes: 1 });
  });

  it('counts what nobody can prove', async () => {
    await enroll(site, campaign, { state: 'unknown' });
    await enroll(site, campaign, { state: 'unknown' });
    await enroll(site, campaign, { state: 'held' });
    expect(await read()).toMatchObject({ ...quiet, unknown: 2, held: 1 });
  });

  it('says safe mode, in which nobody is to claim', async () => {
    await due(1, 2 * anHour);
    await database.query("update touchline.installation set safe_mode_at = now(), safe_mode_reason = 'A backup.'");
    const { isSafeMode, dueUnclaimedSeconds, lagSeconds } = await read();
    expect({ isSafeMode, dueUnclaimedSeconds }).toEqual({ isSafeMode: true, dueUnclaimedSeconds: 0 });
    expectAbout(lagSeconds, 2 * anHour);
  });

  it('shows twenty businesses, the longest first, and the others together', async () => {
    for (let number = 1; number <= 22; number += 1) {
      const place = await newSite(database);
      const theirs = await liveCampaign(place, [{ channel: 'email', delay_hours: 24 }]);
      await due(number === 9 ? 2 : 1, 60, place, theirs);
    }
    const { backlogs, otherBacklog, dueLanes } = await read();
    expect([dueLanes, backlogs.length, otherBacklog]).toEqual([22, 20, 2]);
    expect(backlogs.map(({ touches }) => touches)).toEqual([2, ...Array.from({ length: 19 }, () => 1)]);
  });

  it('fails where row level security would make it look quiet', async () => {
    const client = await database.pool.connect();
    try {
      await client.query('begin');
      await client.query('alter role service_role nobypassrls');
      await client.query('set local role service_role');
      await expect(readQueueState(client)).rejects.toThrow(/BYPASSRLS/);
    } finally {
      await client.query('rollback');
      client.release();
    }
  });
});

describe.each([{ people: 10_000 }, { people: 200_000 }])('with $people people in campaigns', ({ people }) => {
  const due = 2_000;
  let database: TestDatabase;
  let nodes: PlanNode[];
  let state: QueueState | undefined;

  /** Without key checks and triggers, like a restored dump. */
  async function inBulk(work: (client: pg.PoolClient) => Promise<void>): Promise<void> {
    const client = await database.pool.connect();
    try {
      await client.query('begin');
      await client.query('set local session_replication_role = replica');
      await work(client);
      await client.query('commit');
    } finally {
      client.release(true);
    }
  }

  beforeAll(async () => {
    database = await testDatabase({ name: 'queue_plans', virtualClock: true });
    const connection = await database.pool.connect();
    const [giant = '', ...others] = await addBusinesses(connection, 41);
    connection.release();
    // The plans are made from statistics of a queue that was empty.
    await database.query('analyze');
    await inBulk(async (client) => {
      await addEnrollments(client, [giant], { each: people / 2, dueEach: due / 2 });
      await addEnrollments(client, others, { each: people / 80, dueEach: due / 80 });
      const parked = `update touchline.touch_queue set due_at = 'infinity', blocked_by =`;
      const later =
        'select q.enrollment_id from touchline.touch_queue q where q.due_at > now() and q.blocked_by is null';
      await client.query(`${parked} 'unknown' where enrollment_id in (${later} limit 50)`);
      await client.query(`${parked} 'campaign_paused' where enrollment_id in (${later} limit ${people / 4})`);
    });
    const plans = await plansOf(database.pool, async (reader) => {
      await reader.query('set local role service_role');
      state = await readQueueState(reader);
    });
    nodes = plans.flatMap(({ root }) => nodesOf(root));
  }, 120_000);
  afterAll(() => database.drop());

  it('everything that is due is counted', () => {
    expect(state).toMatchObject({ dueLanes: 41, otherBacklog: (due / 80) * 21, unknown: 50 });
    expect(state?.backlogs[0]?.touches).toBe(due / 2);
  });

  it('only what has a row or two per business is scanned', () => {
    const scanned = nodes.filter((node) => /^(?:Seq|Bitmap Heap) Scan$/.test(node['Node Type']));
    const small = ['business_dispatch', 'sender_accounts', 'installation'];
    expect(scanned.filter((node) => !small.includes(node['Relation Name'] ?? '')).map(describeNode)).toEqual([]);
  });

  it('no more of the queue is looked at than is due or unproved, and a row per lane', () => {
    const seen = nodes.filter((node) => node['Relation Name'] === 'touch_queue');
    expect(seen.map((node) => node['Index Name']).toSorted()).toEqual([
      'touch_queue_due',
      'touch_queue_due',
      'touch_queue_unproved',
      'touch_queue_unproved',
    ]);
    const lanes = 2 * 41;
    expect(seen.reduce((sum, node) => sum + rowsSeen(node), 0)).toBeLessThanOrEqual(due + lanes + 50);
  });
});
