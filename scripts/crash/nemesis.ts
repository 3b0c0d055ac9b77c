// Who breaks things: a seeded schedule of faults at random moments, written down as it happens so that it can be replayed.
import { appendFileSync } from 'node:fs';
import { systemClock } from '../../src/engine/clock.ts';
import { oneOf } from './random.ts';

/** What can happen besides the armed points, with how often it does against the others. */
const weights = {
  kill_worker: 100,
  freeze_worker: 2,
  kill_backend: 250,
  crash_database: 10,
  opt_out: 60,
  stop: 40,
  pause: 4,
  edit: 10,
  clock_jump: 10,
} as const;
type FaultKind = keyof typeof weights;

export interface ScheduledFault {
  /** After the campaign's begin. */
  atMs: number;
  kind: FaultKind;
  /** Chooses the victim: from 0 to 1. */
  choice: number;
}

const kinds = (Object.keys(weights) as FaultKind[]).flatMap((kind) =>
  Array.from({ length: weights[kind] }, (): FaultKind => kind),
);

/**
 * The schedule, without end.
 * @param everyMs the mean time between two faults
 */
export function* scheduleOf(random: () => number, everyMs: number): Generator<ScheduledFault, never> {
  let atMs = 0;
  for (;;) {
    atMs += -Math.log(1 - random()) * everyMs;
    yield { atMs, kind: oneOf(random, kinds), choice: random() };
  }
}

/** What is done to whom; each resolves when it has happened. */
export type Deeds = Record<FaultKind, (choice: number) => Promise<void>>;

/** So many deeds at most are under way: the next waits for one of them, so as not to pile up behind a database that is down. */
const atOnce = 4;

export interface BreakOptions {
  signal: AbortSignal;
  /** How far the schedule is by what has been done, in milliseconds: where that is further than by the clock, it counts. */
  progressMs: () => number;
  /** A file that gets a line per fault, with the moment at which it happened. */
  record: string;
  say: (line: string) => void;
}

const lookEveryMs = 50;

/** Breaks things until the signal is aborted; answers when all of it has happened. */
export async function breakThings(
  schedule: Iterator<ScheduledFault>,
  deeds: Deeds,
  { signal, progressMs, record, say }: BreakOptions,
): Promise<void> {
  const begun = performance.now();
  const elapsedMs = (): number => performance.now() - begun;
  const underWay = new Set<Promise<void>>();
  const happen = async ({ kind, choice }: ScheduledFault): Promise<void> => {
    try {
      await deeds[kind](choice);
    } catch (error) {
      // The database may be down for a fault of its own; the deed is then left out.
      say(`${kind} could not be done: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  while (!signal.aborted) {
    const next = schedule.next();
    if (next.done === true) break;
    while (!signal.aborted && Math.max(elapsedMs(), progressMs()) < next.value.atMs) {
      await systemClock.sleep(lookEveryMs, signal);
    }
    while (underWay.size >= atOnce) await Promise.race(underWay);
    if (signal.aborted) break;
    appendFileSync(record, `${JSON.stringify({ ...next.value, atMs: elapsedMs() })}\n`);
    const deed: Promise<void> = happen(next.value).finally(() => underWay.delete(deed));
    underWay.add(deed);
  }
  await Promise.all(underWay);
}
