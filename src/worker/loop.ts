// A worker's day: it sends what is due, keeps house beside that, and never dies of an error.
import { checkIn } from '../engine/at-home.ts';
import type { DueHints } from '../engine/ports.ts';
import type { BatchReport, Engine } from '../engine/process-batch.ts';
import type { HouseReport } from '../engine/tick.ts';
import { Desk } from './desk.ts';
import { keepHouseAlways } from './house.ts';
import { errorPauseMs } from './pauses.ts';

export interface WorkOptions {
  /** Ends the work: nothing more is claimed, what runs ends and is settled. */
  signal: AbortSignal;
  /** Messages handed over at once, 1–1000. Default 25. */
  slots?: number;
  /** Wakes the worker as soon as work becomes due. Absent: it looks every half minute, and when it knows that something is due. */
  hints?: DueHints;
  /** Hears what became of handed over messages, now and then. */
  onReport?: (report: BatchReport) => void;
  /** Hears what house-keeping did, when it did something. */
  onHouse?: (report: HouseReport) => void;
  /** Hears what went wrong; the work goes on after a pause. */
  onError?: (error: unknown) => void;
  /** Hears why nothing is sent from this database, when that begins; null when it ends. */
  onSafeMode?: (reason: string | null) => void;
  /** Hears that the database answers again. */
  onRecovery?: () => void;
}

export const usualSlots = 25;

const ignore = (): void => undefined;

/** Nothing is claimed before the database has said whether it may send. */
async function checkInFirst(
  engine: Engine,
  { signal, onError = ignore }: WorkOptions,
  hear: (reason: string | null) => void,
): Promise<void> {
  for (let failures = 0; !signal.aborted; failures += 1) {
    try {
      hear((await checkIn(engine)).safeModeReason);
      return;
    } catch (error) {
      onError(error);
      await engine.clock.sleep(errorPauseMs(failures), signal);
    }
  }
}

/**
 * Works until the signal is aborted. Errors are told and waited out: a database that restarts does not end a worker, and what it
 * knows is kept until it can be settled.
 */
export async function work(engine: Engine, options: WorkOptions): Promise<void> {
  const { signal, slots = usualSlots, hints, onReport = ignore, onHouse = ignore, onError = ignore } = options;
  const desk = new Desk(engine, { signal, slots, onReport, onError, onRecovery: options.onRecovery ?? ignore });
  let told: string | null = null;
  const hearSafeMode = (reason: string | null): void => {
    if (reason !== told) options.onSafeMode?.(reason);
    told = reason;
  };
  await checkInFirst(engine, options, hearSafeMode);
  const hearHouse = (report: HouseReport): void => {
    hearSafeMode(report.safeMode);
    const { decided, reconciled, looked, corrected } = report;
    if (decided + reconciled + looked + corrected === 0) return;
    desk.hint();
    onHouse(report);
  };
  await Promise.all([
    desk.run(),
    keepHouseAlways(engine, { signal, onHouse: hearHouse, onError }),
    hints?.listen(() => desk.hint(), signal),
  ]);
}
