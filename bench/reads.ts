// How fast are the lists and pages that people look at when 10,000,000 messages were sent, at any depth?
//
//   npm run bench -- reads [--rows 1000000] [--quick]
//
// Half of the messages belong to one business, which is the one that is looked at. Every read is a transaction in the name of who
// asks, as the program does it, at the client; the reads take turns, and a connection is used as often as one of a pool is.
import { fillHistory } from './reads/history.ts';
import { perform, type Read, readsOf } from './reads/reads.ts';
import { withBenchDatabase } from './support/database.ts';
import { sizesThatFit } from './support/population.ts';
import { quantile, type Report, type Rounds, record, timed } from './support/report.ts';

export const options = { rows: 'messages that were sent; 10,000,000 without it' };

/** On disk per message: a third of a person, and the message itself with its indexes. */
const peoplePerMessage = 0.9;

const budgets: Record<Read['group'], string> = {
  lists: 'a page of a list, budget 5 ms',
  pages: 'a page of facts, budget 20 ms',
};

export async function run(report: Report): Promise<void> {
  const rows = report.option('rows') ?? (report.quick ? 10_000 : 10_000_000);
  const [rounds, samples] = report.quick ? [1, 3] : [5, 20];
  const { fitting, line } = sizesThatFit([rows * peoplePerMessage]);
  report.say(line);
  if (fitting.length === 0) return;
  await withBenchDatabase(
    async (database) => {
      const { client } = database;
      const history = await fillHistory(client, rows);
      await report.conditions(
        client,
        `${history.messages} messages to ${history.people} people in a year, half of them of one business; ${samples} times each in a round`,
      );
      const reads = await readsOf(client, history);
      const pool = database.connect(1);
      const found: Record<Read['group'], Rounds> = { lists: new Map(), pages: new Map() };
      // The first round fills the caches.
      for (let round = 0; round <= rounds; round += 1) {
        for (const read of reads) {
          const times: number[] = [];
          for (let sample = 0; sample < samples; sample += 1) {
            let count = 0;
            times.push(
              await timed(async () => {
                count = await perform(pool, read);
              }),
            );
            report.count(read.name, count, read.rows);
          }
          if (round > 0) record(found[read.group], read.name, quantile(times, 0.5));
        }
      }
      for (const group of ['lists', 'pages'] as const) {
        report.compare({ question: budgets[group], unit: 'ms', better: 'less' }, found[group]);
      }
    },
    { virtualClock: false },
  );
}
