// Real workers on a database whose clock starts in the afternoon and goes on as every clock does.
import type pg from 'pg';
import { dueHints } from '../../src/db/engine/due-hints.ts';
import { engineStore } from '../../src/db/engine/store.ts';
import { type Clock, clockAt } from '../../src/engine/clock.ts';
import type { EngineStore, Message } from '../../src/engine/ports.ts';
import { memorySender } from '../../src/senders/memory.ts';
import { work } from '../../src/worker/loop.ts';

/** A clock that shows `moment` when it is made, and what it shows in milliseconds since 1970. */
export function clockFrom(moment: string): { clock: Clock; nowMs(): number } {
  const [startMs, atMs] = [Date.parse(moment), performance.now()];
  const nowMs = (): number => startMs + performance.now() - atMs;
  return { clock: clockAt(() => new Date(nowMs())), nowMs };
}

export interface WorkerOptions {
  pool: pg.Pool;
  clock: Clock;
  name: string;
  /** Hears each message when it is handed over. */
  onSend: (message: Message) => void;
  /** Hears each claim, before it is asked for. */
  onClaim?: () => void;
}

/** Counts claims that go through a store. */
function heard(store: EngineStore, onClaim: () => void): EngineStore {
  return {
    ...store,
    claim: (request) => {
      onClaim();
      return store.claim(request);
    },
    settleAndClaim: (claimId, outcomes, next) => {
      onClaim();
      return store.settleAndClaim(claimId, outcomes, next);
    },
  };
}

/** Starts a worker as `touchline work` runs it; the answer ends it. */
export function startWorker({
  pool,
  clock,
  name,
  onSend,
  onClaim = () => undefined,
}: WorkerOptions): () => Promise<void> {
  const stop = new AbortController();
  const failed: unknown[] = [];
  const sender = memorySender((message) => {
    onSend(message);
    return undefined;
  });
  const engine = {
    store: heard(engineStore(pool), onClaim),
    worker: name,
    senders: () => sender,
    links: { unsubscribe: ({ sendLogId }: { sendLogId: string }) => `https://example.com/u/${sendLogId}` },
    clock,
  };
  const onError = (error: unknown): void => void failed.push(error);
  const ended = work(engine, { signal: stop.signal, hints: dueHints(pool), onError });
  return async () => {
    stop.abort();
    await ended;
    if (failed.length > 0) throw failed[0];
  };
}
