// A worker's conversation with the database: it claims when slots are free, settles what is known, and looks when the next touch is
// due. One transaction at a time, and while one runs the sends go on.
import { type ClaimAnswer, notStarted, type Settling, settleAndClaim } from '../engine/claim.ts';
import { type BatchReport, type Engine, settleWithinMs } from '../engine/process-batch.ts';
import { isRefused } from '../engine/refused.ts';
import { Alarm } from './alarm.ts';
import { Ledger } from './ledger.ts';
import { errorPauseMs, spread } from './pauses.ts';
import { Sends } from './sends.ts';

export interface DeskOptions {
  /** No claim once it is aborted; what runs ends and is settled. */
  signal: AbortSignal;
  /** Messages handed over at once. */
  slots: number;
  onReport: (report: BatchReport) => void;
  onError: (error: unknown) => void;
  /** The database answers again. */
  onRecovery: () => void;
}

type FailedClaim = Extract<ClaimAnswer, { claim: null }>;

// Without a hint a worker looks again after this long: the truth, where a hint is only faster.
const longestSleepMs = 30_000;
// A due lane may be in another worker's hands, or a claim may have moved on without an intent: it is asked again, not at once.
const afterNothingMs = [0, 20, 40, 80, 100] as const;
// Hints of many transactions are one look.
const hintEveryMs = 50;
// Claims wait for so many free slots, so that there are few of them, but no longer than this while any is free.
const claimShare = 0.25;
const claimWithinMs = 250;
// A commit whose reply was lost may still be on its way when the intents are given up for the first time.
const unprovedAgainMs = 15_000;
const reportEveryMs = 5_000;
// Told to stop, without a database that takes what is known: the reconciler will find it as unknown.
const settlePatienceMs = 60_000;

export class Desk {
  private readonly engine: Engine;
  private readonly options: DeskOptions;
  private readonly alarm: Alarm;
  private readonly ledger = new Ledger();
  private readonly sends: Sends;
  private isDue = false;
  private lookAtMs = 0;
  private isHinted = false;
  private claimedAtMs = Number.NEGATIVE_INFINITY;
  /** Claims in a row that brought nothing. */
  private nothings = 0;
  /** Claims and looks in a row that failed. */
  private misses = 0;
  /** Settles in a row that failed. */
  private failures = 0;
  private stoppedAtMs: number | null = null;
  private report: BatchReport = { claimed: 0, outcomes: {} };
  private reportedAtMs = 0;

  constructor(engine: Engine, options: DeskOptions) {
    this.engine = engine;
    this.options = options;
    this.alarm = new Alarm(engine.clock);
    this.sends = new Sends(engine, options.slots, (claimId, outcome) => {
      this.report.claimed += 1;
      this.report.outcomes[outcome.kind] = (this.report.outcomes[outcome.kind] ?? 0) + 1;
      this.keep({ claimId, outcomes: [outcome] });
    });
  }

  private get nowMs(): number {
    return this.engine.clock.monotonicMs();
  }

  /** Work may have become due. */
  hint(): void {
    this.isHinted = true;
    this.lookAtMs = Math.min(this.lookAtMs, this.nowMs + hintEveryMs);
    this.alarm.ring();
  }

  /** Works until the signal is aborted, everything started has ended and everything known is settled. Never rejects. */
  async run(): Promise<void> {
    const { signal, onError } = this.options;
    const stop = (): void => this.stop();
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    while (!this.isOver()) {
      try {
        await this.step();
      } catch (error) {
        onError(error);
        await this.engine.clock.sleep(errorPauseMs(this.failures), signal.aborted ? undefined : signal);
        this.failures += 1;
      }
    }
    signal.removeEventListener('abort', stop);
    this.tell();
  }

  private stop(): void {
    this.stoppedAtMs ??= this.nowMs;
    for (const { claimId, intent } of this.sends.giveUpWaiting()) this.keep(notStarted(claimId, [intent], 'stopping'));
    this.alarm.ring();
  }

  private isOver(): boolean {
    if (this.stoppedAtMs === null || !this.sends.isIdle) return false;
    if (this.ledger.size === 0) return true;
    if (this.failures === 0 || this.nowMs - this.stoppedAtMs < settlePatienceMs) return false;
    this.options.onError(
      new Error(`${this.ledger.size} outcomes could not be written down; they will count as unknown.`),
    );
    return true;
  }

  private keep(known: Settling): void {
    this.ledger.add(known, this.nowMs);
    this.alarm.ring();
  }

  private async step(): Promise<void> {
    const now = this.nowMs;
    if (this.wantsClaim(now)) return this.claim();
    if (this.mustSettle(now)) return this.settle();
    if (this.wantsLook(now)) return this.look();
    if (this.sends.isIdle || now - this.reportedAtMs >= reportEveryMs) this.tell();
    await this.alarm.sleep(this.restMs(now));
  }

  private wantsClaim(now: number): boolean {
    if (!this.isDue || this.stoppedAtMs !== null || this.sends.free < 1) return false;
    const enough = this.sends.free >= this.options.slots * claimShare || this.sends.isIdle;
    return enough || now - this.claimedAtMs >= claimWithinMs;
  }

  private mustSettle(now: number): boolean {
    const since = this.ledger.sinceMs;
    return since !== null && (now - since >= settleWithinMs || this.sends.isIdle);
  }

  private wantsLook(now: number): boolean {
    return !this.isDue && this.stoppedAtMs === null && now >= this.lookAtMs;
  }

  private restMs(now: number): number {
    const never = Number.POSITIVE_INFINITY;
    const settleAt = this.ledger.sinceMs === null ? never : this.ledger.sinceMs + settleWithinMs;
    const claimAt = this.sends.free > 0 ? this.claimedAtMs + claimWithinMs : never;
    const nextAt = this.isDue ? claimAt : this.lookAtMs;
    const wakeAt = this.stoppedAtMs === null ? Math.min(settleAt, nextAt) : settleAt;
    return Math.max(1, Math.min(wakeAt - now, longestSleepMs));
  }

  private async claim(): Promise<void> {
    const known = this.ledger.take();
    const asked = this.sends.free;
    this.claimedAtMs = this.nowMs;
    const answer = await settleAndClaim(this.engine, known, asked);
    if (answer.claim === null) return this.missed(answer, known);
    this.answered();
    const { claim } = answer;
    if (this.stoppedAtMs !== null) return this.keep(notStarted(claim.claimId, claim.intents, 'stopping'));
    this.sends.start(claim);
    // A full claim left some, most likely; after another it is asked when the next is due.
    this.isDue = claim.intents.length >= asked;
    this.nothings = claim.intents.length === 0 ? this.nothings + 1 : 0;
    this.lookAtMs = this.nowMs + spread(afterNothingMs[Math.min(this.nothings, afterNothingMs.length - 1)] ?? 0);
  }

  /** What is known goes on being settled while claims fail. */
  private async missed(answer: FailedClaim, known: Settling | null): Promise<void> {
    this.lookLater();
    if (answer.unproved !== null) this.keepUnproved(answer.unproved);
    if (known === null || answer.isSettled) this.options.onError(answer.error);
    else await this.notSettled(known, answer.error);
  }

  private answered(): void {
    if (this.misses + this.failures === 0) return;
    this.misses = 0;
    this.failures = 0;
    this.options.onRecovery();
  }

  private lookLater(): void {
    this.isDue = false;
    this.lookAtMs = this.nowMs + errorPauseMs(this.misses);
    this.misses += 1;
  }

  private keepUnproved(unproved: Settling): void {
    this.keep(unproved);
    void this.engine.clock.sleep(unprovedAgainMs, this.options.signal).then(() => this.keep(unproved));
  }

  private async settle(): Promise<void> {
    const known = this.ledger.take();
    if (known === null) return;
    const { store, clock } = this.engine;
    try {
      await store.settle(known.claimId, known.outcomes, clock.now());
      this.answered();
    } catch (error) {
      await this.notSettled(known, error);
    }
  }

  private async notSettled(known: Settling, error: unknown): Promise<void> {
    if (isRefused(error)) return this.settleEach(known);
    this.keep(known);
    throw error;
  }

  /** One outcome the database does not take must not keep the others from it. It is told, and counts as unknown in time. */
  private async settleEach({ claimId, outcomes }: Settling): Promise<void> {
    const { store, clock } = this.engine;
    for (const outcome of outcomes) {
      try {
        await store.settle(claimId, [outcome], clock.now());
      } catch (error) {
        if (isRefused(error)) this.options.onError(error);
        else this.keep({ claimId, outcomes: [outcome] });
      }
    }
  }

  private async look(): Promise<void> {
    const { store, clock } = this.engine;
    this.isHinted = false;
    try {
      const untilDueMs = await store.msUntilNextDue(clock.now());
      this.answered();
      this.isDue = untilDueMs === 0;
      const sleepMs = untilDueMs !== null && untilDueMs < longestSleepMs ? untilDueMs : spread(longestSleepMs);
      // A hint that came meanwhile may be of something this look did not see yet.
      this.lookAtMs = this.nowMs + (this.isHinted ? Math.min(sleepMs, hintEveryMs) : sleepMs);
    } catch (error) {
      this.lookLater();
      this.options.onError(error);
    }
  }

  private tell(): void {
    this.reportedAtMs = this.nowMs;
    if (this.report.claimed === 0) return;
    const { report } = this;
    this.report = { claimed: 0, outcomes: {} };
    this.options.onReport(report);
  }
}
