// Nobody waits for somebody else's backlog: lanes take turns, rates hold back their own lane only, a poisoned lane blocks alone.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { expectInvariants } from '../support/invariants.ts';
import { nodesOf, plansOf, rowsSeen } from '../support/plans.ts';
import { type Business, later, openWorld, type World } from './world.ts';

let world: World;

beforeEach(async () => {
  world = await openWorld('fairness');
});
afterEach(async () => {
  await world.close();
});

/** Many people of a business whose first touch is due now, written at once. */
async function addBacklog(business: Business, count: number, channel = 'email'): Promise<void> {
  const { database, now } = world;
  await database.query(
    `with people as (
       insert into touchline.customers (business_id, external_id, first_name, email, phone, sms_consent_status, sms_consent_at)
       select $1, 'backlog-' || n, 'Ann', 'backlog-' || n || '@example.test', '+1212' || lpad(n::text, 7, '0'), 'opted_in', $4
       from generate_series(1, $2::integer) n returning id, external_id
     ), work as (
       insert into touchline.jobs (business_id, customer_id, external_id, status, completed_at)
       select $1, id, external_id, 'completed', $4::timestamptz - interval '1 hour' from people returning id, customer_id
     ), inside as (
       insert into touchline.campaign_enrollments (business_id, campaign_id, campaign_version, job_id, customer_id, enrolled_at,
         anchor_at, touch_1_scheduled_at, touch_1_status)
       select $1, $3, 1, id, customer_id, $4, $4::timestamptz - interval '1 hour', $4, 'pending' from work returning id
     )
     insert into touchline.touch_queue (business_id, enrollment_id, touch_number, channel, scheduled_at, due_at, late_after)
     select $1, id, 1, $5, $4, $4, $4::timestamptz + interval '48 hours' from inside`,
    [business.id, count, business.campaign, now, channel],
  );
  await database.query(
    `update touchline.jobs j set decision = 'enrolled', decided_at = $2 where business_id = $1 and decision is null`,
    [business.id, now],
  );
  await database.query(
    'analyze touchline.touch_queue, touchline.campaign_enrollments, touchline.customers, touchline.jobs',
  );
  await world.engine.store.sweep(now);
}

describe('one business with 20,000 due beside fifty with one each', () => {
  it('hands the fifty over in the first rounds (defect 5)', async () => {
    const crowd = await world.business({ touches: [{ channel: 'email', delay_hours: 1 }] });
    await addBacklog(crowd, 20_000);
    const small: string[] = [];
    for (let index = 0; index < 50; index += 1) {
      const business = await world.business({ touches: [{ channel: 'email', delay_hours: 1 }] });
      await business.completeJob({}, { completed_at: later(world.now, -1).toISOString() });
      small.push(business.id);
    }
    const served = new Set<string>();
    const { store } = world.engine;
    for (let round = 0; round < 2; round += 1) {
      const claimId = crypto.randomUUID();
      const intents = await store.claim({ worker: 'story', claimId, limit: 500, now: world.now });
      for (const { businessId } of intents) served.add(businessId);
      expect(intents.length).toBeLessThanOrEqual(500);
    }
    expect(small.filter((id) => !served.has(id))).toEqual([]);
    expect(served.has(crowd.id)).toBe(true);
  }, 120_000);
});

describe('a lane', () => {
  it('at its hourly rate holds back its own channel only (rule 5, defect 15)', async () => {
    const business = await world.business({
      touches: [{ channel: 'sms', delay_hours: 1 }],
    });
    await addBacklog(business, 100, 'sms');
    await world.database.query(
      "update touchline.sender_accounts set rate_per_hour = 100 where business_id = $1 and channel = 'sms'",
      [business.id],
    );
    await business.publish([{ channel: 'email', delay_hours: 1 }], 'hvac');
    await business.completeJob({}, { service_type: 'hvac', completed_at: later(world.now, -1).toISOString() });
    await world.tick();
    expect(world.acceptances.filter(({ channel }) => channel === 'email')).toHaveLength(1);
    const start = world.now;
    await world.runUntil(later(start, 0.5));
    const texts = world.acceptances.filter(({ channel }) => channel === 'sms').length;
    expect(texts).toBeGreaterThanOrEqual(49);
    expect(texts).toBeLessThanOrEqual(54);
    await expectInvariants(world.database, { now: world.now });
  }, 120_000);

  it('with a poisoned row is blocked alone, visibly, and the others go on (rule 4)', async () => {
    const good = await world.business({ touches: [{ channel: 'email', delay_hours: 1 }] });
    const bad = await world.business({ touches: [{ channel: 'email', delay_hours: 1 }] });
    const longAgo = { completed_at: later(world.now, -1).toISOString() };
    await bad.completeJob({}, longAgo);
    await good.completeJob({}, longAgo);
    // A zone that the server does not resolve (an older tzdata after a restore) raises inside the claim.
    await world.database.query("insert into touchline.time_zones (name) values ('Mars/Phobos')");
    await world.database.query(
      `update touchline.customers set time_zone = 'Mars/Phobos', time_zone_source = 'explicit' where business_id = $1`,
      [bad.id],
    );
    await world.tick();
    expect(world.acceptances.map(({ businessId }) => businessId)).toEqual([good.id]);
    const { rows } = await world.database.query<{ business_id: string; blocked_reason: string }>(
      'select business_id, blocked_reason from touchline.business_dispatch where blocked_at is not null',
    );
    expect(rows).toHaveLength(1);
    expect(rows[0]?.business_id).toBe(bad.id);
    expect(rows[0]?.blocked_reason).toContain('Mars/Phobos');
  });
});

describe('a claim', () => {
  it('of n takes at most n, the longest due first (defect 4)', async () => {
    const business = await world.business({ touches: [{ channel: 'email', delay_hours: 1 }] });
    const start = world.now;
    for (const ago of [3, 2, 5, 4, 1.5]) {
      await business.completeJob({ external_id: `ago-${ago}` }, { completed_at: later(start, -ago).toISOString() });
    }
    const claimId = crypto.randomUUID();
    const intents = await world.engine.store.claim({ worker: 'story', claimId, limit: 3, now: world.now });
    expect(intents).toHaveLength(3);
  });

  it('takes six of a lane where there are more lanes than it can serve, and begins with the others next time', async () => {
    for (let index = 0; index < 3; index += 1) {
      await addBacklog(await world.business({ touches: [{ channel: 'email', delay_hours: 1 }] }), 20);
    }
    const shares = async (limit: number): Promise<Map<string, number>> => {
      world.at(later(world.now, 1 / 3600));
      const claimId = crypto.randomUUID();
      const intents = await world.engine.store.claim({ worker: 'story', claimId, limit, now: world.now });
      const each = new Map<string, number>();
      for (const { businessId } of intents) each.set(businessId, (each.get(businessId) ?? 0) + 1);
      return each;
    };
    const first = await shares(10);
    expect([...first.values()].toSorted((x, y) => x - y)).toEqual([4, 6]);
    const second = await shares(6);
    expect([...second.values()]).toEqual([6]);
    expect([...second.keys()].filter((id) => first.has(id))).toEqual([]);
  });

  it('does not look at the queue of a lane whose account has no slot, and comes back when it has one', async () => {
    const business = await world.business({ touches: [{ channel: 'sms', delay_hours: 1 }] });
    await addBacklog(business, 20, 'sms');
    const opens = later(world.now, 0.5);
    await world.database.query(
      "update touchline.sender_accounts set rate_per_hour = 100, next_slot_at = $2 where business_id = $1 and channel = 'sms'",
      [business.id, opens],
    );
    const plans = await plansOf(world.database.pool, async (client) => {
      const call = 'select * from touchline.claim_due_touches($1, $2, $3, $4)';
      const { rows } = await client.query(call, ['story', crypto.randomUUID(), 10, world.now]);
      expect(rows).toEqual([]);
    });
    const looks = plans
      .flatMap(({ root }) => nodesOf(root))
      .filter((node) => node['Relation Name'] === 'touch_queue' && rowsSeen(node) > 0);
    expect(looks).toEqual([]);
    const claimId = crypto.randomUUID();
    await world.engine.store.claim({ worker: 'story', claimId, limit: 10, now: world.now });
    const { rows } = await world.database.query(
      "select next_due_at from touchline.business_dispatch where channel = 'sms'",
    );
    expect(rows).toEqual([{ next_due_at: opens }]);
  });
});
