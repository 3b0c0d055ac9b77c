// How fast is a backlog of completed jobs enrolled, decided, planned and queued, beside a plain INSERT … SELECT of the same rows?
//
//   npm run bench -- enroll [--quick] [--jobs 1000000] [--batch 1000]
//
// Each rival enrolls jobs of a business of its own in each round, batch by batch in order of completion, each batch committed; the
// rivals take turns. The budget is half of the plain rows' speed.
import type pg from 'pg';
import { addBacklog } from './enroll/backlog.ts';
import { type Rival, rivals } from './enroll/rivals.ts';
import { withBenchDatabase } from './support/database.ts';
import { type Report, type Rounds, record, timed } from './support/report.ts';
import { walOf } from './support/wal.ts';

export const options = {
  jobs: 'completed jobs that each rival enrolls, in all rounds together (1000000)',
  batch: 'jobs per transaction (1000)',
};

interface Size {
  jobs: number;
  batch: number;
}

const usual: Size = { jobs: 1_000_000, batch: 1000 };
const quick: Size = { jobs: 2000, batch: 1000 };
const mostRounds = 5;

async function enrolled(client: pg.Client, businessId: string): Promise<number> {
  const { rows } = await client.query<{ queued: number }>(
    `select least(
       (select pg_catalog.count(*) from touchline.touch_queue q where q.business_id = $1),
       (select pg_catalog.count(*) from touchline.campaign_enrollments e where e.business_id = $1 and e.status = 'active')
     )::integer as queued`,
    [businessId],
  );
  return rows[0]?.queued ?? 0;
}

interface Measured {
  ms: number;
  bytes: number;
  enrolled: number;
}

async function measure(client: pg.Client, rival: Rival, { jobs, batch }: Size): Promise<Measured> {
  const backlog = await addBacklog(client, jobs + batch);
  // A first batch, so that no plan is made for tables that are empty.
  await rival.enroll(client, backlog, backlog.jobIds.slice(0, batch));
  await client.query('vacuum analyze');
  await client.query('discard plans');
  await client.query('checkpoint');
  let ms = 0;
  const wal = await walOf(client, async () => {
    ms = await timed(async () => {
      for (let at = batch; at < jobs + batch; at += batch) {
        await rival.enroll(client, backlog, backlog.jobIds.slice(at, at + batch));
      }
    });
  });
  return { ms, bytes: wal.bytes, enrolled: (await enrolled(client, backlog.businessId)) - batch };
}

export async function run(report: Report): Promise<void> {
  const size = report.quick ? quick : usual;
  const batch = report.option('batch') ?? size.batch;
  const rounds = report.quick ? 1 : mostRounds;
  const jobs = Math.ceil((report.option('jobs') ?? size.jobs) / rounds);
  await withBenchDatabase(
    async ({ client }) => {
      await report.conditions(
        client,
        `${jobs * rounds} completed jobs per rival, ${jobs} of a business in each round, in batches of ${batch}, one client; vacuum, analyze and a checkpoint before each`,
      );
      const [rate, bytes]: [Rounds, Rounds] = [new Map(), new Map()];
      for (let round = 0; round < rounds; round += 1) {
        for (const rival of rivals) {
          const found = await measure(client, rival, { jobs, batch });
          report.count(`${rival.name}, round ${round + 1}`, found.enrolled, jobs);
          record(rate, rival.name, (jobs / found.ms) * 1000);
          record(bytes, rival.name, found.bytes / jobs);
        }
      }
      report.compare({ question: 'jobs enrolled per second', unit: '1/s', better: 'more' }, rate);
      report.compare({ question: 'WAL per job', unit: 'bytes', better: 'less' }, bytes);
    },
    { virtualClock: true, fullPageImages: false },
  );
}
