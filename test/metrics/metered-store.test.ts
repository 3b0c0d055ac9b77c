// What a meter hears of a store: what was committed, once, and what failed as a failure.
import { beforeEach, describe, expect, test } from 'vitest';
import { type Clock, systemClock } from '../../src/engine/clock.ts';
import type { Meter } from '../../src/engine/meter.ts';
import { meteredStore } from '../../src/engine/metered-store.ts';
import { type AttemptOutcome, ClaimUnproved, type EngineStore, type Intent } from '../../src/engine/ports.ts';

let heard: unknown[];
let nowMs: number;
const clock: Clock = { ...systemClock, monotonicMs: () => nowMs };
const meter: Meter = {
  claimed: (intents, ms) => heard.push(['claimed', intents.length, ms]),
  claimFailed: (why) => heard.push(['claim failed', why]),
  handedOver: () => heard.push('handed over'),
  settled: (waitedMs) => heard.push(['settled', waitedMs]),
  settleFailed: () => heard.push('settle failed'),
  slots: () => heard.push('slots'),
};
const intents = [{ sendLogId: 'a' }, { sendLogId: 'b' }] as Intent[];
const request = { worker: 'w', claimId: 'c', limit: 10, now: null };
const outcome = (knownAtMs?: number): AttemptOutcome => {
  const known: AttemptOutcome = { businessId: 'b', sendLogId: 'a', attempt: 1, kind: 'accepted' };
  return knownAtMs === undefined ? known : { ...known, knownAtMs };
};

/** A store whose every call takes 7 ms and then answers or fails. */
function storeThat(ends: () => unknown): EngineStore {
  const call = async (): Promise<never> => {
    nowMs += 7;
    return ends() as never;
  };
  return meteredStore({ claim: call, settle: call, settleAndClaim: call } as unknown as EngineStore, meter, clock);
}

const fail = (error: Error) => () => {
  throw error;
};

beforeEach(() => {
  heard = [];
  nowMs = 100;
});

describe('a metered store', () => {
  test('tells claims with their touches and how long they took', async () => {
    expect(await storeThat(() => intents).claim(request)).toBe(intents);
    expect(heard).toEqual([['claimed', 2, 7]]);
  });

  test('tells how long each outcome had been known when it was committed; what was not handed over has no such moment', async () => {
    await storeThat(() => []).settle('c', [outcome(90), outcome(), outcome(40)], null);
    expect(heard).toEqual([['settled', [17, 67]]]);
  });

  test('tells both where a settle rides along', async () => {
    await storeThat(() => ({ settled: [], intents })).settleAndClaim('c', [outcome(100)], request);
    expect(heard).toEqual([
      ['settled', [7]],
      ['claimed', 2, 7],
    ]);
  });

  test.each([
    ['failed', new Error('down')],
    ['unproved', new ClaimUnproved([], new Error('lost'))],
  ])('a claim that %s is told as that, settles nothing, and goes on failing', async (why, error) => {
    await expect(storeThat(fail(error)).claim(request)).rejects.toBe(error);
    await expect(storeThat(fail(error)).settleAndClaim('c', [outcome(1)], request)).rejects.toBe(error);
    expect(heard).toEqual([
      ['claim failed', why],
      ['claim failed', why],
    ]);
  });

  test('a settle that failed is told, and its outcomes are not', async () => {
    const error = new Error('down');
    await expect(storeThat(fail(error)).settle('c', [outcome(1)], null)).rejects.toBe(error);
    expect(heard).toEqual(['settle failed']);
  });
});
