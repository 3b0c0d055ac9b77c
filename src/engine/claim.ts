// A claim, and the settle that rides along with it: one transaction, and when that fails the settle alone at once, so that what is
// known is not lost because a claim failed.
import { randomUUID } from 'node:crypto';
import { type AttemptOutcome, ClaimUnproved, type Intent } from './ports.ts';
import type { Engine } from './process-batch.ts';

/** A claim and the moment from which its deadlines count, on the monotonic clock. */
export interface Claim {
  claimId: string;
  startedAtMs: number;
  intents: readonly Intent[];
}

/** Outcomes to be settled in one call. Only `not_started` asks whose claim it was: all of those are of this one. */
export interface Settling {
  claimId: string;
  outcomes: readonly AttemptOutcome[];
}

/** What came of settling and claiming. */
export type ClaimAnswer =
  | { claim: Claim }
  | {
      claim: null;
      /** Why the claim failed; where the settle failed too, why that did. */
      error: unknown;
      /** Whether the outcomes are settled none the less. */
      isSettled: boolean;
      /** To be settled later: intents of which nobody knows whether they were claimed, and nothing was started. */
      unproved: Settling | null;
    };

/** Says of every intent of a claim that no byte of it was written. */
export function notStarted(claimId: string, intents: readonly Intent[], errorCode: string): Settling {
  const outcomes = intents.map(({ businessId, sendLogId, attempt }): AttemptOutcome => {
    return { businessId, sendLogId, attempt, kind: 'not_started', errorCode };
  });
  return { claimId, outcomes };
}

/**
 * Settles what is known, if anything is, and claims in the same transaction. Never throws.
 * @param limit touches, 1–1000
 */
export async function settleAndClaim(engine: Engine, known: Settling | null, limit: number): Promise<ClaimAnswer> {
  const { store, clock, worker } = engine;
  const claimId = randomUUID();
  const next = { worker, claimId, limit, now: clock.now() };
  const startedAtMs = clock.monotonicMs();
  try {
    if (known === null || known.outcomes.length === 0) {
      return { claim: { claimId, startedAtMs, intents: await store.claim(next) } };
    }
    const { intents } = await store.settleAndClaim(known.claimId, known.outcomes, next);
    return { claim: { claimId, startedAtMs, intents } };
  } catch (error) {
    const unproved = error instanceof ClaimUnproved ? notStarted(claimId, error.intents, 'claim_unproved') : null;
    const failed = { claim: null, error: error instanceof ClaimUnproved ? error.cause : error, unproved };
    if (known === null || known.outcomes.length === 0) return { ...failed, isSettled: true };
    return store.settle(known.claimId, known.outcomes, clock.now()).then(
      () => ({ ...failed, isSettled: true }),
      (reason: unknown) => ({ ...failed, isSettled: false, error: reason }),
    );
  }
}
