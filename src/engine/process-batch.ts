// One batch: claim, hand over what was claimed, settle. The claim is the write-ahead intent; no network call is made inside a
// transaction, and none is made before the claim's commit is known.
import { randomUUID } from 'node:crypto';
import { type HandOver, handOver } from './hand-over.ts';
import type { AttemptOutcome, EngineStore, Intent } from './ports.ts';

export interface Engine extends HandOver {
  store: EngineStore;
  /** Shown on attempts and claims. */
  worker: string;
}

export interface BatchReport {
  claimed: number;
  /** How many attempts ended how. */
  outcomes: Partial<Record<AttemptOutcome['kind'], number>>;
}

/** A claim and the moment from which its deadlines count, on the monotonic clock. */
interface Claim {
  claimId: string;
  startedAtMs: number;
  intents: Intent[];
}

async function claim(engine: Engine, limit: number): Promise<Claim> {
  const claimId = randomUUID();
  const startedAtMs = engine.clock.monotonicMs();
  const intents = await engine.store.claim({ worker: engine.worker, claimId, limit, now: engine.clock.now() });
  return { claimId, startedAtMs, intents };
}

/** Hands over a claim's intents, all at once, and answers with their outcomes. */
function handOverAll(engine: Engine, { startedAtMs, intents }: Claim): Promise<AttemptOutcome[]> {
  return Promise.all(intents.map((intent) => handOver(intent, startedAtMs + intent.deadlineMs, engine)));
}

function count(outcomes: readonly AttemptOutcome[]): BatchReport['outcomes'] {
  const counts: BatchReport['outcomes'] = {};
  for (const { kind } of outcomes) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

/**
 * Claims at most `limit` touches, hands them over and settles them.
 * @param limit touches, 1–1000
 * @throws what the database says; what was claimed by then is found by the reconciler, and is never due again by itself
 */
export async function processBatch(engine: Engine, limit: number): Promise<BatchReport> {
  const claimed = await claim(engine, limit);
  if (claimed.intents.length === 0) return { claimed: 0, outcomes: {} };
  const outcomes = await handOverAll(engine, claimed);
  await engine.store.settle(claimed.claimId, outcomes, engine.clock.now());
  return { claimed: outcomes.length, outcomes: count(outcomes) };
}
