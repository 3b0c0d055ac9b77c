// A store that tells a meter what it was asked for and how long that took. What is told was committed.
import type { Clock } from './clock.ts';
import type { Meter } from './meter.ts';
import { type AttemptOutcome, ClaimUnproved, type EngineStore } from './ports.ts';

type Measured = Pick<EngineStore, 'claim' | 'settle' | 'settleAndClaim'>;

function measured(store: EngineStore, meter: Meter, clock: Clock): Measured {
  const tellSettled = (outcomes: readonly AttemptOutcome[]): void => {
    const now = clock.monotonicMs();
    meter.settled(outcomes.flatMap(({ knownAtMs }) => (knownAtMs === undefined ? [] : [now - knownAtMs])));
  };
  const tellFailed = (error: unknown): never => {
    meter.claimFailed(error instanceof ClaimUnproved ? 'unproved' : 'failed');
    throw error;
  };
  return {
    claim: async (request) => {
      const startedAtMs = clock.monotonicMs();
      const intents = await store.claim(request).catch(tellFailed);
      meter.claimed(intents, clock.monotonicMs() - startedAtMs);
      return intents;
    },
    settle: async (claimId, outcomes, now) => {
      try {
        const settled = await store.settle(claimId, outcomes, now);
        tellSettled(outcomes);
        return settled;
      } catch (error) {
        meter.settleFailed();
        throw error;
      }
    },
    settleAndClaim: async (claimId, outcomes, next) => {
      const startedAtMs = clock.monotonicMs();
      const answer = await store.settleAndClaim(claimId, outcomes, next).catch(tellFailed);
      tellSettled(outcomes);
      meter.claimed(answer.intents, clock.monotonicMs() - startedAtMs);
      return answer;
    },
  };
}

/** The same store, heard by a meter. */
export function meteredStore(store: EngineStore, meter: Meter, clock: Clock): EngineStore {
  return { ...store, ...measured(store, meter, clock) };
}
