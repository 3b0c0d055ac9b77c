// The time by which the fence decides: nothing is handed over that was claimed before the process or its machine stood still.
import { describe, expect, it } from 'vitest';
import { systemClock, wakefulTime } from '../../src/engine/clock.ts';

/** Two clocks that are moved by hand; answers how far time has come since the last look. */
function clocks(): { pass: (steadyMs: number, wallMs: number) => number } {
  let [steady, wall] = [1_000_000, 5_000_000];
  const time = wakefulTime(
    () => steady,
    () => wall,
  );
  let last = time();
  return {
    pass: (steadyMs, wallMs) => {
      steady += steadyMs;
      wall += wallMs;
      const now = time();
      const passed = now - last;
      last = now;
      return passed;
    },
  };
}

describe('the time of a worker', () => {
  it('is the steady one, whatever the wall clock rounds', () => {
    const { pass } = clocks();
    let passed = 0;
    for (let look = 0; look < 1_000; look += 1) passed += pass(0.4, look % 2);
    expect(passed).toBeCloseTo(400);
  });

  it('counts the sleep of the machine, in which only the wall clock goes on', () => {
    const { pass } = clocks();
    expect(pass(10, 8 * 3_600_000 + 10)).toBe(8 * 3_600_000 + 10);
    expect(pass(10, 10)).toBe(10);
  });

  it('never goes back, and still counts a sleep after the wall clock was set back', () => {
    const { pass } = clocks();
    expect(pass(10, -3_600_000)).toBe(10);
    expect(pass(10, 60_000)).toBe(60_000);
  });

  it('goes on by itself', async () => {
    const before = systemClock.monotonicMs();
    await systemClock.sleep(20);
    const passed = systemClock.monotonicMs() - before;
    expect(passed).toBeGreaterThan(15);
  });
});
