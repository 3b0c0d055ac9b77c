// How long does the engine take for 90 days of 20 businesses that complete 10,000 jobs, each followed up by four emails?
//
//   npm run bench -- simulate [--jobs 10000] [--quick]
//
// Time goes from hour to hour: jobs of the working day are completed four at a time, as other programs report them, and the engine makes a
// whole pass where something is due, and once a day. Functions, guards and rendering are the real ones; the provider accepts everything
// at once. Commits do not wait for the disk, as in a demo: what was made up can be made up again.
import type pg from 'pg';
import { completeJob } from '../src/db/call/jobs.ts';
import { withRole } from '../src/db/client.ts';
import { engineStore } from '../src/db/engine/store.ts';
import { clockAt } from '../src/engine/clock.ts';
import type { Outcome } from '../src/engine/ports.ts';
import type { Engine } from '../src/engine/process-batch.ts';
import { tick } from '../src/engine/tick.ts';
import { type BenchDatabase, withBenchServer } from './support/database.ts';
import { type Report, type Rounds, record, timed } from './support/report.ts';
import { addBusinesses } from './throughput/crowd.ts';

export const options = { jobs: 'that are completed; 10,000 without it' };

const hourMs = 3_600_000;
const startMs = Date.parse('2026-03-02T00:00:00Z');
/** Of each day, in which jobs are completed: 9 to 17 o'clock in New York. */
const working = { from: 14, hours: 8 };
/** From the last job to its fourth email, with weekends and nights. */
const tailDays = 14;
const touchesEach = 4;
/** Jobs that are completed at the same time. */
const atOnce = 4;

interface Size {
  businesses: number;
  days: number;
  jobs: number;
}

const accepted: Outcome = { kind: 'accepted', provider: 'null', providerId: 'null' };

/** The trade while time goes on. */
class Trade {
  sent = 0;
  private moment = new Date(startMs);
  private readonly pool: pg.Pool;
  private readonly engine: Engine;
  private readonly businessIds: readonly string[];

  constructor(database: BenchDatabase, businessIds: readonly string[]) {
    this.businessIds = businessIds;
    this.pool = database.connect(atOnce);
    const send = async (): Promise<Outcome> => {
      this.sent += 1;
      return accepted;
    };
    this.engine = {
      store: engineStore(this.pool),
      clock: clockAt(() => this.moment),
      senders: () => ({ send }),
      links: { unsubscribe: ({ sendLogId }) => `https://example.com/u/${sendLogId}` },
      worker: 'bench',
    };
  }

  at(moment: Date): void {
    this.moment = moment;
  }

  async complete(job: number): Promise<void> {
    const businessId = this.businessIds[job % this.businessIds.length] ?? '';
    const customer = { external_id: `c${job}`, first_name: 'Ann', email: `customer${job}@example.com` };
    const completed = { external_id: `j${job}`, completed_at: this.moment.toISOString() };
    await withRole(this.pool, { role: 'service_role' }, (client) =>
      completeJob(client, businessId, completed, customer, this.moment),
    );
  }

  async pass(): Promise<void> {
    const isMidnight = this.moment.getTime() % (24 * hourMs) === 0;
    if (isMidnight || (await this.engine.store.msUntilNextDue(this.moment)) === 0) await tick(this.engine);
  }
}

/** Jobs completed until the end of this working hour. */
function jobsUntil(hour: number, { days, jobs }: Size): number {
  const day = Math.floor(hour / 24);
  const inDay = Math.min(working.hours, Math.max(0, (hour % 24) - working.from + 1));
  return Math.min(jobs, Math.floor((jobs * (day * working.hours + inDay)) / (days * working.hours)));
}

/** Milliseconds: of completing jobs, and of the passes. */
async function simulate(
  database: BenchDatabase,
  report: Report,
  size: Size,
): Promise<{ jobs: number; passes: number }> {
  const trade = new Trade(database, await addBusinesses(database.client, size.businesses));
  const spent = { jobs: 0, passes: 0 };
  let completed = 0;
  for (let hour = 0; hour < (size.days + tailDays) * 24; hour += 1) {
    trade.at(new Date(startMs + hour * hourMs));
    const until = jobsUntil(hour, size);
    spent.jobs += await timed(async () => {
      const client = async (): Promise<void> => {
        while (completed < until) {
          completed += 1;
          await trade.complete(completed);
        }
      };
      await Promise.all(Array.from({ length: atOnce }, client));
    });
    spent.passes += await timed(() => trade.pass());
  }
  report.count('jobs', completed, size.jobs);
  report.count('messages', trade.sent, size.jobs * touchesEach);
  return spent;
}

export async function run(report: Report): Promise<void> {
  const size: Size = report.quick
    ? { businesses: 2, days: 2, jobs: 10 }
    : { businesses: 20, days: 90, jobs: report.option('jobs') ?? 10_000 };
  const rounds = report.quick ? 1 : 3;
  await withBenchServer(async (make) => {
    const all: Rounds = new Map();
    const parts: Rounds = new Map();
    for (let round = 0; round < rounds; round += 1) {
      const database = await make({ virtualClock: true });
      const [name] = new URL(database.url).pathname.split('/').slice(-1);
      await database.client.query(`alter database ${name} set synchronous_commit = off; set synchronous_commit = off`);
      if (round === 0) {
        const set = `${size.days} days of ${size.businesses} businesses, ${size.jobs} jobs, ${touchesEach} emails each`;
        await report.conditions(database.client, set);
      }
      const spent = await simulate(database, report, size);
      record(all, 'all of it', (spent.jobs + spent.passes) / 1000);
      record(parts, 'passes of the engine', spent.passes / 1000);
      record(parts, 'completing jobs', spent.jobs / 1000);
    }
    report.compare({ question: 'the simulation, budget 60 s', unit: 's', better: 'less' }, all);
    report.compare({ question: 'its parts', unit: 's', better: 'less' }, parts);
  });
}
