// What does a claim cost when the database is not well: an old snapshot, an idle transaction, no autovacuum, too many connections?
//
//   npm run bench -- held-snapshot [--minutes 30] [--quick]
//
// Each condition has a database of its own, with one lane of which so many touches have been claimed and settled meanwhile; then
// claims of 100 are measured in turns. --minutes spreads the churn under the held snapshot over so many minutes.
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { batch, Place } from './held-snapshot/place.ts';
import { type CpuClock, cpuClockOf } from './support/cpu.ts';
import { type MakeDatabase, withBenchServer } from './support/database.ts';
import { quantile, type Report, type Rounds, record } from './support/report.ts';

export const options = {
  minutes: 'for how long the snapshot is held while claims go on; as long as they take without it',
};

interface Size {
  /** Touches claimed and settled before anything is measured. */
  churn: number;
  /** The same where it is not cleaned up, and where everything is. */
  heldChurn: number;
  cleanChurn: number;
  /** In each database, whatever its churn. */
  people: number;
  /** Connections of the storm. */
  idle: number;
  busy: number;
  warmRounds: number;
  rounds: number;
  samples: number;
}

interface Condition {
  name: string;
  /** How much of it. */
  churn(size: Size): number;
  /** Whether the churn is spread over --minutes. */
  takesItsTime?: true;
  /** Brings it about before the churn; ends it afterwards. */
  begin?(place: Place): Promise<() => Promise<void>>;
  /** After the churn. */
  rest?(place: Place): Promise<void>;
  /** Lasts while this condition is measured. */
  during?(place: Place, size: Size): Promise<() => Promise<void>>;
}

/** A session that does this and then nothing. */
async function holding(place: Place, sql: string): Promise<() => Promise<void>> {
  const client = new pg.Client({ connectionString: place.database.url });
  await client.connect();
  await client.query(sql);
  return () => client.end();
}

async function withoutAutovacuum({ client }: Place): Promise<() => Promise<void>> {
  const { rows } = await client.query<{ table: string }>(
    `select t.oid::regclass::text as table from pg_catalog.pg_class t
     where t.relnamespace = 'touchline'::regnamespace and t.relkind = 'r'`,
  );
  for (const { table } of rows) await client.query(`alter table ${table} set (autovacuum_enabled = false)`);
  return async () => undefined;
}

// One row comes back, as this program would else be busy with the answers, and not only the server.
const page = `select pg_catalog.count(*) from (
  select from touchline.touch_queue order by business_id, channel, due_at limit 50) p`;

/** Pages that people look at, each connection some a second; others do nothing. */
async function storm({ database }: Place, { idle, busy: count }: Size): Promise<() => Promise<void>> {
  const clients = Array.from({ length: idle + count }, () => new pg.Client({ connectionString: database.url }));
  await Promise.all(clients.map((client) => client.connect()));
  const end = new AbortController();
  const look = async (client: pg.Client): Promise<void> => {
    while (!end.signal.aborted) {
      await client.query(page);
      await sleep(100);
    }
  };
  const busy = clients.slice(0, count).map(look);
  return async () => {
    end.abort();
    await Promise.all(busy);
    await Promise.all(clients.map((client) => client.end()));
  };
}

const vacuumed = async ({ client }: Place): Promise<void> => {
  await client.query('vacuum analyze');
};

const conditions: Condition[] = [
  // The same work as under the held snapshot, and then cleaned up.
  { name: 'nothing: vacuumed', churn: ({ cleanChurn }) => cleanChurn, rest: vacuumed },
  {
    name: 'a snapshot held since before the churn',
    churn: ({ heldChurn }) => heldChurn,
    takesItsTime: true,
    begin: (place) => holding(place, 'begin isolation level repeatable read; select 1 from touchline.installation'),
  },
  {
    name: 'a transaction that wrote, idle since before it',
    churn: ({ churn }) => churn,
    begin: (place) => holding(place, 'begin; select pg_catalog.pg_current_xact_id()'),
  },
  { name: 'no autovacuum', churn: ({ churn }) => churn, begin: withoutAutovacuum },
  {
    name: 'many idle and busy connections',
    churn: ({ churn }) => churn,
    rest: vacuumed,
    during: storm,
  },
];

interface Arranged {
  condition: Condition;
  place: Place;
  cpu: CpuClock;
  end: () => Promise<void>;
}

const nothing = async (): Promise<void> => undefined;

async function arrange(make: MakeDatabase, report: Report, condition: Condition, size: Size): Promise<Arranged> {
  const churn = condition.churn(size);
  const due = churn + (size.warmRounds + size.rounds) * (size.samples + 2) * batch;
  const people = Math.max(size.people, due);
  const place = await Place.make(condition.name, await make({ virtualClock: true }), { people, due });
  const end = (await condition.begin?.(place)) ?? nothing;
  const minutes = condition.takesItsTime === true ? report.option('minutes') : undefined;
  const everyMs = minutes === undefined ? 0 : (minutes * 60_000 * batch) / churn;
  let nextMs = performance.now();
  const handled = await place.churn(churn, async () => {
    nextMs += everyMs;
    if (everyMs > 0) await sleep(Math.max(0, nextMs - performance.now()));
  });
  report.count(`${place.name}: churn`, handled, churn);
  await condition.rest?.(place);
  const connection = await place.pool.connect();
  const cpu = await cpuClockOf(connection);
  connection.release();
  return { condition, place, cpu, end };
}

/** What the conditions cost, by question; each value is one round's. */
class Findings {
  private readonly rounds = new Map<string, { unit: string; values: Rounds }>();

  add(question: string, unit: string, place: Place, value: number): void {
    const found = this.rounds.get(question) ?? { unit, values: new Map() };
    record(found.values, place.name, value);
    this.rounds.set(question, found);
  }

  print(report: Report): void {
    for (const [question, { unit, values }] of this.rounds) {
      report.compare({ question, unit, better: 'less' }, values);
      const [first = Number.NaN, ...others] = [...values.values()].map((found) => quantile(found, 0.5));
      report.say(`  against nothing: ${others.map((value) => `× ${(value / first).toFixed(2)}`).join(', ')}`);
    }
  }
}

async function measure(
  report: Report,
  findings: Findings,
  { condition, place, cpu }: Arranged,
  size: Size,
): Promise<void> {
  const { samples } = size;
  const end = (await condition.during?.(place, size)) ?? nothing;
  const reads = await place.explainClaim();
  const [claims, enrollments]: [number[], number[]] = [[], []];
  let cpuMicros: number | null = 0;
  for (let sample = 0; sample < samples; sample += 1) {
    const before = cpu();
    const { ms, claimed } = await place.claim();
    const after = cpu();
    cpuMicros = before === null || after === null || cpuMicros === null ? null : cpuMicros + after - before;
    report.count(`${place.name}: claimed`, claimed, batch);
    claims.push(ms);
    enrollments.push(await place.enroll());
  }
  findings.add('claim 100 durably, at the client, median', 'ms', place, quantile(claims, 0.5));
  if (cpuMicros !== null) {
    findings.add('processor time of the server, claim and settle 100', 'µs', place, cpuMicros / samples);
  }
  findings.add('buffers of a claim of 100', 'buffers', place, reads.all);
  findings.add('buffers to pick the lane', 'buffers', place, reads.lanes);
  findings.add('buffers to select and lock 100, and to see what is next', 'buffers', place, reads.queue);
  findings.add(
    'complete a job and enroll its customer, at the client, median',
    'ms',
    place,
    quantile(enrollments, 0.5),
  );
  findings.add('sweep the lanes, at the client', 'ms', place, await place.sweep());
  await end();
}

async function compare(make: MakeDatabase, report: Report, size: Size, arranged: Arranged[]): Promise<void> {
  for (const condition of conditions) {
    arranged.push(await arrange(make, report, condition, size));
    report.say(`  ready: ${condition.name}`);
  }
  const minutes = report.option('minutes');
  const held = `${size.heldChurn} under the held snapshot${minutes === undefined ? '' : ` within ${minutes} minutes`} and ${size.cleanChurn} where everything was cleaned up after it`;
  for (const { place } of arranged.slice(0, 1)) {
    await report.conditions(
      place.client,
      `one lane in each database, ${size.churn} touches claimed by ${batch} and settled before anything is measured, ${held}; ${size.samples} claims a round; ${size.idle} idle and ${size.busy} busy connections`,
    );
  }
  for (const { place } of arranged) report.say(`  ${place.name}: ${await place.deadEntries()} dead queue rows`);
  const findings = new Findings();
  for (let round = -size.warmRounds; round < size.rounds; round += 1) {
    for (const each of arranged) await measure(report, round < 0 ? new Findings() : findings, each, size);
  }
  findings.print(report);
}

export async function run(report: Report): Promise<void> {
  const size: Size = report.quick
    ? {
        ...{ churn: 500, heldChurn: 5000, cleanChurn: 500, people: 0 },
        ...{ idle: 16, busy: 8, warmRounds: 0, rounds: 1, samples: 3 },
      }
    : {
        ...{ churn: 100_000, heldChurn: 1_000_000, cleanChurn: 1_000_000, people: 1_020_000 },
        ...{ idle: 80, busy: 40, warmRounds: 1, rounds: 5, samples: 20 },
      };
  await withBenchServer(async (make) => {
    const arranged: Arranged[] = [];
    try {
      await compare(make, report, size, arranged);
    } finally {
      for (const { end } of arranged) await end();
    }
  });
}
