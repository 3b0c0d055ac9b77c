// Every fence at once, against claims, settles and enrollments of the same few people: nothing deadlocks, nothing breaks an
// invariant. Eight sessions act in each round; between the rounds time goes on.
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { callOf } from '../support/caller.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import {
  enroll,
  hour,
  liveCampaign,
  monday,
  newCustomer,
  newPhone,
  newSite,
  plus,
  type Site,
} from '../support/engine-world.ts';
import { expectInvariants } from '../support/invariants.ts';

const seeds = [1, 2, 3];
const rounds = 20;
const sessions = 8;

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase({ name: 'fence_together', virtualClock: true });
});
afterAll(() => database.drop());

/** Numbers from 0 to below `count`, the same for the same seed (mulberry32). */
function dice(seed: number): (count: number) => number {
  let state = seed;
  return (count) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % count;
  };
}

interface Stage {
  site: Site;
  campaigns: string[];
  customers: string[];
  addresses: [channel: string, address: string][];
  roll: (count: number) => number;
  now: Date;
}

async function stage(seed: number): Promise<Stage> {
  const site = await newSite(database);
  await site.owner.call('set_sending_policy', site.id, {
    overlap: seed % 2 === 0 ? 'replace' : 'skip',
    after_opt_out: seed % 2 === 0 ? 'continue_other_channel' : 'stop_enrollment',
    reentry_days_after_enrollment: 0,
    reentry_days_after_review: 0,
    min_gap_hours: 1,
  });
  const touches = [
    { channel: 'sms', delay_hours: 4 },
    { channel: 'email', delay_hours: 24 },
    { channel: 'sms', delay_hours: 24 },
  ] as const;
  const campaigns = [await liveCampaign(site, touches), await liveCampaign(site, touches, 'hvac')];
  const addresses: Stage['addresses'] = [];
  const customers: string[] = [];
  for (let family = 0; family < 4; family += 1) {
    const phone = newPhone();
    const email = `${randomUUID()}@example.test`;
    addresses.push(['sms', phone], ['email', email]);
    for (let person = 0; person < 3; person += 1) customers.push(await newCustomer(site, { phone, email }));
  }
  for (const [index, customer] of customers.entries()) {
    await enroll(site, campaigns[index % 2] ?? '', { customer, touch: 1 + (index % 3), at: plus(monday, -28 * hour) });
  }
  return { site, campaigns, customers, addresses, roll: dice(seed), now: monday };
}

type Act = (stage: Stage) => [name: string, ...args: unknown[]];

const pick = <T>({ roll }: Stage, list: readonly T[]): T => list[roll(list.length)] as T;

/** As many of each kind as makes it likely; what lets people go on more often than what stops them. */
const times = (count: number, one: Act): Act[] => Array.from({ length: count }, () => one);

const acts: Act[] = [
  (s) => ['record_opt_out', s.site.id, ...pick(s, s.addresses), {}, s.now],
  ...times(3, (s) => ['record_opt_in', s.site.id, ...pick(s, s.addresses), {}, s.now]),
  (s) => ['record_opt_out', s.site.id, ...pick(s, s.addresses), { source: 'complaint' }, s.now],
  (s) => ['record_customer_event', s.site.id, pick(s, s.customers), pick(s, ['replied', 'review_clicked']), s.now],
  (s) => ['pause_campaign', s.site.id, pick(s, s.campaigns), null, s.now],
  ...times(4, (s) => ['resume_campaign', s.site.id, pick(s, s.campaigns), s.now]),
  (s) => ['suspend_business', s.site.id, 'Unpaid', s.now],
  ...times(3, (s) => ['reinstate_business', s.site.id, s.now]),
  (s) => ['archive_customer', s.site.id, pick(s, s.customers), s.now],
  ...times(2, (s) => ['restore_customer', s.site.id, pick(s, s.customers), s.now]),
  (s) => ['erase_customer', s.site.id, pick(s, s.customers), s.now],
  (s) => ['edit_campaign', s.site.id, pick(s, s.campaigns)],
  (s) => ['publish_campaign', s.site.id, pick(s, s.campaigns), s.now],
  (s) => ['reconcile_touches', 100, s.now],
  (s) => ['sweep_lanes', s.now],
  (s) => ['enroll_waiting', 100, s.now],
  ...times(8, completeJob),
];

function completeJob(s: Stage): ReturnType<Act> {
  const job = {
    external_id: randomUUID(),
    completed_at: s.now.toISOString(),
    service_type: pick(s, ['hvac', 'roofing']),
  };
  return ['complete_job', s.site.id, job, { id: pick(s, s.customers) }, s.now];
}

/** Expected refusals: a state that another session has just changed. */
const refusals = new Set(['TL302', 'TL309', 'TL311']);

async function act([name, ...args]: ReturnType<Act>): Promise<string[]> {
  const { text, values } = callOf(name, args);
  return await tolerant(name, () => database.asRole('service_role', null, (client) => client.query(text, values)));
}

async function tolerant(name: string, work: () => Promise<unknown>): Promise<string[]> {
  try {
    await work();
    return [];
  } catch (error) {
    if (error instanceof pg.DatabaseError && refusals.has(error.code ?? '')) return [];
    return [`${name}: ${error instanceof pg.DatabaseError ? error.code : ''} ${String(error)}`];
  }
}

/** A worker's turn: claims a few touches and settles them as the dice say. */
async function work(s: Stage): Promise<string[]> {
  const claim = randomUUID();
  const outcomes = ['accepted', 'accepted', 'accepted', 'retry', 'ambiguous', 'rejected', 'not_started'];
  return await tolerant('work', async () => {
    const claimed = await database.asRole('touchline_worker', null, (client) =>
      client.query('select * from touchline.claim_due_touches($1, $2, 5, $3)', ['w', claim, s.now]),
    );
    const settled = claimed.rows.map(({ business_id, send_log_id, attempt }) => ({
      business_id,
      send_log_id,
      attempt,
      outcome: pick(s, outcomes),
    }));
    if (settled.length > 0) await s.site.worker.call('settle_touches', claim, settled, s.now);
  });
}

it.each(seeds)('seed %i', { timeout: 120_000 }, async (seed) => {
  const s = await stage(seed);
  const failures: string[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const turns = Array.from({ length: sessions }, async (_, session) => {
      const found = session < 2 ? await work(s) : await act(pick(s, acts)(s));
      return [...found, ...(await act(pick(s, acts)(s)))];
    });
    failures.push(...(await Promise.all(turns)).flat());
    s.now = plus(s.now, (2 + s.roll(10)) * hour);
  }
  expect(failures).toEqual([]);
  // As a worker does every half minute: what was left open is given up, then presumed once no evidence came.
  for (let pass = 0; pass < 3; pass += 1) {
    s.now = plus(s.now, hour);
    expect(await act(['reconcile_touches', 100, s.now])).toEqual([]);
  }
  await act(['sweep_lanes', s.now]);
  await expectInvariants(database, { now: s.now });
});

// What one seed comes to depends on who is first in each round; over all of them, much must have happened.
it('enrolled, stopped and sent', async () => {
  const { rows } = await database.query(
    `select count(distinct e.id) > $2 as enrolled_more, bool_or(e.status = 'stopped') as stopped_some,
       bool_or(l.state = 'sent' and l.claimed_at > $1) as sent_some
     from touchline.campaign_enrollments e left join touchline.send_logs l on l.campaign_enrollment_id = e.id`,
    [monday, 12 * seeds.length],
  );
  expect(rows).toEqual([{ enrolled_more: true, stopped_some: true, sent_some: true }]);
});
