// Many claimers at once, and what a claim must not run under.
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it, test } from 'vitest';
import { type Engine, processBatch } from '../../../src/engine/process-batch.ts';
import { expectInvariants } from '../../support/invariants.ts';
import { type Business, later, openWorld, type World } from '../world.ts';

let world: World;

beforeAll(async () => {
  world = await openWorld('claimers');
});
afterEach(() => expectInvariants(world.database, { now: world.now }));
afterAll(() => world.close());

describe('under repeatable read and serializable', () => {
  const id = randomUUID();
  const calls: [string, unknown[]][] = [
    ['claim_due_touches', ['w', id, 1]],
    ['settle_touches', [id, '[]']],
    ['reconcile_touches', [1]],
    ['sweep_lanes', []],
    ['enroll_waiting', [1]],
    ['complete_job', [id, '{}', '{}']],
    ['enroll_job', [id, id]],
    ['stop_enrollment', [id, id, 'owner_stopped']],
    ['record_opt_out', [id, 'email', 'ann@example.test', '{}']],
    ['record_customer_event', [id, id, 'replied']],
    ['erase_customer', [id, id]],
    ['pause_campaign', [id, id, null]],
    ['resume_campaign', [id, id]],
    ['publish_campaign', [id, id]],
    ['archive_campaign', [id, id]],
    ['suspend_business', [id, 'unpaid']],
  ];
  it.each(calls)('%s refuses: what it decides must be read after its locks', async (name, args) => {
    const places = [...args.map((_, index) => `$${index + 1}`), `p_now => $${args.length + 1}`].join(', ');
    for (const level of ['repeatable read', 'serializable']) {
      const call = world.database.asRole('service_role', null, async (client) => {
        await client.query('rollback');
        await client.query(`begin isolation level ${level}`);
        await client.query('set local role service_role');
        await client.query(`select * from touchline.${name}(${places})`, [...args, world.now]);
      });
      await expect(call).rejects.toMatchObject({ code: 'TL101' });
    }
  });
});

/** Thirty people whose touch 1 is due. */
async function thirtyDue(): Promise<Business> {
  const business = await world.business({
    touches: [
      { channel: 'email', delay_hours: 24 },
      { channel: 'email', delay_hours: 72 },
    ],
  });
  const { rows } = await world.database.query<{ id: string }>(
    `with people as (
       insert into touchline.customers (business_id, first_name, email)
       select $1, 'Ann', 'ann-' || n || '@example.test' from pg_catalog.generate_series(1, 30) n
       returning id
     )
     insert into touchline.jobs (business_id, customer_id, status, completed_at)
     select $1, id, 'completed', $2 from people
     returning id`,
    [business.id, later(world.now, -24)],
  );
  await business.call('touchline.enroll_completed', [rows.map(({ id }) => id), null]);
  return business;
}

interface Person {
  business: Business;
  id: string;
  email: string;
}

test('eight claimers and two who record opt-outs: nobody is claimed after their opt-out', async () => {
  const businesses: Business[] = [];
  for (let n = 0; n < 10; n += 1) businesses.push(await thirtyDue());
  const people: Person[] = [];
  for (const business of businesses) {
    const { rows } = await world.database.query<{ id: string; email: string }>(
      'select id, email from touchline.customers where business_id = $1 order by id',
      [business.id],
    );
    people.push(...rows.map((row) => ({ ...row, business })));
  }

  // Whose opt-out was answered before a claim began is in nobody's batch.
  const optedOut = new Set<string>();
  const late: string[] = [];
  const { store } = world.engine;
  const watched: Engine = {
    ...world.engine,
    store: {
      ...store,
      claim: async (request) => {
        const before = new Set(optedOut);
        const intents = await store.claim(request);
        late.push(...intents.map(({ customerId }) => customerId).filter((id) => before.has(id)));
        return intents;
      },
    },
  };
  let leaving = true;
  const claimer = async (): Promise<void> => {
    while (leaving || (await processBatch(watched, 5)).claimed > 0) await processBatch(watched, 5);
  };
  // Every second person, from the last: the claimers come from the other end.
  const ways = [people.filter((_, n) => n % 4 === 0), people.filter((_, n) => n % 4 === 2)];
  const recorder = async (way: Person[]): Promise<void> => {
    for (const { business, id, email } of way.toReversed()) {
      await business.call('touchline.record_opt_out', ['email', email, '{}']);
      optedOut.add(id);
    }
  };
  const optOuts = Promise.all(ways.map(recorder)).finally(() => {
    leaving = false;
  });
  await Promise.all([optOuts, ...Array.from({ length: 8 }, claimer)]);
  expect(late).toEqual([]);
  expect(optedOut.size).toBe(150);

  await world.runUntil(later(world.now, 24 * 6));
  const left = await world.database.query(
    `select e.status, e.stop_reason, count(*)::int as people
     from touchline.campaign_enrollments e group by 1, 2 order by 1, 2`,
  );
  expect(left.rows).toEqual([
    { status: 'completed', stop_reason: null, people: 150 },
    { status: 'stopped', stop_reason: 'opted_out_email', people: 150 },
  ]);
  const perTouch = world.acceptances.map(({ enrollmentId, touchNumber }) => `${enrollmentId} ${touchNumber}`);
  expect(new Set(perTouch).size).toBe(perTouch.length);
});
