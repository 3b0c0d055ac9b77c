// Two at once: the customer's row serialises decisions about one person, and what was waited for is read after the wait.
import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Business, openWorld, type World } from '../engine/world.ts';
import { blockedBehind } from '../support/caller.ts';
import { expectInvariants } from '../support/invariants.ts';
import { type Answer, addCustomer, addJob, count, enroll, storedVerdict, verdict } from './enroll-support.ts';

let world: World;

beforeAll(async () => {
  world = await openWorld('enroll_concurrency');
});
afterAll(async () => {
  await expectInvariants(world.database, { now: world.now });
  await world.close();
});

const services = ['plumbing', 'cleaning'];

async function twoCampaigns(policy: Record<string, unknown>): Promise<Business> {
  const business = await world.business({ policy });
  for (const service of services) await business.publish([{ channel: 'email', delay_hours: 24 }], service);
  return business;
}

/** Completes sixteen jobs of one new customer at the same moment, for two campaigns in turn. */
async function sixteen(business: Business): Promise<Answer[]> {
  const customer = randomUUID();
  return Promise.all(
    Array.from({ length: 16 }, (_, i) =>
      business.completeJob({ external_id: customer }, { service_type: services[i % 2] }),
    ),
  ) as Promise<Answer[]>;
}

describe('defect 49: sixteen completions at once for one customer in two campaigns', () => {
  test.each([
    ['skip', { enrolled: 1, 'refused: already_active': 15 }, {}],
    ['replace', { enrolled: 16 }, { repeat_job: 15 }],
    ['queue_after', { enrolled: 1, 'queued: already_active': 15 }, {}],
    ['ask', { enrolled: 1, 'conflict: already_active': 15 }, {}],
  ])('with the policy %s leave exactly one active enrollment', async (overlap, verdicts, stops) => {
    const business = await twoCampaigns({ overlap });
    const answers = await sixteen(business);
    const tally: Record<string, number> = {};
    for (const answer of answers) tally[verdict(answer)] = (tally[verdict(answer)] ?? 0) + 1;
    expect(tally).toEqual(verdicts);
    expect(await count(business, 'customers')).toBe(1);
    expect(await count(business, 'campaign_enrollments', `status = 'active'`)).toBe(1);
    expect(await count(business, 'touch_queue')).toBe(1);
    for (const [reason, number] of Object.entries(stops)) {
      expect(await count(business, 'campaign_enrollments', `stop_reason = '${reason}'`)).toBe(number);
    }
  });
});

test('one job completed eight times at once is one job, one customer and one enrollment, with one answer', async () => {
  const business = await world.business();
  const [customer, job] = [{ external_id: 'customer-1' }, { external_id: 'job-1' }];
  const answers = await Promise.all(Array.from({ length: 8 }, () => business.completeJob(customer, job)));
  for (const answer of answers) expect(answer).toEqual(answers[0]);
  expect(answers[0]?.decision).toBe('enrolled');
  expect([await count(business, 'jobs'), await count(business, 'campaign_enrollments')]).toEqual([1, 1]);
});

/** Runs `work` while another session holds what `sql` locked; ends that session's transaction when `work` waits for it. */
async function whileHeld<T>(sql: string, values: unknown[], work: () => Promise<T>, end = 'commit'): Promise<T> {
  const holder: pg.PoolClient = await world.database.pool.connect();
  try {
    await holder.query('begin');
    await holder.query('set local role service_role');
    await holder.query(sql, values);
    await holder.query('reset role');
    const result = work();
    // It may fail before the holder's own answer is read.
    result.catch(() => undefined);
    await blockedBehind(world.database, holder);
    await holder.query(end);
    return await result;
  } finally {
    await holder.query('rollback');
    holder.release();
  }
}

describe('what commits while enrolling waits for the customer is seen', () => {
  let business: Business;
  beforeAll(async () => {
    business = await world.business();
  });

  test('an opt-out', async () => {
    const customer = await addCustomer(business, { email: 'stop@example.test' });
    const job = await addJob(business, customer);
    const optOut = "select touchline.record_opt_out($1, 'email', 'stop@example.test', '{}', $2)";
    const answer = await whileHeld(optOut, [business.id, world.now], () => enroll(business, job));
    expect(verdict(answer)).toBe('refused: opted_out');
  });

  test('an archive, an erasure', async () => {
    for (const [name, expected] of [
      ['archive_customer', 'refused: customer_archived'],
      ['erase_customer', 'refused: customer_erased'],
    ]) {
      const customer = await addCustomer(business);
      const job = await addJob(business, customer);
      const call = `select touchline.${name}($1, $2, $3)`;
      const answer = await whileHeld(call, [business.id, customer, world.now], () => enroll(business, job));
      expect(verdict(answer)).toBe(expected);
    }
  });

  test('another completion, which a rollback takes back', async () => {
    for (const [end, expected] of [
      ['commit', 'refused: already_active'],
      ['rollback', 'enrolled'],
    ] as const) {
      const customer = await addCustomer(business);
      const [first, second] = [await addJob(business, customer), await addJob(business, customer)];
      const call = 'select touchline.enroll_job($1, $2, $3)';
      const answer = await whileHeld(call, [business.id, first, world.now], () => enroll(business, second), end);
      expect(verdict(answer)).toBe(expected);
    }
  });

  test('a job that was called off', async () => {
    const job = await addJob(business, await addCustomer(business));
    const callOff = `update touchline.jobs set status = 'do_not_send' where business_id = $1 and id = $2`;
    await expect(whileHeld(callOff, [business.id, job], () => enroll(business, job))).rejects.toMatchObject({
      code: 'TL306',
    });
    const second = await addJob(business, await addCustomer(business));
    await whileHeld(callOff, [business.id, second], () =>
      business.call('touchline.enroll_completed', [[second], null]),
    );
    expect(await storedVerdict(business, second)).toBe('null');
  });
});

/** Waits until so many sessions wait for a lock. */
async function waiters(number: number): Promise<void> {
  const waiting = "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
  while (((await world.database.query(waiting)).rowCount ?? 0) < number);
}

test('two bulk enrollments of the same people in opposite order do not deadlock', async () => {
  const business = await world.business({ policy: { overlap: 'replace' } });
  const jobs: string[] = [];
  for (let i = 0; i < 20; i += 1) {
    const customer = await addCustomer(business);
    await enroll(business, await addJob(business, customer));
    jobs.push(await addJob(business, customer), await addJob(business, customer));
  }
  const holder = await world.database.pool.connect();
  await holder.query('begin');
  await holder.query('select from touchline.customers where business_id = $1 order by id desc limit 1 for update', [
    business.id,
  ]);
  const bulk = (ids: string[]): Promise<unknown> => business.call('touchline.enroll_completed', [ids, null]);
  const both = [bulk(jobs), bulk(jobs.toReversed()), business.completeJob({ external_id: 'unrelated' })];
  await waiters(2);
  await holder.query('rollback');
  holder.release();
  await Promise.all(both);
  expect(await count(business, 'campaign_enrollments', `status = 'active'`)).toBe(21);
});

test('a lane that a claim holds is not waited for: the pointer is left to the sweep', async () => {
  const business = await world.business();
  const holder = await world.database.pool.connect();
  await holder.query('begin');
  await holder.query('select from touchline.business_dispatch where business_id = $1 for update', [business.id]);
  const answer = await business.completeJob();
  await holder.query('commit');
  holder.release();
  expect(answer.decision).toBe('enrolled');
  expect(await count(business, 'business_dispatch', `next_due_at = 'infinity'`)).toBe(2);
  await world.call('touchline.sweep_lanes($1)', [world.now]);
  expect(await count(business, 'business_dispatch', `next_due_at = 'infinity'`)).toBe(1);
});

test('a completion inside a long transaction holds up neither other customers nor their lanes', async () => {
  const business = await world.business();
  await business.completeJob();
  const long = await world.database.pool.connect();
  await long.query('begin');
  await long.query('set local role service_role');
  const job = JSON.stringify({ external_id: 'long' });
  await long.query('select touchline.complete_job($1, $2, $3, $4)', [
    business.id,
    job,
    JSON.stringify({ external_id: 'long', email: 'long@example.test' }),
    world.now,
  ]);
  const other = await business.completeJob();
  world.at('2026-03-03T15:00:00Z');
  await world.tick();
  const accepted = world.acceptances.filter((message) => message.businessId === business.id);
  await long.query('rollback');
  long.release();
  expect(other.decision).toBe('enrolled');
  expect(accepted).toHaveLength(2);
});
