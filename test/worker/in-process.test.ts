// The worker in this process, on a real database: what wakes it, what does not hold it up, and what it does with what it knows.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dueHints } from '../../src/db/engine/due-hints.ts';
import { type Clock, systemClock } from '../../src/engine/clock.ts';
import { ClaimUnproved, type EngineStore } from '../../src/engine/ports.ts';
import type { Engine } from '../../src/engine/process-batch.ts';
import { type WorkOptions, work } from '../../src/worker/loop.ts';
import { hours, later, openWorld, type World } from '../engine/world.ts';
import { expectInvariants } from '../support/invariants.ts';

let world: World;
let stop: AbortController;
let running: Promise<void>;

beforeEach(async () => {
  world = await openWorld('worker');
  stop = new AbortController();
  running = Promise.resolve();
});
afterEach(async () => {
  stop.abort();
  await running;
  await expectInvariants(world.database, { now: world.now });
  await world.close();
});

function begin(engine: Engine, options: Partial<WorkOptions> = {}): void {
  running = work(engine, { signal: stop.signal, ...options });
}

/** So many people whose only touch is due now. */
async function due(count: number): Promise<void> {
  const business = await world.business({ touches: [{ channel: 'email', delay_hours: 24 }] });
  for (let index = 0; index < count; index += 1) await business.completeJob({ external_id: `c-${index}` });
  world.at(later(world.now, 24));
}

const acceptedFrom = (): string[] => world.acceptances.map(({ recipient }) => recipient);
const states = async (): Promise<unknown> => {
  const { rows } = await world.database.query(
    'select state, count(*)::integer as count from touchline.send_logs group by state order by state',
  );
  return Object.fromEntries(rows.map(({ state, count }) => [state, count]));
};

/** Long sleeps never end by themselves: what happens then was woken. */
function withoutPolls(clock: Clock): Clock {
  const sleep: Clock['sleep'] = (ms, signal) => clock.sleep(ms > 2_000 ? hours(1) : ms, signal);
  return { ...clock, sleep };
}

describe('a worker that sleeps', () => {
  it('is woken by a job that makes a touch due at once, long before it would look by itself', async () => {
    const business = await world.business({ touches: [{ channel: 'email', delay_hours: 24 }] });
    const clock = withoutPolls({ ...systemClock, now: () => world.now });
    begin({ ...world.engine, clock }, { hints: dueHints(world.database.pool) });
    const listening =
      "select from pg_stat_activity where application_name = 'touchline hints' and query = 'listen touchline_due'";
    await expect.poll(async () => (await world.database.query(listening)).rowCount).toBe(1);
    for (const name of ['first', 'second']) {
      await business.completeJob({ external_id: name }, { completed_at: later(world.now, -30).toISOString() });
      await expect.poll(acceptedFrom, { timeout: 20_000 }).toContain(`${name}@example.test`);
    }
  });

  it('hears again when its connection for hints was cut, and looks for what it missed', async () => {
    const business = await world.business({ touches: [{ channel: 'email', delay_hours: 24 }] });
    const clock = withoutPolls({ ...systemClock, now: () => world.now });
    begin({ ...world.engine, clock }, { hints: dueHints(world.database.pool) });
    const cut = `select pg_terminate_backend(pid) from pg_stat_activity
      where application_name = 'touchline hints' and query = 'listen touchline_due'`;
    await expect.poll(async () => (await world.database.query(cut)).rowCount).toBe(1);
    await business.completeJob({ external_id: 'missed' }, { completed_at: later(world.now, -30).toISOString() });
    await expect.poll(acceptedFrom, { timeout: 20_000 }).toEqual(['missed@example.test']);
  });

  it('is left alone by what is due tomorrow: no commit of an enrollment waits for the others that notify', async () => {
    const business = await world.business({ touches: [{ channel: 'email', delay_hours: 24 }] });
    const client = await world.database.pool.connect();
    try {
      const heard: string[] = [];
      client.on('notification', ({ channel }) => heard.push(channel));
      await client.query('listen touchline_due');
      await business.completeJob({ external_id: 'tomorrow' });
      await client.query('select 1');
      expect(heard).toEqual([]);
      await business.completeJob({ external_id: 'now' }, { completed_at: later(world.now, -30).toISOString() });
      await client.query('select 1');
      expect(heard).toEqual(['touchline_due']);
    } finally {
      client.release(true);
    }
  });
});

describe('a send that takes for ever', () => {
  it('holds up no other one, and its outcome is settled when it comes', async () => {
    await due(12);
    let release: (value: undefined) => void = () => undefined;
    const held = new Promise<undefined>((resolve) => {
      release = resolve;
    });
    let isFirst = true;
    world.provider(async () => {
      if (!isFirst) return undefined;
      isFirst = false;
      return held;
    });
    begin(world.engine, { slots: 2 });
    await expect.poll(states, { timeout: 20_000 }).toEqual({ sending: 1, sent: 11 });
    expect(world.acceptances).toHaveLength(11);
    release(undefined);
    await expect.poll(states).toEqual({ sent: 12 });
  });

  it('never has more company than there are slots', async () => {
    await due(3);
    await due(7);
    let [current, most] = [0, 0];
    world.provider(async () => {
      current += 1;
      most = Math.max(most, current);
      await new Promise((resolve) => setImmediate(resolve));
      current -= 1;
      return undefined;
    });
    begin(world.engine, { slots: 3 });
    await expect.poll(() => world.acceptances.length, { timeout: 20_000 }).toBe(10);
    expect(most).toBeLessThanOrEqual(3);
  });
});

/** An engine whose store fails as a story wants it to. */
function failing(changes: (store: EngineStore) => Partial<EngineStore>): Engine {
  return { ...world.engine, store: { ...world.engine.store, ...changes(world.engine.store) } };
}

describe('a database that is lost in between', () => {
  it('keeps what a worker knows waiting, not lost: it is settled when the database answers again', async () => {
    await due(4);
    let isGone = false;
    const gone = async (): Promise<never> => {
      throw Object.assign(new Error('terminating connection'), { code: '57P01' });
    };
    world.provider(() => {
      isGone = true;
      return undefined;
    });
    let failures = 0;
    begin(
      failing((store) => ({
        settle: (...given) => (isGone ? gone() : store.settle(...given)),
        settleAndClaim: (...given) => (isGone ? gone() : store.settleAndClaim(...given)),
        msUntilNextDue: (...given) => (isGone ? gone() : store.msUntilNextDue(...given)),
      })),
      {
        onError: () => {
          failures += 1;
          if (failures === 3) {
            world.provider(undefined);
            isGone = false;
          }
        },
      },
    );
    await expect.poll(states, { timeout: 20_000 }).toEqual({ sent: 4 });
    expect(world.acceptances).toHaveLength(4);
    expect(failures).toBe(3);
  });

  it('sends nothing of a claim it does not know to be kept, gives it back, and sends it once afterwards', async () => {
    await due(5);
    let lost = 0;
    const seen: number[] = [];
    let lookedAt = (): void => undefined;
    const untilLookedAt = new Promise<void>((resolve) => {
      lookedAt = resolve;
    });
    begin(
      failing((store) => ({
        claim: async (request) => {
          if (lost > 0) await untilLookedAt;
          const intents = await store.claim(request);
          if (lost > 0) return intents;
          lost = intents.length;
          throw new ClaimUnproved(intents, new Error('the reply was lost'));
        },
        settle: (claimId, outcomes, now) => {
          seen.push(outcomes.filter(({ kind }) => kind === 'not_started').length);
          return store.settle(claimId, outcomes, now);
        },
      })),
    );
    await expect.poll(() => seen, { timeout: 20_000 }).toEqual([5]);
    expect(world.acceptances).toEqual([]);
    const queue = 'select attempts, claim_id is not null as claimed from touchline.touch_queue';
    // What is seen is the call; the database has done it a moment later.
    await expect
      .poll(async () => (await world.database.query(queue)).rows, { timeout: 20_000 })
      .toEqual(Array.from({ length: 5 }, () => ({ attempts: 0, claimed: false })));
    lookedAt();
    await expect.poll(states, { timeout: 20_000 }).toEqual({ sent: 5 });
    expect(new Set(acceptedFrom()).size).toBe(5);
    expect(world.acceptances).toHaveLength(5);
  });
});

describe('an outcome that the database does not take', () => {
  it('keeps no other one from being settled, is told, and is found as unknown', async () => {
    await due(3);
    const told: unknown[] = [];
    const refused = Object.assign(new Error('invalid input'), { code: '22P02' });
    begin(
      failing((store) => {
        const isBad = (outcomes: readonly { sendLogId: string }[]): boolean =>
          outcomes.some(({ sendLogId }) => sendLogId === world.acceptances[0]?.idempotencyKey);
        return {
          settle: async (claimId, outcomes, now) => {
            if (isBad(outcomes)) throw refused;
            return store.settle(claimId, outcomes, now);
          },
          settleAndClaim: async (claimId, outcomes, next) => {
            if (isBad(outcomes)) throw refused;
            return store.settleAndClaim(claimId, outcomes, next);
          },
        };
      }),
      { onError: (error) => told.push(error) },
    );
    await expect.poll(states, { timeout: 20_000 }).toEqual({ sending: 1, sent: 2 });
    expect(told).toContain(refused);
    stop.abort();
    await running;
    world.at(later(world.now, 1));
    await world.engine.store.reconcile(10, world.now);
    expect(await states()).toEqual({ sent: 2, unknown: 1 });
  });

  it('is rare: the words of a provider are kept, whatever bytes it sends', async () => {
    await due(1);
    const errorMessage = 'no \0 such \ud83d user';
    world.provider(() => ({ kind: 'rejected', provider: 'memory', errorCode: '550', errorMessage }));
    begin(world.engine);
    await expect.poll(states).toEqual({ failed: 1 });
    const { rows } = await world.database.query('select error_message from touchline.send_logs');
    expect(rows).toEqual([{ error_message: 'no \ufffd such \ufffd user' }]);
  });
});

describe('a worker that is told to stop', () => {
  it('gives back what it has claimed and not begun, and ends what it has begun', async () => {
    await due(6);
    let release: (value: undefined) => void = () => undefined;
    const held = new Promise<undefined>((resolve) => {
      release = resolve;
    });
    let begun = 0;
    world.provider(() => {
      begun += 1;
      return held;
    });
    // A claim of one lane never brings more than was asked for; this one does.
    begin(
      failing((store) => ({ claim: (request) => store.claim({ ...request, limit: 5 }) })),
      { slots: 2 },
    );
    await expect.poll(() => begun).toBe(2);
    stop.abort();
    await expect.poll(states).toEqual({ retry: 3, sending: 2 });
    release(undefined);
    await running;
    expect(await states()).toEqual({ retry: 3, sent: 2 });
    expect(world.acceptances).toHaveLength(2);
  });
});
