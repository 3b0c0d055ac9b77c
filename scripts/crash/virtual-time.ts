// The time of the campaign: it begins where this machine's clock is, runs faster by one factor, and jumps when nothing is left to do.
// Every horizon of the product is shortened by that factor and by nothing else.
import { openSync, readSync, writeFileSync } from 'node:fs';
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

/**
 * The engine's clock in virtual time: what waits, waits shorter, and never beyond a jump; what measures, measures longer, and jumps like
 * everything else: what was claimed before a jump is past its deadline after it.
 */
export function virtualClock({ speed }: VirtualTime, offsetFile: string, jumps: Jumps): Clock {
  const offset = offsetReader(offsetFile);
  return {
    now: () => new Date(),
    monotonicMs: () => systemClock.monotonicMs() * speed + offset(),
    sleep: (ms, signal) =>
      systemClock.sleep(ms / speed, signal === undefined ? jumps.signal : AbortSignal.any([signal, jumps.signal])),
  };
}

/** Writes down what was jumped over, where every process of the campaign reads it. */
export function writeOffset(file: string, offsetMs: number): void {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(offsetMs);
  // In place: those who read have it open.
  writeFileSync(file, bytes, { flag: 'r+' });
}

/** Makes the file. */
export function createOffset(file: string, offsetMs: number): void {
  writeFileSync(file, '');
  writeOffset(file, offsetMs);
}

/** Reads it at every question: a message of a jump would come late to a process that was frozen, whose clock would stand where it was. */
function offsetReader(file: string): () => number {
  const open = openSync(file, 'r');
  const bytes = Buffer.alloc(8);
  return () => {
    readSync(open, bytes, 0, 8, 0);
    return bytes.readDoubleLE();
  };
}

/** Moves `Date` of this process into virtual time; call what it answers to move its clock against all others, in milliseconds. */
export function enterVirtualTime(time: VirtualTime, offsetFile: string): (skewMs: number) => void {
  const Real = Date;
  const offset = offsetReader(offsetFile);
  let skewMs = 0;
  const nowMs = (): number => virtualMs({ ...time, offsetMs: offset() + skewMs }, Real.now());
  const virtual = class extends Real {
    constructor(...args: unknown[]) {
      if (args.length === 0) super(nowMs());
      else super(...(args as [number]));
    }
    static override now(): number {
      return nowMs();
    }
  };
  globalThis.Date = virtual as DateConstructor;
  return (byMs) => {
    skewMs = byMs;
  };
}
