// The send slots: what is handed over at this moment, and what waits for a slot to become free.
import type { Claim } from '../engine/claim.ts';
import { handOver } from '../engine/hand-over.ts';
import type { AttemptOutcome, Intent } from '../engine/ports.ts';
import type { Engine } from '../engine/process-batch.ts';

interface Waiting {
  claim: Claim;
  intent: Intent;
}

/** Hears what became of an intent. */
export type OnOutcome = (claimId: string, outcome: AttemptOutcome) => void;

export class Sends {
  private readonly engine: Engine;
  private readonly slots: number;
  private readonly onOutcome: OnOutcome;
  private readonly waiting: Waiting[] = [];
  private inFlight = 0;

  constructor(engine: Engine, slots: number, onOutcome: OnOutcome) {
    this.engine = engine;
    this.slots = slots;
    this.onOutcome = onOutcome;
    engine.meter?.slots(0, slots);
  }

  get free(): number {
    return this.slots - this.inFlight - this.waiting.length;
  }

  /** Whether nothing is handed over and nothing waits for it. */
  get isIdle(): boolean {
    return this.inFlight === 0 && this.waiting.length === 0;
  }

  /** Hands over what was claimed, as slots are free. */
  start(claim: Claim): void {
    for (const intent of claim.intents) this.waiting.push({ claim, intent });
    this.fill();
  }

  /** Gives up what waits for a slot; what is handed over already goes on. */
  giveUpWaiting(): { claimId: string; intent: Intent }[] {
    return this.waiting.splice(0).map(({ claim, intent }) => ({ claimId: claim.claimId, intent }));
  }

  private fill(): void {
    while (this.inFlight < this.slots) {
      const next = this.waiting.shift();
      if (next === undefined) return;
      this.count(1);
      void this.handOver(next);
    }
  }

  private count(change: 1 | -1): void {
    this.inFlight += change;
    this.engine.meter?.slots(this.inFlight, this.slots);
  }

  private async handOver({ claim, intent }: Waiting): Promise<void> {
    const outcome = await handOver(intent, claim.startedAtMs + intent.deadlineMs, this.engine);
    this.count(-1);
    this.fill();
    this.onOutcome(claim.claimId, outcome);
  }
}
