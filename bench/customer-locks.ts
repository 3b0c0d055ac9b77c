// How should a claim lock its customers: FOR SHARE, or FOR NO KEY UPDATE?
//
//   npm run bench -- customer-locks [--quick]
//
// Two claims meet at the same people, one from the email lane, one from the SMS lane: the first locks a batch, the second comes
// before the first has committed. Both skip what they find locked. Who holds a customer counts their messages of the day and
// sends if one more fits; if both hold them, both count the same, and the cap is passed.
import pg from 'pg';
import { type BenchDatabase, withBenchDatabase } from './support/database.ts';
import { nextMultiXact } from './support/multixact.ts';
import { type Report, type Rounds, record } from './support/report.ts';
import { walOf } from './support/wal.ts';
import { addCrowd } from './throughput/crowd.ts';

const modes = { 'for no key update': 'ours: FOR NO KEY UPDATE', 'for share': 'FOR SHARE' };
type Mode = keyof typeof modes;
const batch = 500;

async function lock(session: pg.Client, business: string, ids: string[], mode: Mode): Promise<number> {
  const { rowCount } = await session.query(
    `select from touchline.customers where business_id = $1 and id = any ($2) ${mode} skip locked`,
    [business, ids],
  );
  return rowCount ?? 0;
}

interface Meeting {
  ms: number;
  walBytes: number;
  /** Customers that both claims hold at once. */
  heldByBoth: number;
  lockedByFirst: number;
}

/** All batches, each locked by the first session and then, before its commit, by the second. */
async function meet(sessions: [pg.Client, pg.Client], business: string, ids: string[], mode: Mode): Promise<Meeting> {
  const [first, second] = sessions;
  const meeting: Meeting = { ms: 0, walBytes: 0, heldByBoth: 0, lockedByFirst: 0 };
  const wal = await walOf(first, async () => {
    const start = performance.now();
    for (let at = 0; at < ids.length; at += batch) {
      const some = ids.slice(at, at + batch);
      await Promise.all(sessions.map((session) => session.query('begin')));
      meeting.lockedByFirst += await lock(first, business, some, mode);
      meeting.heldByBoth += await lock(second, business, some, mode);
      await Promise.all(sessions.map((session) => session.query('commit')));
    }
    meeting.ms = performance.now() - start;
  });
  meeting.walBytes = wal.bytes;
  return meeting;
}

async function compare({ client, url }: BenchDatabase, report: Report, people: number, rounds: number): Promise<void> {
  const { businessIds } = await addCrowd(client, { businesses: 1, due: people, waiting: 0 });
  const [business = ''] = businessIds;
  const { rows } = await client.query<{ id: string }>('select id from touchline.customers where business_id = $1', [
    business,
  ]);
  const ids = rows.map(({ id }) => id);
  const sessions: [pg.Client, pg.Client] = [
    new pg.Client({ connectionString: url }),
    new pg.Client({ connectionString: url }),
  ];
  for (const session of sessions) await session.connect();
  const [time, bytes, both, multiXacts]: [Rounds, Rounds, Rounds, Rounds] = [
    new Map(),
    new Map(),
    new Map(),
    new Map(),
  ];
  for (let round = 0; round < rounds; round += 1) {
    for (const mode of Object.keys(modes) as Mode[]) {
      await client.query('vacuum analyze touchline.customers');
      const before = await nextMultiXact(client);
      const { ms, walBytes, heldByBoth, lockedByFirst } = await meet(sessions, business, ids, mode);
      report.count(`${mode}: locked by the first, round ${round + 1}`, lockedByFirst, people);
      report.count(`${mode}: held by both, round ${round + 1}`, heldByBoth, mode === 'for share' ? people : 0);
      record(time, modes[mode], (ms * 1000) / people);
      record(bytes, modes[mode], walBytes / people);
      record(both, modes[mode], (heldByBoth * 100) / people);
      record(multiXacts, modes[mode], (((await nextMultiXact(client)) - before) * 1000) / people);
    }
  }
  for (const session of sessions) await session.end();
  report.compare({ question: 'customers whom both claims hold, and count', unit: '%', better: 'less' }, both);
  report.compare({ question: 'MultiXacts', unit: 'per 1,000 customers', better: 'less' }, multiXacts);
  report.compare({ question: 'WAL per customer', unit: 'bytes', better: 'less' }, bytes);
  report.compare({ question: 'both claims’ locks per customer', unit: 'µs', better: 'less' }, time);
}

export async function run(report: Report): Promise<void> {
  const [people, rounds] = report.quick ? [1000, 1] : [50_000, 5];
  await withBenchDatabase(
    async (database) => {
      await report.conditions(
        database.client,
        `${people} customers, locked in batches of ${batch} by two sessions that meet at each`,
      );
      await compare(database, report, people, rounds);
    },
    { fullPageImages: false },
  );
}
