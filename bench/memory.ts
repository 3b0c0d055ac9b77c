// How much memory does a worker take that has 1,000,000 due touches before it, and does it grow?
//
//   npm run bench -- memory [--seconds 60] [--quick]
//
// `touchline work` as it is installed, in a process of its own, with a sender that drops everything. What the system counts as its
// resident memory is read every 250 ms while it works.
import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { withBenchDatabase } from './support/database.ts';
import { fillPopulation } from './support/population.ts';
import { ended, install } from './support/program.ts';
import { quantile, type Report, type Rounds, record } from './support/report.ts';
import { addBusinesses, openLanes } from './throughput/crowd.ts';

export const options = { seconds: 'for how long the worker is watched; 60 without it' };

const everyMs = 250;
const thirds = ['first third of the time', 'second third', 'last third'];

/** Everything is due now, at whatever time of the day that is. */
async function makeDue(client: pg.Client, businessIds: string[]): Promise<void> {
  const statements = [
    `delete from touchline.sending_windows where business_id = any ($1) and channel = 'email'`,
    `insert into touchline.sending_windows (business_id, channel, iso_weekday, opens, closes)
     select b, 'email', d, '00:00', '24:00' from unnest($1::uuid[]) b, pg_catalog.generate_series(1, 7) d`,
    `update touchline.touch_queue set due_at = pg_catalog.now() - interval '1 hour', late_after = pg_catalog.now() + interval '48 hours'
     where business_id = any ($1)`,
  ];
  for (const sql of statements) await client.query(sql, [businessIds]);
  await openLanes(client, { businessIds, due: 0 }, new Date().toISOString());
  await client.query('vacuum analyze');
}

/** Resolves when the worker says that it works. */
function working(child: ChildProcess): Promise<void> {
  child.stdout?.resume();
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`The worker ended with ${code}.`)));
    child.stderr?.on('data', (text: Buffer) => {
      if (String(text).includes('Working as')) resolve();
    });
  });
}

/** Resident megabytes of a process. */
function residentMb(pid: number): number {
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) / 1024;
}

async function sent(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ count: number }>(
    `select pg_catalog.count(*)::integer as count from touchline.send_logs where state = 'sent'`,
  );
  return rows[0]?.count ?? 0;
}

export async function run(report: Report): Promise<void> {
  const due = report.quick ? 5000 : 1_000_000;
  const seconds = report.option('seconds') ?? (report.quick ? 3 : 60);
  const program = install();
  try {
    await withBenchDatabase(
      async ({ client, url }) => {
        const businessIds = await addBusinesses(client, 1);
        await fillPopulation(client, { businessIds, people: due, dueEach: due });
        await makeDue(client, businessIds);
        await report.conditions(client, `${due} due touches of one business, one worker with 25 slots, ${seconds} s`);
        const child = program.spawn(['work', '--sender', 'memory'], {
          DATABASE_URL: url,
          TOUCHLINE_STATE_DIR: program.folder,
        });
        await working(child);
        const used: number[] = [];
        const untilMs = performance.now() + seconds * 1000;
        while (performance.now() < untilMs) {
          used.push(residentMb(child.pid ?? 0));
          await sleep(everyMs);
        }
        await ended(child);
        const handed = await sent(client);
        report.count('the worker handed something over', Math.min(handed, 1), 1);
        print(report, used, handed / seconds);
      },
      { virtualClock: true },
    );
  } finally {
    program.remove();
  }
}

function print(report: Report, used: readonly number[], perSecond: number): void {
  const memory: Rounds = new Map();
  for (const [index, name] of thirds.entries()) {
    const share = used.length / thirds.length;
    for (const value of used.slice(index * share, (index + 1) * share)) record(memory, name, value);
  }
  report.compare({ question: 'resident memory of the worker', unit: 'MB', better: 'less', each: 'looks' }, memory);
  report.say(
    `\nat most ${quantile(used, 1).toFixed(0)} MB; ${Math.round(perSecond)} messages a second were handed over meanwhile`,
  );
}
