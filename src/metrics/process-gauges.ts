// What the process knows of itself at the moment it is asked.
import type { Registry } from 'prom-client';
import { metrics } from './catalog.ts';
import { counter, gauge, setAll } from './instruments.ts';

/** A pool of connections, as pg counts them. */
export interface PoolCounts {
  readonly totalCount: number;
  readonly idleCount: number;
  readonly waitingCount: number;
}

/** @returns tells how things stand now */
export function processGauges(
  registry: Registry,
  { version, startedAt }: { version: string; startedAt: Date },
): (pools: ReadonlyMap<string, PoolCounts>) => void {
  gauge(metrics.build, registry).set({ version }, 1);
  gauge(metrics.started, registry).set(startedAt.getTime() / 1000);
  const memory = gauge(metrics.memory, registry);
  const processor = counter(metrics.processor, registry);
  const connections = gauge(metrics.connections, registry);
  const idle = gauge(metrics.idleConnections, registry);
  const waiting = gauge(metrics.waiting, registry);
  let toldSeconds = 0;
  return (pools) => {
    memory.set(process.memoryUsage.rss());
    const { user, system } = process.cpuUsage();
    processor.inc((user + system) / 1e6 - toldSeconds);
    toldSeconds = (user + system) / 1e6;
    const byPool = (count: (pool: PoolCounts) => number) =>
      [...pools].map(([pool, counts]) => ({ labels: { pool }, value: count(counts) }));
    setAll(
      connections,
      byPool(({ totalCount }) => totalCount),
    );
    setAll(
      idle,
      byPool(({ idleCount }) => idleCount),
    );
    setAll(
      waiting,
      byPool(({ waitingCount }) => waitingCount),
    );
  };
}
