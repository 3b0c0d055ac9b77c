// graphile-worker in a process: as its page on performance sets it up, or as its quick start does.
import { count, fail, serve, setting } from './member.ts';

interface Payload {
  chain: number;
  touch: number;
}

type AddJob = (task: string, payload: Payload, spec: { runAt: Date }) => Promise<unknown>;

interface Runner {
  promise: Promise<unknown>;
  stop(): Promise<void>;
}

/** What is used of it. */
interface GraphileWorker {
  run(options: object): Promise<Runner>;
  makeWorkerUtils(options: object): Promise<{
    migrate(): Promise<void>;
    addJobs(specs: object[]): Promise<unknown>;
    release(): Promise<void>;
  }>;
  Logger: new (factory: () => () => void) => unknown;
}

const dayMs = 86_400_000;
const { entry, url, way, concurrency } = setting<{
  entry: string;
  url: string;
  way: 'preset' | 'quick start';
  concurrency: number;
}>();

const { run, makeWorkerUtils, Logger } = (await import(entry)) as GraphileWorker;
const logger = new Logger(() => () => undefined);
const utils = await makeWorkerUtils({ connectionString: url, logger });
await utils.migrate();

const taskList = {
  touch: async ({ chain, touch }: Payload, { addJob }: { addJob: AddJob }): Promise<void> => {
    if (touch < 4) await addJob('touch', { chain, touch: touch + 1 }, { runAt: new Date(Date.now() + dayMs) });
    count(1);
  },
};

const options = {
  preset: {
    preset: {
      worker: {
        connectionString: url,
        concurrentJobs: concurrency,
        maxPoolSize: concurrency + 1,
        localQueue: { size: 500 },
        completeJobBatchDelay: 0,
        failJobBatchDelay: 0,
        logger,
      },
    },
  },
  'quick start': { connectionString: url, concurrency, pollInterval: 1000, logger },
}[way];

let runner: Runner | undefined;

serve({
  fill: async (chains, waiting) => {
    const at = (ms: number): Date => new Date(Date.now() + ms);
    const jobs = Array.from({ length: chains + waiting }, (_, chain) =>
      chain < chains
        ? { identifier: 'touch', payload: { chain, touch: 1 }, runAt: at(dayMs) }
        : { identifier: 'touch', payload: { chain, touch: 0 }, runAt: at(365 * dayMs) },
    );
    for (let from = 0; from < jobs.length; from += 5000) await utils.addJobs(jobs.slice(from, from + 5000));
  },
  begin: async () => {
    runner = await run({ ...options, taskList, noHandleSignals: true });
    runner.promise.catch(fail);
  },
  pause: async () => {
    await runner?.stop();
    runner = undefined;
  },
});
