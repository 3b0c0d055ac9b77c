// The engine at work with a provider that accepts everything at once: its SQL functions alone, and all of it with rendering
// and the fence.
import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { engineStore } from '../../src/db/engine/store.ts';
import { clockAt } from '../../src/engine/clock.ts';
import type { AttemptOutcome, Outcome } from '../../src/engine/ports.ts';
import { type Engine, processBatch } from '../../src/engine/process-batch.ts';

const accepted: Outcome = { kind: 'accepted', provider: 'null', providerId: 'null' };

/** Claims and settles everything that is due at `now` by the two SQL functions; answers how many touches. */
export async function runFunctions(pool: pg.Pool, batch: number, now: string): Promise<number> {
  const store = engineStore(pool);
  const moment = new Date(now);
  let handled = 0;
  for (;;) {
    const claimId = randomUUID();
    const intents = await store.claim({ worker: 'bench', claimId, limit: batch, now: moment });
    if (intents.length === 0) return handled;
    const outcomes = intents.map(
      ({ businessId, sendLogId, attempt }): AttemptOutcome => ({ businessId, sendLogId, attempt, ...accepted }),
    );
    await store.settle(claimId, outcomes, moment);
    handled += intents.length;
  }
}

/** The same by whole batches of the engine: claim, render, hand over, settle. */
export async function runEngine(pool: pg.Pool, batch: number, now: string): Promise<number> {
  const sender = { send: async () => accepted };
  const engine: Engine = {
    store: engineStore(pool),
    worker: 'bench',
    senders: () => sender,
    links: { unsubscribe: ({ sendLogId }) => `https://example.com/u/${sendLogId}` },
    clock: clockAt(() => new Date(now)),
  };
  let handled = 0;
  for (;;) {
    const { claimed } = await processBatch(engine, batch);
    if (claimed === 0) return handled;
    handled += claimed;
  }
}
