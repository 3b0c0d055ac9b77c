// The one clock. Business time belongs to the database: `now()` is null where it keeps its own, and a moment only where it was
// made with a virtual clock. Monotonic time is this process's own and serves the fence before a send.

export interface Clock {
  /** The moment SQL functions are given as p_now; null: the database's own. */
  now(): Date | null;
  /** Milliseconds from some start; never goes back, and goes on while the process is frozen or the machine sleeps. */
  monotonicMs(): number;
  /** Waits, or ends earlier when the signal is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** A look at the clock finds the machine asleep since the last one if the wall clock came so much further than the steady one. */
const asleepFromMs = 1_000;

/**
 * Steady time that also counts what a sleeping machine sleeps: CLOCK_MONOTONIC stands still meanwhile, and a laptop that is opened in
 * the morning would hand over what it claimed in the evening. A wall clock that is set forward counts as sleep, too: a deadline that
 * passes early only means that the touch is claimed again.
 * @param steadyMs in milliseconds; never goes back, and may stand still
 * @param wallMs in milliseconds; goes on always, and may be set
 */
export function wakefulTime(steadyMs: () => number, wallMs: () => number): () => number {
  let last = { steady: steadyMs(), wall: wallMs() };
  let sleptMs = 0;
  return () => {
    const now = { steady: steadyMs(), wall: wallMs() };
    const aheadMs = now.wall - last.wall - (now.steady - last.steady);
    if (aheadMs >= asleepFromMs) sleptMs += aheadMs;
    last = now;
    return now.steady + sleptMs;
  };
}

// CLOCK_MONOTONIC: unlike a wall clock nobody sets it back, so a frozen worker finds its deadline passed when it wakes.
const steadyMs = (): number => Number(process.hrtime.bigint() / 1_000n) / 1_000;

const monotonicMs = wakefulTime(steadyMs, Date.now);

function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) {
      resolve();
      return;
    }
    const done = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener('abort', done, { once: true });
  });
}

/** The database keeps the time. */
export const systemClock: Clock = { now: () => null, monotonicMs, sleep };

/** A clock whose business time is given, for databases made with a virtual clock; monotonic time stays real. */
export function clockAt(now: () => Date): Clock {
  return { now, monotonicMs, sleep };
}

/** What this machine's clock says, for what people say relative to today: "a day ago". Never decides about a send. */
export function wallClock(): Date {
  return new Date();
}
