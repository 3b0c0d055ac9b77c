// Several workers at once: nobody is written to twice, whoever finishes first.
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { processBatch } from '../../src/engine/process-batch.ts';
import { expectInvariants } from '../support/invariants.ts';
import { later, openWorld, type World } from './world.ts';

let world: World;

beforeEach(async () => {
  world = await openWorld('workers');
});
afterEach(async () => {
  await expectInvariants(world.database, { now: world.now });
  await world.close();
});

async function enrollMany(count: number): Promise<void> {
  const business = await world.business({
    touches: [
      { channel: 'email', delay_hours: 24 },
      { channel: 'email', delay_hours: 24 },
    ],
  });
  for (let index = 0; index < count; index += 1) await business.completeJob({ external_id: `c-${index}` });
}

const perTouch = (): Map<string, number> => {
  const counts = new Map<string, number>();
  for (const { enrollmentId, touchNumber } of world.acceptances) {
    const key = `${enrollmentId} ${touchNumber}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
};

async function attempts(): Promise<(string | null)[]> {
  const { rows } = await world.database.query<{ outcome: string | null }>(
    'select outcome from touchline.send_attempts order by attempt',
  );
  return rows.map(({ outcome }) => outcome);
}

describe('eight workers on one business', () => {
  it('hand each touch over exactly once (defects 2, 8)', async () => {
    await enrollMany(60);
    world.at(later(world.now, 24));
    const engines = Array.from({ length: 8 }, (_, index) => ({ ...world.engine, worker: `worker-${index}` }));
    for (let round = 0; round < 12; round += 1) await Promise.all(engines.map((engine) => processBatch(engine, 10)));
    expect(perTouch().size).toBe(60);
    expect(Math.max(...perTouch().values())).toBe(1);
  });
});

describe('a run that starts inside a busy one', () => {
  it('takes nothing that is under way, and changes nothing of it (defects 3, 17)', async () => {
    await enrollMany(5);
    world.at(later(world.now, 24));
    let inner: Promise<unknown> | undefined;
    world.provider(async () => {
      inner ??= processBatch({ ...world.engine, worker: 'second' }, 10);
      await inner;
      return undefined;
    });
    await processBatch(world.engine, 10);
    expect(perTouch().size).toBe(5);
    expect(Math.max(...perTouch().values())).toBe(1);
    const { rows } = await world.database.query(
      'select count(*)::integer as logs, count(distinct campaign_enrollment_id)::integer as people from touchline.send_logs',
    );
    expect(rows).toEqual([{ logs: 5, people: 5 }]);
  });
});

describe('the worker', () => {
  it('works with its own rights: no table, only the functions of its role (defect 20)', async () => {
    await enrollMany(1);
    world.at(later(world.now, 24));
    await world.tick();
    expect(world.acceptances).toHaveLength(1);
    const refused = world.database.asRole('touchline_worker', null, (client) =>
      client.query('select from touchline.send_logs'),
    );
    await expect(refused).rejects.toMatchObject({ code: '42501' });
  });

  it('hands over nothing after its deadline, and says so: the touch is due again (the fence)', async () => {
    await enrollMany(1);
    world.at(later(world.now, 24));
    let monotonic = 0;
    const clock = { ...world.engine.clock, monotonicMs: () => (monotonic += 6_000) };
    expect(await processBatch({ ...world.engine, clock }, 10)).toEqual({ claimed: 1, outcomes: { not_started: 1 } });
    expect(world.acceptances).toEqual([]);
    await world.tick();
    expect(world.acceptances).toHaveLength(1);
    const { rows } = await world.database.query('select attempts from touchline.touch_queue');
    expect(rows).toEqual([{ attempts: 0 }]);
  });

  it('does not try an unproved send again by itself (defect 14)', async () => {
    await enrollMany(1);
    const start = world.now;
    world.provider(() => {
      throw new Error('socket hang up');
    });
    await world.runUntil(later(start, 24));
    const { rows } = await world.database.query('select state, error_message from touchline.send_logs');
    expect(rows).toEqual([{ state: 'unknown', error_message: 'socket hang up' }]);
    world.provider(undefined);
    await world.runUntil(later(start, 40));
    expect(world.acceptances).toEqual([]);
  });

  it('ends a touch whose text cannot be rendered, without an attempt at the provider (rule 11)', async () => {
    await enrollMany(1);
    world.at(later(world.now, 24));
    const links = {
      unsubscribe: (): string => {
        throw new Error('no secret');
      },
    };
    expect(await processBatch({ ...world.engine, links }, 10)).toEqual({ claimed: 1, outcomes: { template_error: 1 } });
    const { rows } = await world.database.query(
      'select touch_1_status, touch_1_reason from touchline.campaign_enrollments',
    );
    expect(rows).toEqual([{ touch_1_status: 'failed', touch_1_reason: 'template_error' }]);
  });
});

describe('a worker whose word comes after its lease', () => {
  it.each(['not_started', 'retry', 'rate_limited', 'account_error'] as const)(
    'proves by it that %s happened: the touch is tried again, and the attempt says why',
    async (outcome) => {
      await enrollMany(1);
      const begun = later(world.now, 24);
      world.at(begun);
      const { store } = world.engine;
      const claimId = randomUUID();
      const [intent] = await store.claim({ claimId, worker: 'slow', limit: 1, now: begun });
      if (intent === undefined) throw new Error('Nothing was claimed.');
      world.at(later(begun, 0.1));
      await store.reconcile(10, world.now);
      const { businessId, sendLogId, attempt } = intent;
      expect(await attempts()).toEqual(['ambiguous']);
      const late = { businessId, sendLogId, attempt, kind: outcome };
      expect(await store.settle(claimId, [late], world.now)).toMatchObject([{ state: 'retry' }]);
      expect(await attempts()).toEqual([outcome]);
    },
  );
});

describe('a touch that is skipped', () => {
  it('keeps its reason and never looks sent (defects 10, 13)', async () => {
    const business = await world.business({ touches: [{ channel: 'email', delay_hours: 24 }] });
    const start = world.now;
    const { enrollment_id: id } = await business.completeJob({ external_id: 'gone' });
    await world.database.query('update touchline.customers set email = null where business_id = $1', [business.id]);
    await world.runUntil(later(start, 24));
    expect(await business.enrollment(id)).toMatchObject({
      touch_1_status: 'skipped',
      touch_1_reason: 'no_email',
      touch_1_sent_at: null,
      status: 'completed',
    });
    expect(world.acceptances).toEqual([]);
  });
});

describe('a customer whose zone nobody knows', () => {
  it("is written to in the business's hours, never in those of a city somewhere (defects 27, 28)", async () => {
    world.at('2026-03-02T00:30:00Z');
    const business = await world.business({
      zone: 'Pacific/Auckland',
      hours: 'default',
      touches: [{ channel: 'email', delay_hours: 1 }],
    });
    await business.completeJob();
    await world.runUntil('2026-03-02T04:00:00Z');
    expect(world.acceptances.map(({ at }) => at.toISOString())).toEqual(['2026-03-02T01:30:00.000Z']);
    const wrong = business.completeJob({ external_id: 'mars', time_zone: 'Mars/Phobos', time_zone_source: 'explicit' });
    await expect(wrong).rejects.toMatchObject({ code: 'TL402' });
  });
});
