// How many touches a second go durably through the whole engine, and what does each cost beside the protocol's own writes?
//
//   npm run bench -- throughput [--quick]
//   npm run bench -- throughput --rivals [--quick]
//   npm run bench -- throughput --no-rollups [--quick]
//
// One connection and a provider that accepts at once: a worker as it is run, and batches of 500 one after the other, settled before
// the next is claimed. The floor makes the same writes in the same tables and decides nothing. Every rival has people of its own,
// handles their first touch uncounted, and then one of the others in each round, the rivals taking turns.
import type pg from 'pg';
import { type CpuClock, cpuClockOf } from './support/cpu.ts';
import { type BenchDatabase, withBenchDatabase } from './support/database.ts';
import { type Report, type Rounds, record, timed } from './support/report.ts';
import { walOf } from './support/wal.ts';
import { countingSwitch, runAndFold } from './throughput/counting.ts';
import { addCrowd, type Crowd, openLanes, touchMoments } from './throughput/crowd.ts';
import { runEngine, runFunctions, runWorker } from './throughput/engine.ts';
import { floorSchema, runFloor } from './throughput/floor.ts';
import { race } from './throughput/race.ts';

interface Size {
  due: number;
  waiting: number;
  rounds: number;
}

interface Rival {
  name: string;
  /** With nothing in the place of counting. */
  isUncounted?: true;
  /** Handles everything that is due and answers how many touches. */
  run(pool: pg.Pool, crowd: Crowd, now: string): Promise<number>;
}

const batch = 500;
const slots = 1000;
const rivals: Rival[] = [
  { name: `worker with ${slots} slots`, run: (pool, crowd, now) => runWorker(pool, slots, crowd.due, now) },
  {
    name: 'engine, batch by batch: claim, render, hand over, settle',
    run: (pool, _, now) => runEngine(pool, batch, now),
  },
  {
    name: 'its SQL functions: claim_due_touches, settle_touches',
    run: (pool, _, now) => runFunctions(pool, batch, now),
  },
  {
    name: 'protocol floor: the same writes, nothing decided',
    run: (pool, crowd, now) => runFloor(pool, crowd, batch, now),
  },
];

const countingRivals: Rival[] = [
  { name: 'engine, its daily counts folded', run: (pool, _, now) => runAndFold(pool, batch, now) },
  { name: 'engine without daily counts', isUncounted: true, run: (pool, _, now) => runEngine(pool, batch, now) },
];

interface Cost {
  handled: number;
  ms: number;
  cpuMicros: number | null;
  walBytes: number;
  walRecords: number;
}

async function measure(pool: pg.Pool, cpu: CpuClock, work: () => Promise<number>): Promise<Cost> {
  await pool.query('checkpoint');
  let handled = 0;
  let ms = 0;
  const cpuBefore = cpu();
  const wal = await walOf(pool, async () => {
    ms = await timed(async () => {
      handled = await work();
    });
  });
  const cpuAfter = cpu();
  const cpuMicros = cpuBefore === null || cpuAfter === null ? null : cpuAfter - cpuBefore;
  return { handled, ms, cpuMicros, walBytes: wal.bytes, walRecords: wal.records };
}

/** What one crowd size found, by question. */
class Findings {
  readonly rate: Rounds = new Map();
  readonly cpu: Rounds = new Map();
  readonly bytes: Rounds = new Map();
  readonly records: Rounds = new Map();

  add(rival: string, { handled, ms, cpuMicros, walBytes, walRecords }: Cost): void {
    record(this.rate, rival, (handled / ms) * 1000);
    if (cpuMicros !== null) record(this.cpu, rival, cpuMicros / handled);
    record(this.bytes, rival, walBytes / handled);
    record(this.records, rival, walRecords / handled);
  }

  print(report: Report, where: string): void {
    report.compare({ question: `touches per second, ${where}`, unit: '1/s', better: 'more' }, this.rate);
    if (this.cpu.size > 0) {
      report.compare(
        { question: `processor time of the server per touch, ${where}`, unit: 'µs', better: 'less' },
        this.cpu,
      );
    }
    report.compare({ question: `WAL per touch, ${where}`, unit: 'bytes', better: 'less' }, this.bytes);
    report.compare({ question: `WAL records per touch, ${where}`, unit: 'records', better: 'less' }, this.records);
  }
}

async function compareRivals(
  { client, connect }: BenchDatabase,
  report: Report,
  rivals: readonly Rival[],
  businesses: number,
  { due, waiting, rounds }: Size,
): Promise<void> {
  const crowds = new Map<Rival, Crowd>();
  for (const rival of rivals) crowds.set(rival, await addCrowd(client, { businesses, due, waiting }));
  await client.query('vacuum analyze touchline.customers, touchline.campaign_enrollments, touchline.touch_queue');
  const pool = connect(1);
  const connection = await pool.connect();
  const cpu = await cpuClockOf(connection);
  connection.release();
  const findings = new Findings();
  const count = await countingSwitch(client);
  for (const [round, moment] of touchMoments.slice(0, rounds + 1).entries()) {
    for (const [rival, crowd] of crowds) {
      await openLanes(client, crowd, moment);
      if (round > 0) await client.query('vacuum analyze');
      await count(rival.isUncounted !== true);
      const cost = await measure(pool, cpu, () => rival.run(pool, crowd, moment));
      report.count(`${rival.name}, ${businesses} businesses, touch ${round + 1}`, cost.handled, crowd.due);
      if (round > 0) findings.add(rival.name, cost);
    }
  }
  findings.print(report, businesses === 1 ? 'one business' : `${businesses} businesses`);
}

export const flags = {
  rivals: 'pg-boss and graphile-worker in their own processes, against workers in theirs',
  'no-rollups': 'the engine beside itself without daily counts',
};

export async function run(report: Report): Promise<void> {
  if (report.flag('rivals')) {
    return report.quick
      ? race(report, { due: 200, waiting: 200 }, 1)
      : race(report, { due: 10_000, waiting: 20_000 }, 3);
  }
  const asked = report.flag('no-rollups') ? countingRivals : rivals;
  const size: Size = report.quick ? { due: 500, waiting: 500, rounds: 1 } : { due: 20_000, waiting: 40_000, rounds: 3 };
  await withBenchDatabase(
    async (database) => {
      await database.client.query(floorSchema);
      await report.conditions(
        database.client,
        `per rival ${size.due} enrollments due in each round beside ${size.waiting} that are not, batches of ${batch}, one client; vacuum, analyze and a checkpoint before each`,
      );
      for (const businesses of [1, 50]) await compareRivals(database, report, asked, businesses, size);
    },
    { virtualClock: true, fullPageImages: false },
  );
}
