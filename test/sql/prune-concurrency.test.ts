// Pruning beside running workers: it waits for nobody, nobody who sends waits for it, and whoever kills it finds whole sequences.
import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Business, hours, openWorld, type World } from '../engine/world.ts';
import { expectInvariants } from '../support/invariants.ts';
import { count } from './enroll-support.ts';

let world: World;
let business: Business;
/** Customers whose first sequence ended long ago. */
let people: { external: string; customer: string; enrollment: string }[];
let sessions: pg.PoolClient[];

const old = 60;

beforeEach(async () => {
  world = await openWorld('prune_concurrency');
  business = await world.business({ touches: [{ channel: 'email', delay_hours: 24 }] });
  people = [];
  sessions = [];
  for (let person = 0; person < old; person += 1) {
    const external = `person-${person}`;
    const done = await business.completeJob({
      external_id: external,
      phone: `+1212555${1000 + person}`,
      consent: true,
    });
    people.push({ external, customer: done.customer_id, enrollment: done.enrollment_id });
  }
  await world.runUntil(new Date(world.now.getTime() + hours(25)));
  world.at(new Date(world.now.getTime() + hours(24 * 200)));
});
afterEach(async () => {
  for (const session of sessions) session.release(true);
  await world.database.query(
    `delete from touchline_test.acceptances a
     where not exists (select from touchline.send_logs l where (l.business_id, l.id) = (a.business_id, a.send_log_id))`,
  );
  await expectInvariants(world.database, { now: world.now });
  await world.close();
});

/** A transaction that somebody has begun, as a role of ours, and that waits for nothing longer than a moment. */
async function begin(role = 'touchline_worker', waitMs = 300): Promise<pg.PoolClient> {
  const session = await world.database.pool.connect();
  // Its end by force is part of a story.
  session.on('error', () => undefined);
  sessions.push(session);
  await session.query(`begin; set local lock_timeout = ${waitMs}; set local role ${role}`);
  return session;
}

interface Batch {
  gone: { campaign_enrollments: number; send_logs: number };
  next: unknown;
}

async function pruneIn(session: pg.PoolClient, limit: number, after: unknown = null): Promise<Batch> {
  const { rows } = await session.query<{ answer: Batch }>(
    "select touchline.prune('campaign_enrollments', 90, $1, $2, false, $3) as answer",
    [limit, after, world.now],
  );
  return rows[0]?.answer as Batch;
}

/** All batches, each committed; answers how many sequences went. */
async function pruneAll(limit: number): Promise<number> {
  let gone = 0;
  let after: unknown = null;
  do {
    const batch = await world.database.asRole('service_role', null, async (client) => {
      await client.query("set local lock_timeout = '300ms'");
      return pruneIn(client, limit, after);
    });
    gone += batch.gone.campaign_enrollments;
    after = batch.next;
  } while (after !== null);
  return gone;
}

const everybodyAgain = async (): Promise<string[]> => {
  const ids: string[] = [];
  for (const { external } of people) ids.push((await business.completeJob({ external_id: external })).enrollment_id);
  world.at(new Date(world.now.getTime() + hours(24)));
  return ids;
};

const at = (index: number) => people[index] ?? { external: '', customer: '', enrollment: '' };

test('while a batch is open, the same people are enrolled, claimed, settled, stopped and opted out at once', async () => {
  const enrollments = await everybodyAgain();
  const pruning = await begin('service_role');
  expect((await pruneIn(pruning, 1000)).gone).toEqual({ campaign_enrollments: old, send_logs: old });

  const claimId = randomUUID();
  const worker = await begin();
  const claimed = await worker.query<{ send_log_id: string; enrollment_id: string }>(
    'select * from touchline.claim_due_touches($1, $2, 20, $3)',
    ['worker', claimId, world.now],
  );
  expect(claimed.rows).toHaveLength(20);
  const outcomes = claimed.rows.map((row) => ({ ...row, business_id: business.id, attempt: 1, outcome: 'rejected' }));
  const settled = await worker.query('select * from touchline.settle_touches($1, $2, $3)', [
    claimId,
    JSON.stringify(outcomes),
    world.now,
  ]);
  expect(settled.rows).toHaveLength(20);
  await worker.query('commit');

  const taken = new Set(claimed.rows.map((row) => row.enrollment_id));
  const [stopped = '', ...others] = enrollments.filter((id) => !taken.has(id));
  const member = await begin('service_role');
  await member.query("select touchline.stop_enrollment($1, $2, 'owner_stopped', $3)", [
    business.id,
    stopped,
    world.now,
  ]);
  const { rows } = await member.query<{ phone: string; external: string }>(
    `select k.phone, k.external_id as external from touchline.customers k
     join touchline.campaign_enrollments e on (e.business_id, e.customer_id) = (k.business_id, k.id)
     where e.business_id = $1 and e.id = $2`,
    [business.id, others[0]],
  );
  await member.query('select touchline.record_opt_out($1, \'sms\', $2, \'{"source": "inbound_sms"}\', $3)', [
    business.id,
    rows[0]?.phone,
    world.now,
  ]);
  const again = await member.query("select touchline.complete_job($1, $2, $3, $4) ->> 'decision' as decision", [
    business.id,
    JSON.stringify({ external_id: randomUUID(), completed_at: world.now.toISOString() }),
    JSON.stringify({ external_id: at(0).external }),
    world.now,
  ]);
  await member.query('commit');
  await pruning.query('commit');

  expect(await count(business, 'send_logs', "state = 'failed'")).toBe(20);
  expect(await count(business, 'send_logs')).toBe(20);
  expect(await count(business, 'campaign_enrollments', "stop_reason = 'owner_stopped'")).toBe(1);
  expect(await count(business, 'campaign_enrollments', "stop_reason = 'opted_out_sms'")).toBe(1);
  // Whose second message was rejected may begin a third sequence.
  expect(again.rows).toEqual([{ decision: 'enrolled' }]);
  expect(await count(business, 'campaign_enrollments')).toBe(old + 1);
});

test('what somebody holds is left, not waited for, and goes the next time', async () => {
  const feedback = at(3);
  await world.database.query(
    'insert into touchline.reviews_feedback (business_id, campaign_enrollment_id, rating, received_at) values ($1, $2, 5, $3)',
    [business.id, feedback.enrollment, world.now],
  );
  const holder = await begin('service_role');
  await holder.query('select from touchline.campaign_enrollments where business_id = $1 and id = $2 for key share', [
    business.id,
    at(0).enrollment,
  ]);
  await holder.query(
    'select from touchline.send_logs where business_id = $1 and campaign_enrollment_id = $2 for no key update',
    [business.id, at(1).enrollment],
  );
  expect(await pruneAll(1000)).toBe(old - 2);
  expect(await count(business, 'reviews_feedback', 'campaign_enrollment_id is null')).toBe(1);
  await holder.query('rollback');
  expect(await pruneAll(1000)).toBe(2);
});

test('a batch whose rows somebody refers to in an open transaction is given up, and nothing of it is lost', async () => {
  await world.database.query(
    'insert into touchline.reviews_feedback (business_id, campaign_enrollment_id, rating, received_at) values ($1, $2, 5, $3)',
    [business.id, at(3).enrollment, world.now],
  );
  const owner = await begin('service_role');
  await owner.query("update touchline.reviews_feedback set internal_notes = 'called them' where business_id = $1", [
    business.id,
  ]);
  expect(await pruneAll(1000)).toBe(0);
  expect(await pruneAll(10)).toBe(old - 10);
  await owner.query('commit');
  expect(await pruneAll(1000)).toBe(10);
});

test('a message that is heard of after it was looked at stays', async () => {
  const { rows } = await world.database.query<{ id: string; account: string }>(
    'select id, sender_account_id as account from touchline.send_logs where campaign_enrollment_id = $1',
    [at(5).enrollment],
  );
  const callback = await begin();
  await callback.query('select touchline.record_provider_event($1, $2, $3, $4)', [
    business.id,
    rows[0]?.account,
    JSON.stringify({ provider: 'fake', event_id: 'late', kind: 'clicked', send_log_id: rows[0]?.id }),
    world.now,
  ]);
  expect(await pruneAll(1000)).toBe(old - 1);
  await callback.query('commit');
  expect(await pruneAll(1000)).toBe(0);
  expect(await count(business, 'send_logs', "status = 'clicked'")).toBe(1);
});

test('workers that claim and settle, and two prunes at once: everything is sent once, everything old goes once', async () => {
  const enrollments = await everybodyAgain();
  const before = world.acceptances.length;
  const work = async (): Promise<number> => {
    let handled = 0;
    for (;;) {
      const claimId = randomUUID();
      const intents = await world.engine.store.claim({ worker: 'worker', claimId, limit: 5, now: world.now });
      if (intents.length === 0) return handled;
      const outcomes = intents.map(({ businessId, sendLogId, attempt }) => ({
        businessId,
        sendLogId,
        attempt,
        kind: 'rejected' as const,
      }));
      const settled = await world.engine.store.settle(claimId, outcomes, world.now);
      expect(settled).toHaveLength(intents.length);
      handled += intents.length;
    }
  };
  const [first, second, ...gone] = await Promise.all([work(), work(), pruneAll(3), pruneAll(4)]);
  // A lane that the other worker holds is no lane of ours: whoever finds none goes home early.
  expect(first + second + (await work())).toBe(enrollments.length);
  expect(gone.reduce((sum, rows) => sum + rows, 0) + (await pruneAll(100))).toBe(old);
  expect(world.acceptances).toHaveLength(before);
  expect(await count(business, 'send_logs')).toBe(enrollments.length);
});

test('killed in the middle of a batch: what was committed is whole, the rest is untouched, and the next one goes on', async () => {
  const first = await begin('service_role');
  const { gone, next } = await pruneIn(first, 25);
  expect(gone).toEqual({ campaign_enrollments: 25, send_logs: 25 });
  await first.query('commit');
  const killed = await begin('service_role');
  const { rows } = await killed.query<{ pid: number }>('select pg_backend_pid() as pid');
  expect((await pruneIn(killed, 25, next)).gone.campaign_enrollments).toBe(25);
  await world.database.query('select pg_terminate_backend($1, 5000)', [rows[0]?.pid]);
  expect(await count(business, 'campaign_enrollments')).toBe(old - 25);
  expect(await count(business, 'send_logs')).toBe(old - 25);
  expect(await count(business, 'send_attempts')).toBe(old - 25);
  expect(await pruneAll(1000)).toBe(old - 25);
});
