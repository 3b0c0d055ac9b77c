// The time of the campaign: it begins where this machine's clock is, runs faster by one factor, and jumps when nothing is left to do.
// Every horizon of the product is shortened by that factor and by nothing else.
import { type Clock, systemClock } from '../../src/engine/clock.ts';

export interface VirtualTime {
  /** When the campaign began, by this machine. */
  originMs: number;
  /** How many virtual seconds a second has. */
  speed: number;
  /** What was jumped over. */
  offsetMs: number;
}

/** The virtual moment of a real one, in milliseconds. */
export function virtualMs({ originMs, speed, offsetMs }: VirtualTime, realMs: number): number {
  return originMs + (realMs - originMs) * speed + offsetMs;
}

/** Goes on at a later real moment from where it stood at an earlier one. */
export function resumed(time: VirtualTime, stoppedMs: number, nowMs: number): VirtualTime {
  return { ...time, offsetMs: time.offsetMs - (nowMs - stoppedMs) * time.speed };
}

/** Hears of jumps, and ends what waits: the moment it waited for may be in the past. */
export class Jumps {
  private next = new AbortController();

  happen(): void {
    const { next } = this;
    this.next = new AbortController();
    next.abort();
  }

  /** Aborted at the next jump. */
  get signal(): AbortSignal {
    return this.next.signal;
  }

  /** Calls `hear` at every jump until `end` is aborted. */
  async each(hear: () => void, end: AbortSignal): Promise<void> {
    while (!end.aborted) {
      await systemClock.sleep(longestWaitMs, AbortSignal.any([end, this.signal]));
      hear();
    }
  }
}

const longestWaitMs = 60_000;

/** The engine's clock in virtual time: what waits, waits shorter, and never beyond a jump; what measures, measures longer. */
export function virtualClock(speed: number, jumps: Jumps): Clock {
  return {
    now: () => new Date(),
    monotonicMs: () => systemClock.monotonicMs() * speed,
    sleep: (ms, signal) =>
      systemClock.sleep(ms / speed, signal === undefined ? jumps.signal : AbortSignal.any([signal, jumps.signal])),
  };
}

/** Moves `Date` of this process into virtual time; call what it answers to jump. */
export function enterVirtualTime(time: VirtualTime): (offsetMs: number) => void {
  const Real = Date;
  let now = time;
  const virtual = class extends Real {
    constructor(...args: unknown[]) {
      if (args.length === 0) super(virtualMs(now, Real.now()));
      else super(...(args as [number]));
    }
    static override now(): number {
      return virtualMs(now, Real.now());
    }
  };
  globalThis.Date = virtual as DateConstructor;
  return (offsetMs) => {
    now = { ...now, offsetMs };
  };
}
