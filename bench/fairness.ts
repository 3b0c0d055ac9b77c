// How long does one touch of a business wait beside another's 1,000,000 due ones, and what does a business at its rate cost?
//
//   npm run bench -- fairness [--quick]
//
// Real workers with 25 slots and a sender that accepts at once, so that nothing but the database holds them back. A small business
// has one touch, which becomes due while the worker is busy; the time runs until it is handed to the sender.
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { plansOf } from '../test/support/plans.ts';
import { clockFrom, startWorker } from './fairness/workers.ts';
import { type BenchDatabase, withBenchDatabase } from './support/database.ts';
import { fillPopulation } from './support/population.ts';
import { type Report, type Rounds, record } from './support/report.ts';
import { addBusinesses, openLanes, touchMoments } from './throughput/crowd.ts';

interface Size {
  backlog: number;
  rounds: number;
  /** Businesses with one touch. */
  others: number;
  everyMs: number;
  /** How long a limited business is watched. */
  watchMs: number;
}

const moment = touchMoments[0] ?? '';
const alone = 'alone: nothing else is due';

/** Businesses with one touch each, due one after the other from `fromMs` on. */
async function addSingles(
  { client }: BenchDatabase,
  count: number,
  fromMs: number,
  everyMs: number,
): Promise<Map<string, number>> {
  const businessIds = await addBusinesses(client, count);
  await fillPopulation(client, { businessIds, people: count, dueEach: 1 });
  const dueMs = businessIds.map((_, index) => fromMs + index * everyMs);
  await client.query(
    `with due as (select * from unnest($1::uuid[], $2::timestamptz[]) d (business_id, due_at)),
       queued as (update touchline.touch_queue q set due_at = d.due_at from due d where q.business_id = d.business_id)
     update touchline.business_dispatch b set next_due_at = d.due_at
     from due d where b.business_id = d.business_id and b.channel = 'email'`,
    [businessIds, dueMs.map((at) => new Date(at))],
  );
  return new Map(businessIds.map((id, index) => [id, dueMs[index] ?? Number.NaN]));
}

/** Milliseconds from due to handed over, for one touch of each of some businesses. */
async function waitsOf(database: BenchDatabase, giant: string[], { others, everyMs }: Size): Promise<number[]> {
  const pool = database.connect(3);
  const soonMs = 3 * everyMs;
  // The clock starts when the rows are there.
  const clockMs = Date.parse(moment);
  const due = await addSingles(database, others, clockMs + soonMs, everyMs);
  await openGiant(database, giant, due);
  const { clock, nowMs } = clockFrom(moment);
  const waits: number[] = [];
  const stop = startWorker({
    pool,
    clock,
    name: 'bench',
    onSend: ({ businessId }) => {
      const dueMs = due.get(businessId);
      if (dueMs !== undefined) waits.push(nowMs() - dueMs);
    },
  });
  await sleep(soonMs + others * everyMs + 1000);
  await stop();
  return waits;
}

/** The giant's lane is open; those of the small businesses stay as they are. */
async function openGiant({ client }: BenchDatabase, giant: string[], others: Map<string, number>): Promise<void> {
  await client.query(
    `update touchline.business_dispatch d set next_due_at = case when d.business_id = any ($1) and d.channel = 'email'
       then $3::timestamptz else 'infinity' end where d.business_id <> all ($2)`,
    [giant, [...others.keys()], moment],
  );
}

async function compareWaits(database: BenchDatabase, report: Report, giant: string, size: Size): Promise<void> {
  const waits: Rounds = new Map();
  const beside = `beside ${size.backlog.toLocaleString('en')} due touches of another business`;
  for (let round = 0; round < size.rounds; round += 1) {
    for (const [rival, open] of [
      [alone, []],
      [beside, [giant]],
    ] as const) {
      const found = await waitsOf(database, [...open], size);
      report.count(`${rival}, round ${round + 1}: handed over`, found.length, size.others);
      for (const ms of found) record(waits, rival, ms);
    }
  }
  const { rows } = await database.client.query<{ left: number }>(
    'select pg_catalog.count(*)::integer as left from touchline.touch_queue where business_id = $1 and touch_number = 1',
    [giant],
  );
  const question = `from due to handed over, ${size.others} touches a round`;
  report.compare({ question, unit: 'ms', better: 'less', each: 'touches in alternating rounds' }, waits);
  report.say(`  of the backlog ${rows[0]?.left.toLocaleString('en')} were still due at the end`);
}

/** Gives the business so many messages an hour, from now on. */
async function limit({ client }: BenchDatabase, giant: string, perHour: number, from: Date): Promise<void> {
  await client.query(
    `update touchline.sender_accounts set rate_per_hour = $2, next_slot_at = $3 where business_id = $1 and channel = 'email'`,
    [giant, perHour, from],
  );
}

/** How often claims have looked into a lane; connections that worked tell it when they are asked. */
async function visits({ client }: BenchDatabase, pools: readonly pg.Pool[] = []): Promise<number> {
  for (const pool of pools) {
    const clients = await Promise.all(Array.from({ length: pool.options.max }, () => pool.connect()));
    for (const each of clients) await each.query('select pg_catalog.pg_stat_force_next_flush()');
    for (const each of clients) each.release();
  }
  const { rows } = await client.query<{ calls: number }>(
    `select coalesce(pg_catalog.sum(calls), 0)::integer as calls from pg_catalog.pg_stat_user_functions where funcname = 'rate_slots'`,
  );
  return rows[0]?.calls ?? 0;
}

interface Shared {
  handedOver: number;
  slots: number;
  /** Of messages whose claim is older than their slot. */
  tooEarly: number;
  mostPerSecond: number;
  claims: number;
  visits: number;
}

/** So many workers share the backlog of one business at its hourly rate. */
async function share(
  database: BenchDatabase,
  giant: string,
  { workers, perHour, watchMs }: { workers: number; perHour: number; watchMs: number },
): Promise<Shared> {
  const start = new Date(Date.parse(moment) + 600_000 * (1 + workers));
  await limit(database, giant, perHour, start);
  await openLanes(database.client, { businessIds: [giant], due: 0 }, start.toISOString());
  const before = await visits(database);
  const { clock } = clockFrom(start.toISOString());
  let claims = 0;
  const pools = Array.from({ length: workers }, () => database.connect(3));
  const stops = pools.map((pool, index) =>
    startWorker({
      ...{ pool, clock, name: `bench-${index}`, onSend: () => undefined },
      onClaim: () => {
        claims += 1;
      },
    }),
  );
  await sleep(watchMs);
  for (const stop of stops) await stop();
  const { rows } = await database.client.query<Omit<Shared, 'claims' | 'visits'>>(
    `with sent as (
       select l.claimed_at, pg_catalog.row_number() over (order by l.claimed_at, l.id) - 1 as place
       from touchline.send_logs l where l.business_id = $1 and l.claimed_at >= $2)
     select pg_catalog.count(*)::integer as "handedOver",
       (1 + pg_catalog.floor(extract(epoch from $4::timestamptz - $2) * $3::integer / 3600))::integer as slots,
       (pg_catalog.count(*) filter (where s.claimed_at < $2 + s.place * interval '1 hour' / $3::integer))::integer as "tooEarly",
       coalesce((select pg_catalog.max(w.n) from (
         select pg_catalog.count(*)::integer as n from sent group by pg_catalog.date_trunc('second', claimed_at)) w), 0) as "mostPerSecond"
     from sent s`,
    [giant, start, perHour, new Date(start.getTime() + watchMs)],
  );
  const [found] = rows;
  if (found === undefined) throw new Error('The server counted nothing.');
  return { ...found, claims, visits: (await visits(database, pools)) - before };
}

/** What a claim reads when the only lane with work has no slot, and when there is no work at all. */
async function buffersOfNothing(database: BenchDatabase, giant: string): Promise<Rounds> {
  const buffers: Rounds = new Map();
  const at = new Date(Date.parse(moment) + 600_000);
  const pool = database.connect(1);
  for (const [rival, due] of [
    ['a business at its rate, with a backlog', new Date(at.getTime() + 1000).toISOString()],
    ['nothing due', 'infinity'],
  ] as const) {
    await openLanes(database.client, { businessIds: [giant], due: 0 }, due);
    const call = 'select * from touchline.claim_due_touches($1, $2, $3, $4)';
    // A connection's first claim reads the catalog, too.
    const plans = await plansOf(pool, async (client) => {
      for (let turn = 0; turn < 3; turn += 1) await client.query(call, ['bench', randomUUID(), 25, at]);
    });
    const last = plans.findLast(({ sql }) => sql === call);
    if (last !== undefined) record(buffers, rival, last.root['Shared Hit Blocks'] + last.root['Shared Read Blocks']);
  }
  return buffers;
}

async function watchRates(database: BenchDatabase, report: Report, giant: string, watchMs: number): Promise<void> {
  report.compare(
    { question: 'buffers of a claim that finds nothing to do', unit: 'buffers', better: 'less' },
    await buffersOfNothing(database, giant),
  );
  for (const [workers, perHour] of [
    [1, 7200],
    [3, 36_000],
  ] as const) {
    const found = await share(database, giant, { workers, perHour, watchMs });
    const who = workers === 1 ? 'one worker' : `${workers} workers together`;
    report.count(`${who}: claims before their slot`, found.tooEarly, 0);
    report.say(
      `\n${who}, a backlog at ${perHour / 3600} a second for ${watchMs / 1000} s: ${found.handedOver} handed over in ${found.slots} slots, at most ${found.mostPerSecond} in a second, none before its slot; ${found.claims} claims looked into the lane ${found.visits} times`,
    );
  }
}

export async function run(report: Report): Promise<void> {
  const size: Size = report.quick
    ? { backlog: 5000, rounds: 1, others: 5, everyMs: 150, watchMs: 1500 }
    : { backlog: 1_000_000, rounds: 3, others: 8, everyMs: 1000, watchMs: 20_000 };
  await withBenchDatabase(
    async (database) => {
      const { client } = database;
      // How often a claim looks into a lane is counted by the server.
      await client.query(
        `do $$ begin execute pg_catalog.format('alter database %I set track_functions = %L', pg_catalog.current_database(), 'pl'); end $$`,
      );
      const [giant = ''] = await addBusinesses(client, 1);
      await fillPopulation(client, { businessIds: [giant], people: size.backlog, dueEach: size.backlog });
      await report.conditions(
        client,
        `${size.backlog} due touches of one business, ${size.others} businesses with one touch each; workers with 25 slots`,
      );
      await compareWaits(database, report, giant, size);
      await watchRates(database, report, giant, size.watchMs);
    },
    { virtualClock: true },
  );
}
