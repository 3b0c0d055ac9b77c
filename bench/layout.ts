// Where should the queue of due touches live: on the wide enrollment row, as the seed has it, or in a narrow table beside it?
//
//   npm run bench -- layout [--people 10000000] [--best] [--quick]
//
// Every layout does the same durable work in sets: it finds and locks due touches, leases them, writes a log row, commits; then it
// settles log row and record, schedules the next touch, and commits. Tables, keys and fillfactors are the same for all.
import pg from 'pg';
import { selectBehindPaused } from './layout/blocked.ts';
import { functionsOf, type Layout, layouts, layoutWithoutKeys, ourLayout, seedLayout } from './layout/layouts.ts';
import {
  type Cleaning,
  clean,
  handle,
  handleRowByRow,
  leaseDurably,
  measureRun,
  type Run,
  selectAndLock,
} from './layout/measure.ts';
import { dueStorage, partialAndFull, recordIndexes } from './layout/sizes.ts';
import { fillTables, type Size } from './layout/tables.ts';
import { type CpuClock, cpuClockOf } from './support/cpu.ts';
import { type BenchDatabase, withBenchDatabase } from './support/database.ts';
import { nextMultiXact } from './support/multixact.ts';
import { quantile, type Report, type Rounds, record } from './support/report.ts';

export const options = { people: 'enrollments in each layout; 1,000,000 without it' };
export const flags = { best: "only ours, the seed's, and its alternative at its best; without what the keys cost" };

interface Plan extends Size {
  layouts: readonly Layout[];
  rounds: number;
  /** Touches that each layout handles in a round. */
  touches: number;
  /** Batches of 100 whose time is taken. */
  samples: number;
}

async function makeLayout(client: pg.Client, layout: Layout, size: Size): Promise<void> {
  await fillTables(client, layout.schema, size);
  await client.query(functionsOf(layout));
  const tables = [`${layout.schema}.enrollments`, ...(layout.hasQueueTable ? [`${layout.schema}.touch_queue`] : [])];
  await client.query(`vacuum analyze ${tables.join(', ')}`);
}

async function compareSizes(client: pg.Client, report: Report, { layouts }: Plan): Promise<void> {
  const [due, all]: [Rounds, Rounds] = [new Map(), new Map()];
  for (const layout of layouts) {
    record(due, layout.name, await dueStorage(client, layout));
    record(all, layout.name, await recordIndexes(client, layout));
  }
  report.compare({ question: 'kept for the due query alone, freshly built', unit: 'MB', better: 'less' }, due);
  report.compare({ question: 'all indexes of the wide record, freshly built', unit: 'MB', better: 'less' }, all);
  const { partial, full } = await partialAndFull(client);
  report.compare(
    { question: 'the seed: partial due indexes are about 75 % smaller', unit: 'MB', better: 'less' },
    new Map([
      ["the seed's four partial indexes", [partial]],
      ['the same four without their conditions', [full]],
    ]),
  );
}

async function compareLatency(client: pg.Client, report: Report, { layouts, samples }: Plan): Promise<void> {
  const [median, worst, lease]: [Rounds, Rounds, Rounds] = [new Map(), new Map(), new Map()];
  for (const layout of layouts) {
    const locked = await selectAndLock(client, layout, samples);
    record(median, layout.name, quantile(locked, 0.5));
    record(worst, layout.name, quantile(locked, 0.99));
    record(lease, layout.name, quantile(await leaseDurably(client, layout, Math.ceil(samples / 10)), 0.5));
  }
  const times = { unit: 'ms', better: 'less' } as const;
  report.compare({ question: 'select and lock 100, in the server, median', ...times }, median);
  report.compare({ question: 'select and lock 100, in the server, 99th percentile', ...times }, worst);
  report.compare({ question: 'claim 100 durably: lease, log rows, commit, at the client, median', ...times }, lease);
}

/** The figures of runs, by question. */
class Findings {
  readonly rate: Rounds = new Map();
  readonly cpu: Rounds = new Map();
  readonly bytes: Rounds = new Map();
  readonly records: Rounds = new Map();
  readonly hot: Rounds = new Map();
  readonly cleaning: Rounds = new Map();
  readonly withCleaning: Rounds = new Map();

  add(rival: string, { handled, ms, cpuMicros, walBytes, walRecords, hotShare }: Run, cleaned: Cleaning): void {
    record(this.rate, rival, (handled / ms) * 1000);
    if (cpuMicros !== null) record(this.cpu, rival, cpuMicros / handled);
    record(this.bytes, rival, walBytes / handled);
    record(this.records, rival, walRecords / handled);
    record(this.hot, rival, hotShare * 100);
    record(this.cleaning, rival, cleaned.ms);
    record(this.withCleaning, rival, (walBytes + cleaned.walBytes) / handled);
  }

  print(report: Report): void {
    report.compare({ question: 'touches per second', unit: '1/s', better: 'more' }, this.rate);
    if (this.cpu.size > 0) {
      report.compare({ question: 'processor time of the server per touch', unit: 'µs', better: 'less' }, this.cpu);
    }
    report.compare({ question: 'WAL per touch', unit: 'bytes', better: 'less' }, this.bytes);
    report.compare({ question: 'WAL records per touch', unit: 'records', better: 'less' }, this.records);
    report.compare({ question: 'HOT updates of record and queue', unit: '%', better: 'more' }, this.hot);
    report.compare({ question: 'vacuum of record and queue after a round', unit: 'ms', better: 'less' }, this.cleaning);
    report.compare({ question: 'WAL per touch, vacuum included', unit: 'bytes', better: 'less' }, this.withCleaning);
  }
}

async function compareRates(
  client: pg.Client,
  cpu: CpuClock,
  report: Report,
  { layouts, rounds, touches }: Plan,
): Promise<void> {
  const findings = new Findings();
  for (let round = 0; round < rounds; round += 1) {
    for (const layout of layouts) {
      const run = await measureRun(client, layout, touches, cpu);
      report.count(`${layout.schema}, round ${round + 1}`, run.handled, touches);
      findings.add(layout.name, run, await clean(client, layout));
    }
  }
  findings.print(report);
  const start = performance.now();
  const handled = await handleRowByRow(client, seedLayout, 4);
  const rate = (handled / (performance.now() - start)) * 1000;
  report.say(
    `\nThe way of the seed's application, row by row on its layout: ${Math.round(rate)} touches/s (one round of ${handled})`,
  );
}

async function compareBehindPaused(
  client: pg.Client,
  report: Report,
  { layouts, people, samples }: Plan,
): Promise<void> {
  const each = Math.min(people, 1_000_000) / 400;
  const times: Rounds = new Map();
  for (const layout of layouts) {
    const found = await selectBehindPaused(client, layout, each, Math.ceil(samples / 5));
    record(times, layout.name, quantile(found, 0.5));
  }
  const question = `select and lock 100 behind ${4 * each} touches of a paused campaign, in the server, median`;
  report.compare({ question, unit: 'ms', better: 'less' }, times);
}

/** What the log's foreign keys cost: the look-ups, and the share-locks when two sessions meet at the same business and campaigns. */
async function compareKeys(
  client: pg.Client,
  sessions: pg.Client[],
  report: Report,
  { rounds, touches }: Plan,
): Promise<void> {
  const [rate, multiXacts]: [Rounds, Rounds] = [new Map(), new Map()];
  const wanted = touches / 2;
  for (let round = 0; round < rounds; round += 1) {
    for (const layout of [ourLayout, layoutWithoutKeys]) {
      const before = await nextMultiXact(client);
      const start = performance.now();
      const share = wanted / sessions.length;
      const handled = await Promise.all(sessions.map((session) => handle(session, layout, share)));
      const ms = performance.now() - start;
      const sum = handled.reduce((total, count) => total + count, 0);
      report.count(`${layout.schema}, sessions ${sessions.length}, round ${round + 1}`, sum, wanted);
      record(rate, layout.name, (wanted / ms) * 1000);
      record(multiXacts, layout.name, (((await nextMultiXact(client)) - before) * 1000) / wanted);
      await clean(client, layout);
    }
  }
  const who = sessions.length === 1 ? 'one session' : `${sessions.length} sessions together`;
  report.compare({ question: `touches per second of ${who}`, unit: '1/s', better: 'more' }, rate);
  if (sessions.length > 1) {
    report.compare({ question: `MultiXacts of ${who}`, unit: 'per 1,000 touches', better: 'less' }, multiXacts);
  }
}

async function compareKeysOf({ client, url }: BenchDatabase, report: Report, plan: Plan): Promise<void> {
  const session = new pg.Client({ connectionString: url });
  await session.connect();
  try {
    await compareKeys(client, [client], report, plan);
    await compareKeys(client, [client, session], report, plan);
  } finally {
    await session.end();
  }
}

const best = new Set(['layout_queue', 'layout_partial', 'layout_composite']);

function planOf(report: Report): Plan {
  if (report.quick) return { layouts, people: 50_000, duePerTouch: 800, rounds: 1, touches: 1000, samples: 20 };
  const chosen = report.flag('best') ? layouts.filter(({ schema }) => best.has(schema)) : layouts;
  const people = report.option('people') ?? 1_000_000;
  return { layouts: chosen, people, duePerTouch: 40_000, rounds: 3, touches: 20_000, samples: 300 };
}

export async function run(report: Report): Promise<void> {
  const plan = planOf(report);
  const isWhole = !report.flag('best');
  await withBenchDatabase(
    async (database) => {
      const { client } = database;
      for (const layout of isWhole ? [...plan.layouts, layoutWithoutKeys] : plan.layouts) {
        await makeLayout(client, layout, plan);
      }
      await report.conditions(
        client,
        `${plan.people} enrollments in each layout, a quarter active, ${4 * plan.duePerTouch} due; ${plan.touches} touches per round in batches of 500, one client; analyze and a checkpoint before each, a vacuum after it, no autovacuum`,
      );
      await compareSizes(client, report, plan);
      await compareLatency(client, report, plan);
      await compareRates(client, await cpuClockOf(client), report, plan);
      if (isWhole) await compareKeysOf(database, report, plan);
      await compareBehindPaused(client, report, plan);
    },
    { fullPageImages: false },
  );
}
