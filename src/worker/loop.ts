// A worker's day: send what is due, keep house now and then, sleep until the next due moment, and never die of an error.
import { type BatchReport, type Engine, sendDue } from '../engine/process-batch.ts';
import { type HouseReport, keepHouse } from '../engine/tick.ts';

export interface WorkOptions {
  /** Ends the loop: the running batch is finished and settled first. */
  signal: AbortSignal;
  /** Touches per claim, 1–1000. Default 100. */
  batch?: number;
  /** Hears what a pass did, when it did something. */
  onPass?: (report: Partial<HouseReport> & BatchReport) => void;
  /** Hears what went wrong; the loop goes on after a pause. */
  onError?: (error: unknown) => void;
}

// A sleeping worker looks again after this long even when nothing told it to; pointers that lag are corrected as often.
const longestSleepMs = 30_000;
const houseEveryMs = 30_000;
const shortestSleepMs = 20;
const errorPausesMs = [250, 1_000, 5_000, 15_000] as const;

/** Ten percent either way, so that workers started together do not stay together. */
const spread = (ms: number): number => ms * (0.9 + 0.2 * Math.random());

/** Works until the signal is aborted. Errors are told and waited out: a database that restarts does not end a worker. */
export async function work(engine: Engine, { signal, batch = 100, onPass, onError }: WorkOptions): Promise<void> {
  const { clock } = engine;
  let houseAtMs = clock.monotonicMs();
  let failures = 0;
  while (!signal.aborted) {
    try {
      const isHouseDue = clock.monotonicMs() >= houseAtMs;
      if (isHouseDue) houseAtMs = clock.monotonicMs() + spread(houseEveryMs);
      const house = isHouseDue ? await keepHouse(engine) : {};
      const sent = await sendDue(engine, { batch, maxBatches: 100, signal });
      onPass?.({ ...house, ...sent });
      failures = 0;
      const untilDue = await engine.store.msUntilNextDue(clock.now());
      const wait = Math.max(shortestSleepMs, Math.min(untilDue ?? longestSleepMs, longestSleepMs));
      await clock.sleep(spread(wait), signal);
    } catch (error) {
      onError?.(error);
      const pause = errorPausesMs[Math.min(failures, errorPausesMs.length - 1)] ?? longestSleepMs;
      failures += 1;
      await clock.sleep(spread(pause), signal);
    }
  }
}
