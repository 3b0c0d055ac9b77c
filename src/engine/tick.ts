// One bounded pass over everything that time brings: decide waiting jobs, bring home what was left open, correct the lanes, send
// what is due. Safe to run at any moment, by any number of processes, twice in a row.
import { type BatchReport, type Engine, processBatch } from './process-batch.ts';

export interface TickOptions {
  /** Touches per claim, 1–1000. Default 100. */
  batch?: number;
  /** Claims at most. Default 100. */
  maxBatches?: number;
  /** Ends the pass after the running batch. */
  signal?: AbortSignal;
}

export interface TickReport extends BatchReport {
  /** Jobs that were decided. */
  decided: number;
  /** Intents the reconciler moved. */
  reconciled: number;
  /** Lanes that lagged. */
  corrected: number;
}

function add(report: TickReport, batch: BatchReport): void {
  report.claimed += batch.claimed;
  for (const [kind, number] of Object.entries(batch.outcomes)) {
    const known = kind as keyof BatchReport['outcomes'];
    report.outcomes[known] = (report.outcomes[known] ?? 0) + number;
  }
}

/** Runs one pass. */
export async function tick(
  engine: Engine,
  { batch = 100, maxBatches = 100, signal }: TickOptions = {},
): Promise<TickReport> {
  const now = (): Date | null => engine.clock.now();
  const report: TickReport = {
    decided: await engine.store.enrollWaiting(500, now()),
    reconciled: await engine.store.reconcile(100, now()),
    corrected: await engine.store.sweep(now()),
    claimed: 0,
    outcomes: {},
  };
  for (let round = 0; round < maxBatches && signal?.aborted !== true; round += 1) {
    const done = await processBatch(engine, batch);
    if (done.claimed === 0) break;
    add(report, done);
  }
  return report;
}
