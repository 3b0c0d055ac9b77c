// What every tick does for jobs that nobody decided: written by another program, or left by an error.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Business, openWorld, type World } from '../engine/world.ts';
import { expectInvariants } from '../support/invariants.ts';
import { addCustomer, addJob, breakInserts, change, count, daysAgo, storedVerdict } from './enroll-support.ts';

let world: World;

beforeAll(async () => {
  world = await openWorld('enroll_waiting');
});
afterAll(async () => {
  await expectInvariants(world.database, { now: world.now });
  await world.close();
});

/** One pass: how many jobs it decided. */
const pass = (limit = 500): Promise<number> =>
  world.call<number>('touchline.enroll_waiting($1, $2)', [limit, world.now]);

/** A business with jobs of as many customers, completed a minute after each other. */
async function waiting(jobs: number, from = daysAgo(world, 1)): Promise<{ business: Business; jobs: string[] }> {
  const business = await world.business();
  const ids: string[] = [];
  for (let i = 0; i < jobs; i += 1) {
    const completedAt = new Date(from.getTime() + i * 60_000);
    ids.push(await addJob(business, await addCustomer(business), { completed_at: completedAt }));
  }
  return { business, jobs: ids };
}

const undecided = (business: Business): Promise<number> => count(business, 'jobs', 'decision is null');

test('jobs written by another program are decided, those that are not done or imported are left', async () => {
  const { business, jobs } = await waiting(3);
  const customer = await addCustomer(business);
  await addJob(business, customer, { status: 'scheduled', completed_at: null });
  await addJob(business, customer, { status: 'cancelled' });
  await addJob(business, customer, { source: 'import', decision: 'imported', decided_at: world.now });
  expect(await pass()).toBe(3);
  for (const job of jobs) expect(await storedVerdict(business, job)).toBe('enrolled');
  expect(await undecided(business)).toBe(2);
  expect(await pass()).toBe(0);
});

test('businesses take turns: one job is not behind the backlog of another business', async () => {
  const many = await waiting(30, daysAgo(world, 3));
  const one = await waiting(1);
  expect(await pass(4)).toBe(4);
  expect(await storedVerdict(one.business, String(one.jobs[0]))).toBe('enrolled');
  // The oldest first.
  expect(await storedVerdict(many.business, String(many.jobs[0]))).toBe('enrolled');
  while ((await pass(4)) > 0);
  expect(await undecided(many.business)).toBe(0);
});

describe('an error', () => {
  test('of one business leaves its jobs undecided and stops nobody else, whatever the order', async () => {
    const before = await waiting(3);
    const broken = await waiting(3);
    const after = await waiting(3);
    const repair = await breakInserts(broken.business, 'campaign_enrollments');
    expect(await pass()).toBe(6);
    expect(await undecided(before.business)).toBe(0);
    expect(await undecided(after.business)).toBe(0);
    expect(await undecided(broken.business)).toBe(3);
    await repair();
    expect(await pass()).toBe(3);
  });

  test('of one job leaves that job only', async () => {
    const { business, jobs } = await waiting(5);
    const repair = await breakInserts(business, 'campaign_enrollments', `new.job_id = '${jobs[2]}'`);
    expect(await pass()).toBe(4);
    expect(await storedVerdict(business, String(jobs[2]))).toBe('null');
    await repair();
    expect(await pass()).toBe(1);
  });

  test('that lasts does not starve the others, even when its jobs are more than a pass looks at', async () => {
    const broken = await waiting(25, daysAgo(world, 5));
    const repair = await breakInserts(broken.business, 'campaign_enrollments');
    const healthy = await waiting(2);
    // With a limit of 2 the window is the 20 oldest and the 20 newest.
    expect(await pass(2)).toBe(1);
    expect(await pass(2)).toBe(1);
    expect(await undecided(healthy.business)).toBe(0);
    await repair();
    while ((await pass(2)) > 0);
    expect(await undecided(broken.business)).toBe(0);
  });
});

describe('a customer whom somebody holds', () => {
  test('is left to the next tick, without waiting; the others are decided', async () => {
    const { business, jobs } = await waiting(3);
    const holder = await world.database.pool.connect();
    try {
      await holder.query('begin');
      await holder.query(
        `select from touchline.customers c join touchline.jobs j on (j.business_id, j.customer_id) = (c.business_id, c.id)
         where c.business_id = $1 and j.id = $2 for no key update of c`,
        [business.id, jobs[1]],
      );
      expect(await pass()).toBe(2);
      expect(await storedVerdict(business, String(jobs[1]))).toBe('null');
    } finally {
      await holder.query('rollback');
      holder.release();
    }
    expect(await pass()).toBe(1);
  });

  test('by another tick is decided by that one: two at once share the work', async () => {
    const { business } = await waiting(60);
    const passes = await Promise.all([pass(20), pass(20), pass(20), pass(20)]);
    let decided = passes.reduce((sum, number) => sum + number, 0);
    for (let more = await pass(); more > 0; more = await pass()) decided += more;
    expect(decided).toBe(60);
    expect(await count(business, 'campaign_enrollments')).toBe(60);
  });
});

test('a queued job whose running sequence was purged is decided', async () => {
  const business = await world.business({ policy: { overlap: 'queue_after' } });
  const first = await business.completeJob({ external_id: 'c' });
  const second = await business.completeJob({ external_id: 'c' });
  expect(await pass()).toBe(0);
  await change(business, 'delete from touchline.jobs where business_id = $1 and id = $2', [first.job_id]);
  expect(await pass()).toBe(1);
  expect(await storedVerdict(business, second.job_id)).toBe('enrolled');
});

test('is for the worker, with a limit that means something', async () => {
  await expect(pass(0)).rejects.toMatchObject({ code: 'TL402' });
  await expect(pass(10_001)).rejects.toMatchObject({ code: 'TL402' });
  const asOwner = world.database.query('select touchline.enroll_waiting()');
  await expect(asOwner).rejects.toMatchObject({ code: 'TL100' });
});
