// pg-boss in a process: its tight loop of fetch, insert and complete, or its documented work().
import { count, fail, serve, setting } from './member.ts';

/** What is used of it. */
interface Boss {
  on(event: 'error', hear: (error: unknown) => void): void;
  start(): Promise<unknown>;
  createQueue(name: string): Promise<void>;
  insert(name: string, jobs: object[]): Promise<unknown>;
  fetch(name: string, options: object): Promise<Job[]>;
  complete(name: string, ids: string[]): Promise<unknown>;
  work(name: string, options: object, handle: (jobs: Job[]) => Promise<void>): Promise<string>;
  offWork(name: string): Promise<void>;
}

interface Job {
  id: string;
  data: { chain: number; touch: number };
}

const queue = 'touch';
const dayMs = 86_400_000;
const { entry, url, way, batch, concurrency } = setting<{
  entry: string;
  url: string;
  way: 'loop' | 'work';
  batch: number;
  concurrency: number;
}>();

const { PgBoss } = (await import(entry)) as { PgBoss: new (options: object) => Boss };
const boss = new PgBoss({ connectionString: url, max: concurrency });
boss.on('error', fail);
await boss.start();
await boss.createQueue(queue);

async function scheduleNext(jobs: readonly Job[]): Promise<void> {
  const startAfter = new Date(Date.now() + dayMs);
  const next = jobs
    .filter(({ data }) => data.touch < 4)
    .map(({ data }) => ({ data: { chain: data.chain, touch: data.touch + 1 }, startAfter }));
  if (next.length > 0) await boss.insert(queue, next);
}

let isWorking = false;
let loops: Promise<void>[] = [];

async function loop(): Promise<void> {
  while (isWorking) {
    const jobs = await boss.fetch(queue, { batchSize: batch });
    if (jobs.length === 0) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      continue;
    }
    await scheduleNext(jobs);
    await boss.complete(
      queue,
      jobs.map(({ id }) => id),
    );
    count(jobs.length);
  }
}

const tight = {
  begin: async (): Promise<void> => {
    isWorking = true;
    loops = Array.from({ length: concurrency }, loop);
    await Promise.all(loops);
  },
  pause: async (): Promise<void> => {
    isWorking = false;
    await Promise.all(loops);
  },
};

const documented = {
  begin: async (): Promise<void> => {
    const options = {
      batchSize: batch,
      localConcurrency: concurrency,
      pollingIntervalSeconds: 0.5,
      burstWhenBatchFull: true,
    };
    await boss.work(queue, options, async (jobs) => {
      await scheduleNext(jobs);
      count(jobs.length);
    });
  },
  pause: () => boss.offWork(queue),
};

serve({
  fill: async (chains, waiting) => {
    const at = (ms: number): Date => new Date(Date.now() + ms);
    const jobs = Array.from({ length: chains + waiting }, (_, chain) =>
      chain < chains
        ? { data: { chain, touch: 1 }, startAfter: at(dayMs) }
        : { data: { chain, touch: 0 }, startAfter: at(365 * dayMs) },
    );
    for (let from = 0; from < jobs.length; from += 5000) await boss.insert(queue, jobs.slice(from, from + 5000));
  },
  ...(way === 'loop' ? tight : documented),
});
