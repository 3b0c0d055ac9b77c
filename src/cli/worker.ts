// A worker on a command's database, with connections of its own, so that neither pages nor a slow query keep it waiting.
import type pg from 'pg';
import type { Config } from '../config.ts';
import { createPool, urlOf } from '../db/client.ts';
import { dueHints } from '../db/engine/due-hints.ts';
import { workerLimits } from '../db/engine/limits.ts';
import { engineStore } from '../db/engine/store.ts';
import { wayOut } from '../db/read/safe-mode.ts';
import { meteredStore } from '../engine/metered-store.ts';
import { usualSlots, work } from '../worker/loop.ts';
import { describeOutcomes } from './commands/tick.ts';
import type { Database } from './database.ts';
import { type EngineOptions, type EnginePools, type OpenEngine, openEngine } from './engine.ts';
import type { OpenMetrics } from './metrics.ts';
import { describe, inOneLine, usage } from './problem.ts';

export interface WorkerOptions extends EngineOptions {
  /** Messages handed over at once, 1–1000. */
  slots?: number;
  /** Hears what the engine does. */
  metrics?: Pick<OpenMetrics, 'meter' | 'watchPool'>;
}

/** A worker that may start to work; `close` when it has ended, or instead. */
export interface OpenWorker {
  engine: OpenEngine;
  /** Works until the signal is aborted. Never rejects. */
  run(signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

// One transaction converses, house-keeping runs beside it, and one connection is to spare while a broken one is noticed.
const storeConnections = 3;
const sendsConnections = 4;
const { connectTimeoutMs, answerTimeoutMs } = workerLimits;

/** To be said wherever a worker that is on trial starts. */
export const mailboxNotice =
  'NOBODY RECEIVES WHAT IS SENT: email and SMS end in the built-in mailbox. Set SMTP_URL to send email for real.';

/** The value of --slots. */
export function slotsOf(text: string | undefined): number {
  const slots = Number(text ?? usualSlots);
  if (Number.isInteger(slots) && slots >= 1 && slots <= 1000) return slots;
  throw usage(`--slots must be a whole number from 1 to 1000, got "${text}".`, `Leave it out for ${usualSlots}.`);
}

function ownPool({ pool }: Database, name: string, max: number): pg.Pool {
  return createPool(urlOf(pool), { applicationName: `touchline ${name}`, max, connectTimeoutMs, answerTimeoutMs });
}

/** Says an error once, and that it is over. */
function teller(say: (line: string) => void): { onError(error: unknown): void; onRecovery(): void } {
  let told = '';
  return {
    onError: (error) => {
      const line = inOneLine(describe(error));
      if (line !== told) say(`${line} The worker goes on trying.`);
      told = line;
    },
    onRecovery: () => {
      if (told !== '') say('The worker has its database again.');
      told = '';
    },
  };
}

/** The engine, and its connections, as metrics hear them. */
function metered(engine: OpenEngine, pools: EnginePools, metrics: WorkerOptions['metrics']): OpenEngine {
  if (metrics === undefined) return engine;
  const { meter, watchPool } = metrics;
  watchPool('worker', pools.store);
  watchPool('sends', pools.sends);
  return { ...engine, meter, store: meteredStore(engine.store, meter, engine.clock) };
}

/**
 * Opens a worker without starting it.
 * @throws CommandProblem as openEngine does
 */
export async function openWorker(
  config: Config,
  database: Database,
  say: (line: string) => void,
  options: WorkerOptions = {},
): Promise<OpenWorker> {
  const pools: EnginePools = {
    store: ownPool(database, 'worker', storeConnections),
    sends: ownPool(database, 'sends', sendsConnections),
  };
  const endPools = async (): Promise<void> => {
    await Promise.all([pools.store.end(), pools.sends.end()]);
  };
  const opened = openEngine(config, database, options, pools);
  const engine = await opened.catch(async (error: unknown) => {
    await endPools();
    throw error;
  });
  const heard = metered({ ...engine, store: engineStore(pools.store, workerLimits) }, pools, options.metrics);
  return {
    engine,
    run: (signal) =>
      work(heard, {
        signal,
        slots: options.slots ?? usualSlots,
        hints: dueHints(database.pool),
        onSafeMode: (reason) =>
          say(reason === null ? 'This database sends again.' : `SAFE MODE, nothing is sent: ${reason} ${wayOut}`),
        onReport: (report) => say(`Handed over ${describeOutcomes(report)}.`),
        ...teller(say),
      }),
    close: async () => {
      engine.close();
      await endPools();
    },
  };
}
