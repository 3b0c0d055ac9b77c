// How every bench reports: the machine and the server first, then each question with a line per rival: median, spread over
// alternating rounds, and the ratio to the best rival of the same run. Counts are compared and must be right; times never are.
import { cpus, totalmem } from 'node:os';
import type { ClientBase } from 'pg';

const settings = [
  'shared_buffers',
  'fsync',
  'synchronous_commit',
  'full_page_writes',
  'wal_compression',
  'max_wal_size',
  'jit',
];

/** What a comparison asks. */
interface Question {
  question: string;
  unit: string;
  /** Which rival is the best one: the one with more, or the one with less. */
  better: 'more' | 'less';
  /** What each value is of, where it is not a round: `touches`. */
  each?: string;
}

interface RivalResult {
  rival: string;
  median: number;
  min: number;
  max: number;
  /** Its median against that of the best of the others; null where there is no other, or nothing to divide by. */
  ratio: number | null;
}

/** A bench as one object, for programs: the last line of `--json`. */
interface BenchResult {
  bench: string;
  quick: boolean;
  conditions: Record<string, string>[];
  comparisons: (Question & { rounds: number; rivals: RivalResult[] })[];
  counts: Record<string, number>;
}

/** Values of each rival, one per round, by the rival's name; ours is the first. */
export type Rounds = Map<string, number[]>;

/** What a bench is given: how large it may be, and where its findings go. */
export interface Report {
  /** Smaller data, for a run that only proves that the bench works. */
  quick: boolean;
  /** The value of an option of the bench's own, if it was given. */
  option(name: string): number | undefined;
  /** Whether a flag of the bench's own was given. */
  flag(name: string): boolean;
  /** Prints what the figures depend on: processor, memory, Node, server, settings and the data set. */
  conditions(client: ClientBase, dataSet: string): Promise<void>;
  /** Prints one question: a line per rival. */
  compare(question: Question, rounds: Rounds): void;
  /** @throws Error when a count is not what it must be: then no figure of this run means anything */
  count(what: string, actual: number, wanted: number): void;
  /** Prints a line that stands for itself. */
  say(line: string): void;
  result(): BenchResult;
}

/** The middle value; of an even number of values the upper middle one. */
function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** The value that a share of all values does not exceed: 0.99 is the 99th percentile. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** Milliseconds that `work` takes. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** Adds one value to a rival's rounds. */
export function record(rounds: Rounds, rival: string, value: number): void {
  rounds.set(rival, [...(rounds.get(rival) ?? []), value]);
}

function figure(value: number): string {
  return value.toLocaleString('en', { maximumFractionDigits: value < 100 ? 2 : 0 });
}

async function conditionsOf(client: ClientBase, dataSet: string): Promise<Record<string, string>> {
  const { rows } = await client.query<{ version: string; setting: string }>(
    `select pg_catalog.current_setting('server_version') as version,
       pg_catalog.string_agg(name || '=' || pg_catalog.current_setting(name), ' ' order by name) as setting
     from pg_catalog.unnest($1::text[]) name`,
    [settings],
  );
  const processors = cpus();
  return {
    machine: `${processors.length} × ${processors[0]?.model.trim()}, ${Math.round(totalmem() / 1024 ** 3)} GB, Node ${process.version}`,
    server: `PostgreSQL ${rows[0]?.version}, ${rows[0]?.setting}`,
    data: dataSet,
  };
}

function ratiosOf({ better }: Question, rounds: Rounds): RivalResult[] {
  const medians = [...rounds].map(([rival, values]) => ({ rival, values, median: median(values) }));
  return medians.map((own) => {
    const others = medians.filter(({ rival }) => rival !== own.rival).map((other) => other.median);
    const best = better === 'more' ? Math.max(...others) : Math.min(...others);
    const ratio = others.length === 0 || best === 0 ? null : own.median / best;
    return {
      rival: own.rival,
      median: own.median,
      min: Math.min(...own.values),
      max: Math.max(...own.values),
      ratio,
    };
  });
}

function lineOf({ rival, median: middle, min, max, ratio }: RivalResult): string {
  const spread = `${figure(min)} … ${figure(max)}`;
  const best = ratio === null ? '' : `× ${figure(ratio)}`;
  return `  ${rival.padEnd(60)} ${figure(middle).padStart(12)}   ${spread.padEnd(24)} ${best}`;
}

/** A report that prints as it goes. */
export function createReport(
  bench: string,
  quick: boolean,
  options: ReadonlyMap<string, number>,
  flags: ReadonlySet<string>,
): Report {
  const result: BenchResult = { bench, quick, conditions: [], comparisons: [], counts: {} };
  return {
    quick,
    option: (name) => options.get(name),
    flag: (name) => flags.has(name),
    conditions: async (client, dataSet) => {
      const conditions = await conditionsOf(client, dataSet);
      result.conditions.push(conditions);
      for (const [name, text] of Object.entries(conditions)) console.log(`${name.padEnd(9)} ${text}`);
    },
    compare: (question, rounds) => {
      const number = [...rounds.values()][0]?.length ?? 0;
      const rivals = ratiosOf(question, rounds);
      result.comparisons.push({ ...question, rounds: number, rivals });
      const how = number === 1 ? 'one round' : `median of ${number} ${question.each ?? 'alternating rounds'}`;
      console.log(`\n${question.question} (${question.unit}, ${how}, spread, × the best of the others)`);
      for (const rival of rivals) console.log(lineOf(rival));
    },
    count: (what, actual, wanted) => {
      if (actual !== wanted) throw new Error(`${what}: ${actual}, and should be ${wanted}. The bench itself is wrong.`);
      result.counts[what] = actual;
    },
    say: (line) => console.log(line),
    result: () => result,
  };
}
