// The instruments of prom-client behind the catalog.
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

interface Described {
  name: string;
  help: string;
  labels?: readonly string[];
  buckets?: readonly number[];
}

export type Labels = Record<string, string>;

function base({ name, help, labels = [] }: Described, registry: Registry) {
  return { name, help, labelNames: [...labels], registers: [registry] };
}

export function gauge(described: Described, registry: Registry): Gauge {
  return new Gauge(base(described, registry));
}

export function counter(described: Described, registry: Registry): Counter {
  return new Counter(base(described, registry));
}

export function histogram(described: Described & { buckets: readonly number[] }, registry: Registry): Histogram {
  return new Histogram({ ...base(described, registry), buckets: [...described.buckets] });
}

/** Exactly these values from now on; with none, the metric is told without any. */
export function setAll(instrument: Gauge, values: readonly { labels?: Labels; value: number }[]): void {
  instrument.reset();
  if (values.length === 0) instrument.remove({});
  for (const { labels = {}, value } of values) instrument.set(labels, value);
}
