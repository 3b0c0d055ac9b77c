// A claim never waits. What somebody holds is left for 2 s; nobody else's touches are. Asserted by the order of events: the claim
// returns while the rows are still held.
import { afterAll, afterEach, beforeAll, describe, expect, it, test } from 'vitest';
import { expectInvariants } from '../../support/invariants.ts';
import { hours, openWorld, type World } from '../world.ts';
import { claim } from './actions.ts';
import { type Arrangement, due, retrying, secondDue, sending } from './arrangements.ts';
import type { Rows, Scene } from './scene.ts';
import { Session } from './session.ts';

let world: World;
let claimer: Session;
let holder: Session;

beforeAll(async () => {
  world = await openWorld('never_waits');
  claimer = await Session.open('claimer', world.database);
  holder = await Session.open('holder', world.database);
});
afterEach(async () => {
  await holder.rollback();
  await claimer.rollback();
  await expectInvariants(world.database, { now: world.now });
});
afterAll(async () => {
  claimer.close();
  holder.close();
  await world.close();
});

/** Claims in the claimer's session, which must not be seen waiting, and answers how many intents it was given. */
async function claimed(scene: Scene): Promise<number> {
  await claimer.begin('touchline_worker');
  claimer.start([await claim.statement(scene)], () => undefined);
  expect(await claimer.waitsFor([holder])).toEqual([]);
  const { length } = await claimer.rows();
  await claimer.commit();
  return length;
}

/** When the touch is due and when its lane is looked at, in seconds from now. */
async function moments({ business }: Scene): Promise<{ due: number; lane: number }> {
  const { rows } = await world.database.query<{ due: number; lane: number }>(
    `select extract(epoch from q.due_at - $2)::float8 as due, extract(epoch from d.next_due_at - $2)::float8 as lane
     from touchline.touch_queue q join touchline.business_dispatch d on (d.business_id, d.channel) = (q.business_id, q.channel)
     where q.business_id = $1`,
    [business.id, world.now],
  );
  return rows[0] ?? { due: Number.NaN, lane: Number.NaN };
}

async function limitSender({ business }: Scene): Promise<void> {
  await world.database.query('update touchline.sender_accounts set rate_per_hour = 3600 where business_id = $1', [
    business.id,
  ]);
}

interface Held {
  rows: Rows;
  when: Arrangement;
  prepare?: (scene: Scene) => Promise<void>;
  /** Seconds until the touch is due again, and until its lane is looked at. */
  waits: { due: number; lane: number };
}

const held: Held[] = [
  { rows: 'the email lane', when: due, waits: { due: 0, lane: 0 } },
  { rows: 'the sender', when: due, prepare: limitSender, waits: { due: 0, lane: 1 } },
  { rows: 'the queue row', when: due, waits: { due: 0, lane: 0 } },
  { rows: 'the enrollment', when: due, waits: { due: 2, lane: 2 } },
  { rows: 'the customer', when: due, waits: { due: 2, lane: 2 } },
  { rows: 'the refused message', when: retrying, waits: { due: 2, lane: 2 } },
];

describe('while somebody holds', () => {
  it.each(held.map((each) => [each.rows, each] as const))(
    '%s, the touch is left, and claimed 2 s later',
    async (_, { rows, when, prepare, waits }) => {
      const scene = await when.arrange(world);
      await prepare?.(scene);
      const before = await moments(scene);
      await holder.hold(scene.lock(rows));
      expect(await claimed(scene)).toBe(0);
      const after = await moments(scene);
      expect(after).toEqual({
        due: waits.due === 0 ? before.due : waits.due,
        lane: waits.lane === 0 ? expect.any(Number) : waits.lane,
      });
      expect(after.lane).toBeLessThanOrEqual(2);
      await holder.rollback();
      world.at(new Date(world.now.getTime() + 2000));
      scene.renewClaim();
      expect(await claimed(scene)).toBe(1);
      await scene.settleAll();
      await scene.leave();
    },
  );

  // Only its key is looked at.
  it.each(['the campaign', 'the business'] as const)('%s, the touch is claimed', async (rows) => {
    const scene = await due.arrange(world);
    await holder.hold(scene.lock(rows));
    expect(await claimed(scene)).toBe(1);
    await scene.settleAll();
    await scene.leave();
  });

  it('an earlier message of somebody whose sequence the claim ends, the sequence ends', async () => {
    const scene = await secondDue.arrange(world);
    // As an application that writes the table, which ends nothing by itself.
    await world.database.query(
      "update touchline.customers set status = 'archived', archived_at = now() where business_id = $1",
      [scene.business.id],
    );
    await holder.hold(scene.lock('the message'));
    expect(await claimed(scene)).toBe(0);
    expect(await scene.state()).toBe('owner_stopped: sent, cancelled; message sent | customer archived');
    await scene.leave();
  });
});

test('a long transaction on one customer delays neither other customers nor other businesses', async () => {
  const [other, scene] = [await sending.arrange(world), await due.arrange(world)];
  await holder.hold(scene.lock('the customer'));
  const neighbour = await scene.business.completeJob(
    {},
    { completed_at: new Date(world.now.getTime() - hours(24)).toISOString() },
  );
  const elsewhere = await other.business.completeJob(
    {},
    { completed_at: new Date(world.now.getTime() - hours(24)).toISOString() },
  );
  await world.tick();
  const customers = world.acceptances.map(({ enrollmentId }) => enrollmentId);
  expect(customers).toEqual(expect.arrayContaining([neighbour.enrollment_id, elsewhere.enrollment_id]));
  expect(customers).not.toContain(scene.person(1).enrollmentId);
  await holder.rollback();
  world.at(new Date(world.now.getTime() + 2000));
  await world.tick();
  expect(world.acceptances.map(({ enrollmentId }) => enrollmentId)).toContain(scene.person(1).enrollmentId);
});
