// Clients of the API: each asks, waits for the answer, and asks again.
import { setTimeout as sleep } from 'node:timers/promises';

export interface Asked {
  path: string;
  status: number;
  init?: RequestInit;
}

/** What many clients saw. */
export interface Seen {
  /** Milliseconds from the question to the whole answer, one by one. */
  times: number[];
  /** Answers with the status that was to be expected. */
  right: number;
  ms: number;
}

export interface Crowd {
  clients: number;
  /** Of all of them together. */
  requests: number;
  /** How long a client thinks between two questions; 0: it never stops. */
  pauseMs: number;
}

/** @param next the question with this number */
export async function askAll(url: string, next: (number: number) => Asked, crowd: Crowd): Promise<Seen> {
  const seen: Seen = { times: [], right: 0, ms: 0 };
  let asked = 0;
  const client = async (): Promise<void> => {
    // They do not all come at once.
    await sleep(Math.random() * crowd.pauseMs);
    while (asked < crowd.requests) {
      const { path, status, init } = next(asked);
      asked += 1;
      const startMs = performance.now();
      const answer = await fetch(`${url}${path}`, init);
      await answer.text();
      const ms = performance.now() - startMs;
      seen.times.push(ms);
      if (answer.status === status) seen.right += 1;
      await sleep(Math.max(0, crowd.pauseMs - ms));
    }
  };
  const startMs = performance.now();
  await Promise.all(Array.from({ length: crowd.clients }, client));
  seen.ms = performance.now() - startMs;
  return seen;
}
