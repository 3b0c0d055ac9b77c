// What the engine does, told to whoever counts it. Nothing waits for a meter, and none of its methods may throw.
import type { Intent, Outcome } from './ports.ts';

export interface Meter {
  /** A claim was answered, after so many milliseconds; the settle that rode along is in them. */
  claimed(intents: readonly Intent[], ms: number): void;
  /** A claim failed; `unproved`: the reply to its commit was lost, so that nothing of it is sent. */
  claimFailed(why: 'failed' | 'unproved'): void;
  /** An attempt ended, a replay among them. */
  handedOver(intent: Intent, outcome: Outcome): void;
  /** Outcomes of attempts are committed; how long each had been known by then, in milliseconds. */
  settled(waitedMs: readonly number[]): void;
  /** A settle failed; what is known is kept and settled later. */
  settleFailed(): void;
  /** So many of a worker's send slots are in use. */
  slots(used: number, all: number): void;
}
