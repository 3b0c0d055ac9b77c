// How every bench reports: the machine and the server first, then each rival with its median, its spread and its ratio.
import { cpus, totalmem } from 'node:os';
import type { ClientBase } from 'pg';

const settings = ['shared_buffers', 'fsync', 'synchronous_commit', 'full_page_writes', 'jit'];

/** Prints what the figures depend on: processor, memory, Node, server version and settings, and the data set. */
export async function printConditions(client: ClientBase, dataSet: string): Promise<void> {
  const { rows } = await client.query<{ version: string; setting: string }>(
    `select pg_catalog.current_setting('server_version') as version,
       pg_catalog.string_agg(name || '=' || pg_catalog.current_setting(name), ' ' order by name) as setting
     from pg_catalog.unnest($1::text[]) name`,
    [settings],
  );
  const processors = cpus();
  console.log(
    `machine   ${processors.length} × ${processors[0]?.model.trim()}, ${Math.round(totalmem() / 1024 ** 3)} GB, Node ${process.version}`,
  );
  console.log(`server    PostgreSQL ${rows[0]?.version}, ${rows[0]?.setting}`);
  console.log(`data      ${dataSet}`);
}

/** The middle value; of an even number of values the upper middle one. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** Milliseconds that `work` takes. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

function figure(value: number): string {
  return value.toLocaleString('en', { maximumFractionDigits: value < 100 ? 2 : 0 });
}

/**
 * Prints one question: a line per rival with the median, the spread and the ratio of its median to that of the first rival.
 * @param rounds the values of each rival, one per round, by the rival's name
 */
export function printComparison(question: string, unit: string, rounds: ReadonlyMap<string, readonly number[]>): void {
  const base = median([...rounds.values()][0] ?? []);
  console.log(`\n${question} (${unit}, median of ${[...rounds.values()][0]?.length} alternating rounds)`);
  for (const [rival, values] of rounds) {
    const spread = `${figure(Math.min(...values))} … ${figure(Math.max(...values))}`;
    console.log(
      `  ${rival.padEnd(44)} ${figure(median(values)).padStart(12)}   ${spread.padEnd(24)} × ${figure(median(values) / base)}`,
    );
  }
}

/** Adds one value to a rival's rounds. */
export function record(rounds: Map<string, number[]>, rival: string, value: number): void {
  rounds.set(rival, [...(rounds.get(rival) ?? []), value]);
}

/** Smaller data for a run that only proves that the bench works: `--quick`. */
export function isQuick(): boolean {
  return process.argv.includes('--quick');
}
