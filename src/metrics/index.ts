// The numbers of one process, in the text format of Prometheus.
import { Registry } from 'prom-client';
import type { Meter } from '../engine/meter.ts';
import type { QueueState } from '../engine/queue-state.ts';
import { engineMeter } from './engine-meter.ts';
import { type PoolCounts, processGauges } from './process-gauges.ts';
import { queueGauges } from './queue-gauges.ts';

export interface MetricsOptions {
  version: string;
  startedAt: Date;
  /** How the queue stands; rejects when the database cannot be read. */
  read(): Promise<QueueState>;
}

export interface Metrics {
  meter: Meter;
  /** Tells the connections of a pool from now on. */
  watchPool(name: string, pool: PoolCounts): void;
  /** Reads the database and tells everything. Never rejects because the database is away. */
  text(): Promise<{ contentType: string; body: string }>;
}

export function createMetrics({ version, startedAt, read }: MetricsOptions): Metrics {
  const registry = new Registry();
  const pools = new Map<string, PoolCounts>();
  const meter = engineMeter(registry);
  const showQueue = queueGauges(registry);
  const showProcess = processGauges(registry, { version, startedAt });
  return {
    meter,
    watchPool: (name, pool) => void pools.set(name, pool),
    text: async () => {
      showQueue(await read().catch(() => undefined));
      showProcess(pools);
      return { contentType: registry.contentType, body: await registry.metrics() };
    },
  };
}
