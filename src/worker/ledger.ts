// What is known and not yet settled. It is kept in memory until the database has it, however long that takes.
import type { Settling } from '../engine/claim.ts';
import type { AttemptOutcome } from '../engine/ports.ts';

interface Entry {
  claimId: string;
  outcome: AttemptOutcome;
  atMs: number;
}

// One transaction holds the locks of at most so many enrollments.
const mostPerSettle = 200;

export class Ledger {
  private entries: Entry[] = [];

  get size(): number {
    return this.entries.length;
  }

  /** Since when the oldest waits; null when nothing does. */
  get sinceMs(): number | null {
    return this.entries[0]?.atMs ?? null;
  }

  add({ claimId, outcomes }: Settling, nowMs: number): void {
    for (const outcome of outcomes) this.entries.push({ claimId, outcome, atMs: nowMs });
  }

  /** Takes what one settle can say: of all claims, but the unstarted of one claim only. Null when nothing waits. */
  take(): Settling | null {
    const first = this.entries.find(({ outcome }) => outcome.kind === 'not_started') ?? this.entries[0];
    if (first === undefined) return null;
    const { claimId } = first;
    const taken: AttemptOutcome[] = [];
    this.entries = this.entries.filter((entry) => {
      const fits = entry.claimId === claimId || entry.outcome.kind !== 'not_started';
      if (!fits || taken.length >= mostPerSettle) return true;
      taken.push(entry.outcome);
      return false;
    });
    return { claimId, outcomes: taken };
  }
}
