// How long a worker waits for the database. A lane is locked while its claim runs: nobody waits longer than this for a worker that
// is frozen in the middle of one.

/** In milliseconds; a server that has ended a statement by itself would have said so before the answer is given up. */
export const workerLimits = {
  connectTimeoutMs: 5_000,
  statementTimeoutMs: 20_000,
  idleTimeoutMs: 20_000,
  answerTimeoutMs: 25_000,
} as const;
