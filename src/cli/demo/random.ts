// Chance that can be repeated: what it says depends on the seed and on what is asked, not on the order of asking.
import { createHash } from 'node:crypto';

/** Numbers from one source, each between 0 and 1. */
export interface Chance {
  next(): number;
  /** A whole number below `count`. */
  below(count: number): number;
  pick<T>(from: readonly T[]): T;
  /** True so often, from 0 to 1. */
  happens(likelihood: number): boolean;
}

/** The source of chance for one thing, like a job or a message. */
export function chanceOf(seed: number, ...about: readonly (string | number)[]): Chance {
  const key = JSON.stringify([seed, ...about]);
  let bytes: Buffer = Buffer.alloc(0);
  let drawn = 0;
  const next = (): number => {
    if (bytes.length < 4) {
      bytes = createHash('sha256').update(`${key}:${drawn}`).digest();
      drawn += 1;
    }
    const number = bytes.readUInt32BE(0) / 2 ** 32;
    bytes = bytes.subarray(4);
    return number;
  };
  const below = (count: number): number => Math.floor(next() * count);
  const pick = <T>(from: readonly T[]): T => {
    const found = from[below(from.length)];
    if (found === undefined) throw new RangeError('There is nothing to pick from.');
    return found;
  };
  return { next, below, pick, happens: (likelihood) => next() < likelihood };
}
