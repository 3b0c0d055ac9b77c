// One batch: claim, hand over what was claimed, settle. The claim is the write-ahead intent; no network call is made inside a
// transaction, and none is made before the claim's commit is known.

import type { Memory } from './at-home.ts';
import { type Claim, type Settling, settleAndClaim } from './claim.ts';
import { type HandOver, handOver } from './hand-over.ts';
import type { AttemptOutcome, EngineStore } from './ports.ts';

export interface Engine extends HandOver {
  store: EngineStore;
  /** What is kept outside of the database, to notice that it has gone back. */
  memory?: Memory;
  /** Shown on attempts and claims. */
  worker: string;
}

export interface BatchReport {
  claimed: number;
  /** How many attempts ended how. */
  outcomes: Partial<Record<AttemptOutcome['kind'], number>>;
}

/** Outcomes wait at most this long for slower sends, or for a claim to ride along with, in milliseconds (rules.md 9). */
export const settleWithinMs = 250;

/** Hands over a claim's intents, settles what is known every 250 ms, and answers with what is still to be settled. */
async function handOverAll(
  engine: Engine,
  claim: Claim,
  hear: (outcome: AttemptOutcome) => void,
): Promise<AttemptOutcome[]> {
  const known: AttemptOutcome[] = [];
  const over = new AbortController();
  const sends = claim.intents.map(async (intent) => {
    const outcome = await handOver(intent, claim.startedAtMs + intent.deadlineMs, engine);
    known.push(outcome);
    hear(outcome);
  });
  const all = Promise.all(sends).then(() => over.abort());
  while (!over.signal.aborted) {
    await Promise.race([all, engine.clock.sleep(settleWithinMs, over.signal)]);
    if (!over.signal.aborted && known.length > 0) {
      await engine.store.settle(claim.claimId, known.splice(0), engine.clock.now());
    }
  }
  return known;
}

/** @throws what went wrong; what could not be proved is settled first, if that is possible */
async function claimOrThrow(engine: Engine, known: Settling | null, limit: number): Promise<Claim> {
  const answer = await settleAndClaim(engine, known, limit);
  if (answer.claim !== null) return answer.claim;
  const { error, unproved } = answer;
  if (unproved !== null) {
    // The reconciler finds what this does not reach.
    await engine.store.settle(unproved.claimId, unproved.outcomes, engine.clock.now()).catch(() => undefined);
  }
  throw error;
}

export interface SendOptions {
  /** Touches per claim, 1–1000. */
  batch: number;
  /** Claims at most. */
  maxBatches: number;
  /** No further claim once it is aborted. */
  signal?: AbortSignal | undefined;
}

/**
 * Claims, hands over and settles until nothing is due. A settle and the next claim are one transaction.
 * @throws what the database says; what was claimed by then is found by the reconciler, and is never due again by itself
 */
export async function sendDue(engine: Engine, { batch, maxBatches, signal }: SendOptions): Promise<BatchReport> {
  const report: BatchReport = { claimed: 0, outcomes: {} };
  const hear = ({ kind }: AttemptOutcome): void => {
    report.claimed += 1;
    report.outcomes[kind] = (report.outcomes[kind] ?? 0) + 1;
  };
  let claim = await claimOrThrow(engine, null, batch);
  for (let round = 1; ; round += 1) {
    const outcomes = await handOverAll(engine, claim, hear);
    const goesOn = round < maxBatches && signal?.aborted !== true;
    // A claim may find nothing to hand over and still have moved on: a late touch was skipped and the next one is due now.
    if (claim.intents.length === 0 && (!goesOn || (await engine.store.msUntilNextDue(engine.clock.now())) !== 0)) break;
    if (goesOn) claim = await claimOrThrow(engine, { claimId: claim.claimId, outcomes }, batch);
    else {
      await engine.store.settle(claim.claimId, outcomes, engine.clock.now());
      break;
    }
  }
  return report;
}

/**
 * One batch: claims at most `limit` touches, hands them over and settles them.
 * @param limit touches, 1–1000
 */
export function processBatch(engine: Engine, limit: number): Promise<BatchReport> {
  return sendDue(engine, { batch: limit, maxBatches: 1 });
}
