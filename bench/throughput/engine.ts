// The engine at work with a provider that accepts everything at once: its SQL functions alone, all of it batch by batch with
// rendering and the fence, and a whole worker, which claims while it hands over.
import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { engineStore } from '../../src/db/engine/store.ts';
import { clockAt } from '../../src/engine/clock.ts';
import type { AttemptOutcome, Outcome } from '../../src/engine/ports.ts';
import { type Engine, processBatch } from '../../src/engine/process-batch.ts';
import { work } from '../../src/worker/loop.ts';

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

function engineAt(pool: pg.Pool, now: string, onSend: () => void): Engine {
  const sender = {
    send: async () => {
      onSend();
      return accepted;
    },
  };
  return {
    store: engineStore(pool),
    worker: 'bench',
    senders: () => sender,
    links: { unsubscribe: ({ sendLogId }) => `https://example.com/u/${sendLogId}` },
    clock: clockAt(() => new Date(now)),
  };
}

/** The same by whole batches of the engine: claim, render, hand over, settle. */
export async function runEngine(pool: pg.Pool, batch: number, now: string): Promise<number> {
  const engine = engineAt(pool, now, () => undefined);
  let handled = 0;
  for (;;) {
    const { claimed } = await processBatch(engine, batch);
    if (claimed === 0) return handled;
    handled += claimed;
  }
}

/** Longer than any pause of a worker that has something to do, in milliseconds. */
const standstillMs = 15_000;

/**
 * The same by a worker as it is run, until it has handed over so many and settled them.
 * @throws what the worker told as an error
 */
export async function runWorker(pool: pg.Pool, slots: number, due: number, now: string): Promise<number> {
  const stop = new AbortController();
  let handled = 0;
  const standstill = setTimeout(() => stop.abort(), standstillMs);
  const engine = engineAt(pool, now, () => {
    handled += 1;
    standstill.refresh();
    if (handled === due) stop.abort();
  });
  const errors: unknown[] = [];
  const onError = (error: unknown): void => {
    errors.push(error);
    stop.abort();
  };
  // The lanes of the other rivals are closed until it is their turn; a sweep would open them.
  const store = { ...engine.store, sweep: async () => 0 };
  await work({ ...engine, store }, { signal: stop.signal, slots, onError });
  clearTimeout(standstill);
  if (errors.length > 0) throw errors[0];
  return handled;
}
