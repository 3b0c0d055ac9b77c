// One bounded pass over everything that time brings: decide waiting jobs, bring home what was left open, correct the lanes, send
// what is due. Safe to run at any moment, by any number of processes, twice in a row.
import { checkIn } from './at-home.ts';
import { type BatchReport, type Engine, sendDue } from './process-batch.ts';
import { reconcileByEvidence } from './reconcile.ts';

export interface TickOptions {
  /** Touches per claim, 1–1000. Default 100. */
  batch?: number;
  /** Claims at most. Default 100. */
  maxBatches?: number;
  /** Ends the pass after the running batch. */
  signal?: AbortSignal;
}

export interface HouseReport {
  /** Jobs that were decided. */
  decided: number;
  /** Intents the reconciler moved. */
  reconciled: number;
  /** Messages of unknown outcome that the provider was asked about. */
  looked: number;
  /** Lanes that lagged. */
  corrected: number;
  /** Rows of counts that were added to the daily ones. */
  folded: number;
  /** Short-lived rows that were cleared out. */
  cleared: number;
  /** Why nothing may be sent from this database; null: it may. */
  safeMode: string | null;
}

export type TickReport = HouseReport & BatchReport;

/** Jobs that one pass decides at most. */
export const mostDecided = 500;
/** Claims that one pass reconciles at most. */
export const mostReconciled = 100;

/** Messages that one pass looks for evidence of at most. */
export const mostLooked = 100;

/** Rows of each short-lived table that one pass clears out at most. */
export const mostCleared = 1000;

/** Rows of counts that one pass folds at most. */
export const mostFolded = 5000;

/** The part of a tick that claims nothing. Evidence comes right after what the reconciler found, before any policy decides. */
export async function keepHouse(engine: Engine, signal?: AbortSignal): Promise<HouseReport> {
  const { store, clock } = engine;
  const { safeModeReason: safeMode } = await checkIn(engine);
  const report = {
    safeMode,
    decided: await store.enrollWaiting(mostDecided, clock.now()),
    reconciled: await store.reconcile(mostReconciled, clock.now()),
    looked: (await reconcileByEvidence(engine, mostLooked, signal)).looked,
    corrected: await store.sweep(clock.now()),
    folded: await store.foldCounts(mostFolded),
    cleared: await store.clearOut(mostCleared, clock.now()),
  };
  // A worker that came to an empty database must not plan for one for ever. Never within a claim, whose deadline counts from its start.
  await store.refreshStatistics();
  return report;
}

/** Runs one pass. */
export async function tick(engine: Engine, options: TickOptions = {}): Promise<TickReport> {
  const { batch = 100, maxBatches = 100, signal } = options;
  const house = await keepHouse(engine, signal);
  return { ...house, ...(await sendDue(engine, { batch, maxBatches, signal })) };
}
