// The metrics of a program that runs: what its engine does, and how the queue stands, read on a connection of its own, so that
// they are told also when nobody else gets one.
import type { Config } from '../config.ts';
import { createPool, urlOf, withRole } from '../db/client.ts';
import { readQueueState } from '../db/read/queue-state.ts';
import { systemClock, wallClock } from '../engine/clock.ts';
import type { QueueState } from '../engine/queue-state.ts';
import { type MetricsPort, metricsApp } from '../http/metrics.ts';
import { ListenFailed, type Listening, listen } from '../http/serve.ts';
import type { Metrics } from '../metrics/index.ts';
import type { Database } from './database.ts';
import type { Cli } from './perform.ts';
import { CommandProblem, describe, exit, inOneLine, usage } from './problem.ts';
import { packageVersion } from './version.ts';

export interface OpenMetrics extends Pick<Metrics, 'meter' | 'watchPool'> {
  port: MetricsPort;
  close(): Promise<void>;
}

// Whoever collects gives up after ten seconds, most often.
const connectTimeoutMs = 2_000;
const statementTimeoutMs = 5_000;
const answerTimeoutMs = statementTimeoutMs + 1_000;
// Several who collect at once, and more often than anybody needs to know, ask the database once.
const freshForMs = 5_000;

/** Calls `read` again only when the last answer is old; who asks meanwhile shares it. */
function shared<T>(read: () => Promise<T>): () => Promise<T> {
  let atMs = Number.NEGATIVE_INFINITY;
  let last: Promise<T> | undefined;
  return () => {
    const now = systemClock.monotonicMs();
    if (last === undefined || now - atMs >= freshForMs) {
      atMs = now;
      last = read();
    }
    return last;
  };
}

/** @param say hears once why the database cannot be read */
export async function openMetrics(
  config: Config,
  { pool }: Database,
  say: (line: string) => void,
): Promise<OpenMetrics> {
  // Its library takes a tenth of a second to load, which commands that end at once should not wait for.
  const { createMetrics } = await import('../metrics/index.ts');
  const own = createPool(urlOf(pool), {
    applicationName: 'touchline metrics',
    max: 1,
    connectTimeoutMs,
    answerTimeoutMs,
  });
  let told = '';
  const read = async (): Promise<QueueState> => {
    try {
      const state = await withRole(own, { role: 'service_role' }, readQueueState, { statementTimeoutMs });
      told = '';
      return state;
    } catch (error) {
      const line = `Metrics lack the state of the queue: ${inOneLine(describe(error))}`;
      if (line !== told) say(line);
      told = line;
      throw error;
    }
  };
  const startedAt = new Date(wallClock().getTime() - process.uptime() * 1000);
  const metrics = createMetrics({ version: packageVersion(), startedAt, read: shared(read) });
  metrics.watchPool('main', pool);
  metrics.watchPool('metrics', own);
  return {
    meter: metrics.meter,
    watchPool: metrics.watchPool,
    port: { token: config.metrics.token, text: metrics.text },
    close: () => own.end(),
  };
}

/** The value of --metrics-port. */
export function metricsPortOf(text: string | undefined, config: Config): number | undefined {
  if (text === undefined) return config.metrics.port;
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw usage(`--metrics-port must be a number from 0 to 65535, got "${text}".`, 'Leave it out for no metrics.');
}

/**
 * Shows metrics where nothing else listens.
 * @throws CommandProblem `cannot_listen`
 */
export async function showMetrics({ config }: Cli, { port: text }: OpenMetrics, port: number): Promise<Listening> {
  const { host } = config.metrics;
  try {
    return await listen(metricsApp(text), { host, port });
  } catch (error) {
    if (!(error instanceof ListenFailed)) throw error;
    const what = `Metrics cannot be shown on port ${port} of ${host}.`;
    const why = error.code === 'EADDRINUSE' ? 'Another program listens there.' : `The system says ${error.code}.`;
    const fix = 'Take another by --metrics-port or TOUCHLINE_METRICS_HOST; port 0 takes any free one.';
    throw new CommandProblem({ code: 'cannot_listen', what, why, fix, exitCode: exit.failed }, error);
  }
}
