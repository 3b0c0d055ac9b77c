// Does a claim stay as fast when the tables grow: selecting and locking a batch of 100, and all of claim_due_touches?
//
//   npm run bench -- claim-scale [--people 1000000] [--quick]
//
// A database for each size, up to 1,000 businesses in it, some of whose people are due and most of whom wait. The sizes take
// turns. Selections are rolled back; claims are committed, and settled uncounted.
import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { engineStore } from '../src/db/engine/store.ts';
import { plansOf, type StatementPlan } from '../test/support/plans.ts';
import { prepareSelection, selectOnce } from './claim-scale/select.ts';
import { type BenchDatabase, type MakeDatabase, withBenchServer } from './support/database.ts';
import { fillPopulation, sizesThatFit } from './support/population.ts';
import { quantile, type Report, type Rounds, record, timed } from './support/report.ts';
import { addBusinesses, openLanes, touchMoments } from './throughput/crowd.ts';

export const options = { people: 'enrollments in the largest database; 10,000,000 without it' };

const batch = 100;
/** More than a batch, so that no selection ends because the lane does; and claimed to the last, as leftovers would be late. */
const dueEach = 125;

interface Plan {
  sizes: number[];
  /** Lanes that one claim takes from. */
  lanes: number;
  /** Groups of so many lanes, each of which is claimed empty in a round. */
  groups: number;
  rounds: number;
  selections: number;
}

interface Place extends BenchDatabase {
  name: string;
  businessIds: string[];
  pool: pg.Pool;
  /** A connection on which plans are asked for ends with that. */
  explaining: pg.Pool;
}

/** What all sizes found, by question; each value is one round's. */
class Findings {
  readonly rounds = new Map<string, Rounds>();

  add(question: string, place: Place, value: number): void {
    const rounds = this.rounds.get(question) ?? new Map();
    record(rounds, place.name, value);
    this.rounds.set(question, rounds);
  }
}

async function makePlace(make: MakeDatabase, people: number): Promise<Place> {
  const database = await make({ virtualClock: true });
  const businessIds = await addBusinesses(database.client, people / Math.max(250, people / 1000));
  await fillPopulation(database.client, { businessIds, people, dueEach });
  await prepareSelection(database.client);
  const name = `${people.toLocaleString('en')} enrollments`;
  return { ...database, name, businessIds, pool: database.connect(1), explaining: database.connect(1) };
}

async function select(report: Report, findings: Findings, place: Place, round: number, count: number): Promise<void> {
  const [queue, all, buffers]: [number[], number[], number[]] = [[], [], []];
  for (let sample = 0; sample < count; sample += 1) {
    const businessId = place.businessIds[(round * count + sample) % place.businessIds.length] ?? '';
    const selection = { businessId, limit: batch, moment: touchMoments[round] ?? '' };
    const selected = await selectOnce(place.client, 'select_due', selection);
    report.count(`${place.name}: selected`, selected.rows, batch);
    queue.push(selected.micros);
    buffers.push(selected.buffers / batch);
    all.push((await selectOnce(place.client, 'lock_due', selection)).micros);
  }
  findings.add('select and lock 100 queue rows, in the server, median', place, quantile(queue, 0.5));
  findings.add('select and lock 100 queue rows, in the server, 99th percentile', place, quantile(queue, 0.99));
  findings.add('the same with enrollments, customers and messages, in the server, median', place, quantile(all, 0.5));
  findings.add(
    'the same with enrollments, customers and messages, in the server, 99th percentile',
    place,
    quantile(all, 0.99),
  );
  findings.add('buffers of the queue per touch, to select and lock', place, quantile(buffers, 0.5));
}

/** What one claim reads, statement by statement; rolled back. */
async function explainClaim(findings: Findings, place: Place, moment: string): Promise<void> {
  const call = 'select * from touchline.claim_due_touches($1, $2, $3, $4)';
  const plans = await plansOf(place.explaining, (client) => client.query(call, ['bench', randomUUID(), batch, moment]));
  const buffersPerTouch = (found: readonly StatementPlan[]): number =>
    found.reduce((sum, { root }) => sum + root['Shared Hit Blocks'] + root['Shared Read Blocks'], 0) / batch;
  const lease = plans.filter(({ sql }) => /^update touchline\.touch_queue q\s+set claim_id = /.test(sql));
  findings.add('buffers of the queue per touch, to lease', place, buffersPerTouch(lease));
  // The call itself, which counts what everything in it reads.
  const whole = plans.filter(({ sql }) => sql === call);
  findings.add('buffers of all tables per touch, for the whole claim', place, buffersPerTouch(whole));
}

async function claim(
  report: Report,
  findings: Findings,
  place: Place,
  round: number,
  { lanes, groups }: Plan,
): Promise<void> {
  const moment = new Date(touchMoments[round] ?? '');
  const store = engineStore(place.pool);
  const times: number[] = [];
  for (let group = 0; group < groups; group += 1) {
    const businessIds = place.businessIds.slice(group * lanes, (group + 1) * lanes);
    await openLanes(place.client, { businessIds, due: 0 }, moment.toISOString());
    if (group === 0) await explainClaim(findings, place, moment.toISOString());
    let left = dueEach * lanes;
    while (left > 0) {
      const claimId = randomUUID();
      let intents: Awaited<ReturnType<typeof store.claim>> = [];
      const ms = await timed(async () => {
        intents = await store.claim({ worker: 'bench', claimId, limit: batch, now: moment });
      });
      // The last ones find less: a claim looks at as many lanes as could fill it, and some of them are empty by then.
      if (intents.length === batch) times.push(ms);
      if (intents.length === 0) break;
      left -= intents.length;
      const accepted = { kind: 'accepted', provider: 'null', providerId: 'null' } as const;
      const outcomes = intents.map(({ businessId, sendLogId, attempt }) => ({
        ...{ businessId, sendLogId, attempt },
        ...accepted,
      }));
      await store.settle(claimId, outcomes, moment);
    }
    report.count(`${place.name}: left of a group of lanes`, left, 0);
  }
  findings.add('claim 100 durably, at the client, median', place, quantile(times, 0.5));
  findings.add('claim 100 durably, at the client, 99th percentile', place, quantile(times, 0.99));
}

function unitOf(question: string): string {
  if (question.startsWith('buffers')) return 'buffers';
  return question.includes('in the server') ? 'µs' : 'ms';
}

function print(report: Report, { rounds }: Findings): void {
  for (const [question, values] of rounds) {
    report.compare({ question, unit: unitOf(question), better: 'less' }, values);
    const medians = [...values.values()].map((found) => quantile(found, 0.5));
    const [first = Number.NaN, last = Number.NaN] = [medians[0], medians.at(-1)];
    report.say(`  the largest against the smallest: × ${(last / first).toFixed(2)}`);
  }
}

export async function run(report: Report): Promise<void> {
  const wanted = report.quick ? [1000, 10_000] : [10_000, 100_000, 1_000_000, 10_000_000];
  const { fitting, line } = sizesThatFit(wanted.filter((size) => size <= (report.option('people') ?? size)));
  const plan: Plan = report.quick
    ? { sizes: fitting, lanes: 4, groups: 1, rounds: 1, selections: 10 }
    : { sizes: fitting, lanes: 20, groups: 2, rounds: 3, selections: 200 };
  report.say(line);
  await withBenchServer(async (make) => {
    const places: Place[] = [];
    for (const size of plan.sizes) places.push(await makePlace(make, size));
    const [first] = places;
    if (first === undefined) throw new Error('There is no room for any of the sizes.');
    const data = places.map(({ name, businessIds }) => `${name} in ${businessIds.length} businesses`).join('; ');
    await report.conditions(first.client, `${data}; ${dueEach} due in each business, claims of ${batch}`);
    const findings = new Findings();
    // The first round only fills the caches.
    for (let round = 0; round <= plan.rounds; round += 1) {
      for (const place of places) {
        const into = round === 0 ? new Findings() : findings;
        await place.client.query('checkpoint');
        await select(report, into, place, round, plan.selections);
        await claim(report, into, place, round, plan);
      }
    }
    print(report, findings);
  });
}
