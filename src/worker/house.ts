// House-keeping of a worker, beside its sends and never in their way: every half minute, and at once again while there is a lot.
import type { Engine } from '../engine/process-batch.ts';
import {
  type HouseReport,
  keepHouse,
  mostCleared,
  mostDecided,
  mostFolded,
  mostLooked,
  mostReconciled,
} from '../engine/tick.ts';
import { errorPauseMs, spread } from './pauses.ts';

export interface HouseOptions {
  signal: AbortSignal;
  onHouse: (report: HouseReport) => void;
  onError: (error: unknown) => void;
}

const everyMs = 30_000;
const soonMs = 100;

/** Keeps house until the signal is aborted. Never rejects. */
export async function keepHouseAlways(engine: Engine, { signal, onHouse, onError }: HouseOptions): Promise<void> {
  let failures = 0;
  while (!signal.aborted) {
    let pauseMs = spread(everyMs);
    try {
      const report = await keepHouse(engine, signal);
      failures = 0;
      onHouse(report);
      const { decided, reconciled, looked, cleared, folded } = report;
      const isFull =
        decided >= mostDecided ||
        reconciled >= mostReconciled ||
        looked >= mostLooked ||
        cleared >= mostCleared ||
        folded >= mostFolded;
      if (isFull) pauseMs = soonMs;
    } catch (error) {
      onError(error);
      pauseMs = errorPauseMs(failures);
      failures += 1;
    }
    await engine.clock.sleep(pauseMs, signal);
  }
}
