// One bounded pass over everything that time brings: decide waiting jobs, bring home what was left open, correct the lanes, send
// what is due. Safe to run at any moment, by any number of processes, twice in a row.
import { type BatchReport, type Engine, sendDue } from './process-batch.ts';

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
  /** Lanes that lagged. */
  corrected: number;
}

export type TickReport = HouseReport & BatchReport;

/** The part of a tick that sends nothing. */
export async function keepHouse({ store, clock }: Engine): Promise<HouseReport> {
  return {
    decided: await store.enrollWaiting(500, clock.now()),
    reconciled: await store.reconcile(100, clock.now()),
    corrected: await store.sweep(clock.now()),
  };
}

/** Runs one pass. */
export async function tick(engine: Engine, options: TickOptions = {}): Promise<TickReport> {
  const house = await keepHouse(engine);
  const { batch = 100, maxBatches = 100, signal } = options;
  return { ...house, ...(await sendDue(engine, { batch, maxBatches, signal })) };
}
