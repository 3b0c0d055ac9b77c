// How long a worker waits before it tries again, and that workers started together do not stay together.

/** Up to a tenth more. */
export const spread = (ms: number): number => ms * (1 + 0.1 * Math.random());

const errorPausesMs = [250, 1_000, 5_000, 15_000] as const;

/** @param failures in a row, before this one */
export function errorPauseMs(failures: number): number {
  return spread(errorPausesMs[Math.min(failures, errorPausesMs.length - 1)] ?? 15_000);
}
