// What providers answer, or do not, and what workers leave undone.
import type pg from 'pg';
import { engineStore } from '../../src/db/engine/store.ts';
import type { EngineStore } from '../../src/engine/ports.ts';
import { processBatch } from '../../src/engine/process-batch.ts';
import { emails } from './scenarios-of-life.ts';
import type { Fate, Stage } from './stage.ts';

/** A person whose first touch meets a fate; later ones are accepted. */
async function firstTouch(stage: Stage, fate: Fate, policy: Record<string, unknown> = {}): Promise<void> {
  const business = await stage.world.business({ touches: emails, policy });
  await business.completeJob();
  stage.provider(({ touchNumber }) => (touchNumber === 1 ? fate : 'accept'));
}

/** A worker's store whose database is gone once it has claimed. */
const unsettled = (store: EngineStore): EngineStore => ({
  ...store,
  settle: () => Promise.reject(new Error('The connection was lost.')),
  settleAndClaim: () => Promise.reject(new Error('The connection was lost.')),
});

/** Connections of which none survives its commit: the work is rolled back, and nobody says so. */
function losingCommits(pool: pg.Pool): pg.Pool {
  const connect = async (): Promise<pg.PoolClient> => {
    const client = await pool.connect();
    const query = client.query.bind(client) as (...args: unknown[]) => Promise<unknown>;
    const losing = async (...args: unknown[]): Promise<unknown> => {
      if (args[0] !== 'commit') return query(...args);
      await query('rollback');
      throw new Error('The connection was lost.');
    };
    return Object.assign(client, { query: losing });
  };
  return Object.assign(Object.create(pool) as pg.Pool, { connect });
}

/** A store whose first claim is not kept. */
function forgetful(store: EngineStore, pool: pg.Pool): EngineStore {
  let isFirst = true;
  const losing = engineStore(losingCommits(pool));
  return {
    ...store,
    claim: (request) => {
      const claim = isFirst ? losing.claim : store.claim;
      isFirst = false;
      return claim(request);
    },
  };
}

export const scenariosOfOutcomes = {
  async 'the provider takes a message and never answers'(stage: Stage): Promise<void> {
    await firstTouch(stage, 'accept silently');
    await stage.runUntil(24.3);
    await stage.runUntil(100);
  },
  async 'the provider loses a message and never answers'(stage: Stage): Promise<void> {
    await firstTouch(stage, 'lose');
    await stage.tickAt(24);
    await stage.tickAt(24.1);
    await stage.tickAt(25);
    await stage.tickAt(50);
  },
  async 'the provider is slow to tell, and later touches wait'(stage: Stage): Promise<void> {
    const { world } = stage;
    const touches = [{ channel: 'email', delay_hours: 24 } as const, { channel: 'email', delay_hours: 5 } as const];
    const business = await world.business({ touches, policy: { min_gap_hours: 1 } });
    await business.completeJob();
    const down = { kind: 'unknown', errorCode: '503', errorMessage: 'Service Unavailable' } as const;
    stage.provider(({ touchNumber }) => (touchNumber === 1 ? 'accept silently' : 'accept'), {
      lookUp: () => Promise.resolve(down),
    });
    await stage.runUntil(30);
  },
  async 'a message is refused for now, and the address changes meanwhile'(stage: Stage): Promise<void> {
    const { world } = stage;
    const business = await world.business({ touches: emails });
    await business.completeJob({ external_id: 'ann', email: 'old@example.test' });
    let isFirst = true;
    stage.provider(() => {
      const fate: Fate = isFirst ? { kind: 'retry', errorCode: '451' } : 'accept';
      isFirst = false;
      return fate;
    });
    await stage.tickAt(24);
    await business.completeJob({ external_id: 'ann', email: 'new@example.test' });
    await stage.tickAt(25);
  },
  async 'a message is refused for now, again and again'(stage: Stage): Promise<void> {
    await firstTouch(stage, { kind: 'retry', errorCode: '451' }, { max_attempts: 2 });
    await stage.runUntil(25);
  },
  async 'a worker dies between the provider and the database'(stage: Stage): Promise<void> {
    const { world } = stage;
    const business = await world.business({ touches: emails });
    await business.completeJob();
    world.at(stage.after(24));
    const dying = { ...world.engine, store: unsettled(world.engine.store) };
    await processBatch(dying, 10).catch(() => undefined);
    await stage.runUntil(24.5);
  },
  async 'a worker reports an hour late, once the policy has decided'(stage: Stage): Promise<void> {
    const { world } = stage;
    const business = await world.business({ touches: emails });
    await business.completeJob();
    world.at(stage.after(24));
    const claimId = crypto.randomUUID();
    const { store } = world.engine;
    const [intent] = await store.claim({ worker: 'slow', claimId, limit: 10, now: world.now });
    if (intent === undefined) throw new Error('Nothing was due.');
    await stage.runUntil(25);
    const { businessId, sendLogId, attempt } = intent;
    await store.settle(claimId, [{ businessId, sendLogId, attempt, kind: 'rejected', errorCode: '550' }], world.now);
  },
  async "a claim's commit gets no reply"(stage: Stage): Promise<void> {
    const { world } = stage;
    const business = await world.business({ touches: emails });
    await business.completeJob();
    stage.store = forgetful(world.engine.store, world.database.pool);
    world.at(stage.after(24));
    await processBatch(world.engine, 10).catch(() => undefined);
    await stage.runUntil(24.5);
  },
};
