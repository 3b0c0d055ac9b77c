// Ten thousand claims against people who opt out meanwhile. Judged by two clocks: what the sessions themselves saw (no claim that
// was asked for after an opt-out had been answered brings that person), and the order the database keeps (invariants 10 and 29).
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { addBusiness } from '../../scripts/stress/world.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { expectInvariants } from '../support/invariants.ts';

const people = 10_000;
const businesses = 5;
const claimers = 4;
const completed = new Date('2026-03-02T15:00:00Z');
const due = new Date('2026-03-03T15:00:00Z');

interface Person {
  business_id: string;
  customer_id: string;
  email: string;
}

interface Claimed {
  customerId: string;
  /** When the claim was asked for, by the clock of this process. */
  askedAt: number;
}

let database: TestDatabase;
let crowd: Person[] = [];

const enrollCrowd = `
  with people as (
    insert into touchline.customers (business_id, external_id, first_name, email)
    select $1::uuid, 'c' || n, 'Ann', 'c' || n || '@' || ($1::uuid)::text || '.test' from generate_series(1, $2::integer) n
    returning id
  ), jobs as (
    insert into touchline.jobs (business_id, customer_id, external_id, status, completed_at)
    select $1::uuid, p.id, p.id::text, 'completed', $3 from people p
    returning id
  )
  select pg_catalog.array_agg(j.id) as ids from jobs j`;

beforeAll(async () => {
  database = await testDatabase({ name: 'opt_out_race', virtualClock: true });
  for (let index = 0; index < businesses; index += 1) {
    await database.asRole('service_role', null, async (client) => {
      const id = await addBusiness(client, { name: `Business ${index}`, channel: 'email', at: completed });
      const { rows } = await client.query<{ ids: string[] }>(enrollCrowd, [id, people / businesses, completed]);
      await client.query('select touchline.enroll_completed($1, $2, null, null, $3)', [id, rows[0]?.ids, completed]);
    });
  }
  crowd = (await database.query<Person>('select business_id, id as customer_id, email from touchline.customers')).rows;
  await database.query('analyze');
}, 120_000);
afterAll(() => database.drop());

/** Claims until nothing is due, and settles each claim. */
async function claimAll(name: string, claimed: Claimed[]): Promise<void> {
  for (;;) {
    const claimId = randomUUID();
    const askedAt = performance.now();
    const { rows } = await database.asRole('touchline_worker', null, (client) =>
      client.query<{ business_id: string; send_log_id: string; attempt: number; customer_id: string }>(
        'select business_id, send_log_id, attempt, customer_id from touchline.claim_due_touches($1, $2, 50, $3)',
        [name, claimId, due],
      ),
    );
    for (const { customer_id } of rows) claimed.push({ customerId: customer_id, askedAt });
    const outcomes = rows.map((row) => ({ ...row, outcome: 'accepted' }));
    if (outcomes.length > 0) {
      await database.asRole('touchline_worker', null, (client) =>
        client.query('select touchline.settle_touches($1, $2, $3)', [claimId, JSON.stringify(outcomes), due]),
      );
    } else if ((await waiting()) === 0) return;
  }
}

async function waiting(): Promise<number> {
  const { rows } = await database.query<{ count: number }>(
    'select count(*)::integer as count from touchline.touch_queue where due_at <= $1 or claim_id is not null',
    [due],
  );
  return rows[0]?.count ?? 0;
}

it('brings nobody whose opt-out was answered before the claim was asked for', { timeout: 300_000 }, async () => {
  const claimed: Claimed[] = [];
  const answeredAt = new Map<string, number>();
  let isOver = false;
  const optOuts = async (): Promise<void> => {
    // From both ends of what is due, so that some come before their claim, some after and some in the middle of it.
    for (let index = 0; !isOver && index < crowd.length; index += 3) {
      const person = crowd[(index * 7_919) % crowd.length] as Person;
      await database.asRole('service_role', null, (client) =>
        client.query("select touchline.record_opt_out($1, 'email', $2, '{}', $3)", [
          person.business_id,
          person.email,
          due,
        ]),
      );
      answeredAt.set(person.customer_id, performance.now());
    }
  };
  const racing = optOuts();
  await Promise.all(Array.from({ length: claimers }, (_, index) => claimAll(`worker-${index}`, claimed)));
  isOver = true;
  await racing;

  const late = claimed.filter(({ customerId, askedAt }) => askedAt > (answeredAt.get(customerId) ?? askedAt));
  expect(late).toEqual([]);
  const who = new Set(claimed.map(({ customerId }) => customerId));
  const spared = [...answeredAt.keys()].filter((id) => !who.has(id)).length;
  // Both orders happened, or nothing was raced.
  expect([who.size === claimed.length, spared > 0, spared < answeredAt.size]).toEqual([true, true, true]);
  expect(who.size + spared).toBe(people);
  await expectInvariants(database, { now: due });
});
