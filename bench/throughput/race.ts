// Crews of processes against each other: each has a database of its own on one server, handles the first touch of its chains
// uncounted, and then one of the others in each round, taking turns.
import { serverCpuClockOf } from '../support/cpu.ts';
import { type BenchDatabase, type MakeDatabase, withBenchServer } from '../support/database.ts';
import { type Report, type Rounds, record, timed } from '../support/report.ts';
import { commitsOf, walOf } from '../support/wal.ts';
import { Crew } from './crew.ts';
import { touchMoments } from './crowd.ts';
import { type Contender, contenders, fetchRivals, type Size } from './rivals.ts';

interface Runner {
  contender: Contender;
  database: BenchDatabase;
  crew: Crew;
  due: number;
}

class Found {
  readonly rate: Rounds = new Map();
  readonly cpu: Rounds = new Map();
  readonly bytes: Rounds = new Map();
  readonly commits: Rounds = new Map();

  print(report: Report): void {
    report.compare({ question: 'touches per second', unit: '1/s', better: 'more' }, this.rate);
    if (this.cpu.size > 0) {
      report.compare({ question: 'processor time of the server per touch', unit: 'µs', better: 'less' }, this.cpu);
    }
    report.compare({ question: 'WAL per touch', unit: 'bytes', better: 'less' }, this.bytes);
    if (this.commits.size > 0) {
      report.compare({ question: 'commits per touch', unit: 'commits', better: 'less' }, this.commits);
    }
  }
}

async function prepare(database: BenchDatabase, contender: Contender, { due, waiting }: Size): Promise<Runner> {
  const size = { due: Math.round(due * contender.share), waiting };
  await contender.prepare?.(database, size);
  const crew = await Crew.start(contender.crew(database.url));
  if (contender.prepare === undefined) await crew.fill(size.due, size.waiting);
  return { contender, database, crew, due: size.due };
}

async function isInFlight({ database, contender }: Runner): Promise<boolean> {
  const { rows } = await database.client.query<{ yes: boolean }>(contender.inFlight);
  return rows[0]?.yes === true;
}

async function runRound(runner: Runner, touch: number, moment: string, found: Found | null): Promise<void> {
  const { contender, database, crew, due } = runner;
  const { client } = database;
  await contender.open(database, touch, moment);
  await client.query('vacuum analyze');
  await client.query('checkpoint');
  const cpu = await serverCpuClockOf(client);
  const cpuBefore = cpu();
  let [ms, bytes] = [0, 0];
  let cpuAfter: number | null = null;
  const commits = await commitsOf(client, async () => {
    const wal = await walOf(client, async () => {
      ms = await timed(() => crew.handle(due, moment, () => isInFlight(runner)));
    });
    bytes = wal.bytes;
    cpuAfter = cpu();
  });
  await crew.pause();
  if (found === null) return;
  record(found.rate, contender.name, (due / ms) * 1000);
  record(found.bytes, contender.name, bytes / due);
  if (cpuBefore !== null && cpuAfter !== null) record(found.cpu, contender.name, (cpuAfter - cpuBefore) / due);
  if (commits !== null) record(found.commits, contender.name, commits / due);
}

/** Starts all of them, and prints what they do and leave out. */
async function line(make: MakeDatabase, report: Report, size: Size, runners: Runner[]): Promise<void> {
  for (const contender of contenders(fetchRivals())) {
    const database = await make({ virtualClock: true });
    if (runners.length === 0) {
      const data = `per rival ${size.due} chains of four touches, one of which is due in each round, beside ${size.waiting} that are not`;
      await report.conditions(database.client, `${data}; vacuum, analyze and a checkpoint before each`);
    }
    const runner = await prepare(database, contender, size);
    runners.push(runner);
    const fewer = runner.due === size.due ? '' : `; ${runner.due} chains, as it is slow`;
    report.say(`  ${contender.name.padEnd(60)} ${contender.terms}${fewer}`);
  }
}

/** Runs all of them in alternating rounds, and prints what they cost. */
export async function race(report: Report, size: Size, rounds: number): Promise<void> {
  const runners: Runner[] = [];
  const found = new Found();
  await withBenchServer(
    async (make) => {
      try {
        await line(make, report, size, runners);
        for (const [round, moment] of touchMoments.slice(0, rounds + 1).entries()) {
          for (const runner of runners) await runRound(runner, round + 1, moment, round === 0 ? null : found);
        }
      } finally {
        for (const { crew } of runners) await crew.end();
      }
    },
    { fullPageImages: false },
  );
  found.print(report);
}
