// The one clock. Business time belongs to the database: `now()` is null where it keeps its own, and a moment only where it was
// made with a virtual clock. Monotonic time is this process's own and serves the fence before a send.

export interface Clock {
  /** The moment SQL functions are given as p_now; null: the database's own. */
  now(): Date | null;
  /** Milliseconds from some start; never goes back, and goes on while the process is frozen. */
  monotonicMs(): number;
  /** Waits, or ends earlier when the signal is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

function monotonicMs(): number {
  // CLOCK_MONOTONIC: unlike a wall clock nobody sets it back, so a frozen worker finds its deadline passed when it wakes.
  return Number(process.hrtime.bigint() / 1_000n) / 1_000;
}

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
