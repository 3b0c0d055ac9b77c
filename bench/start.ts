// How long does `npm start` take to its first page: in an empty folder, and the second time?
//
//   npm run bench -- start [--quick]
//
// The program as it is installed, with its embedded Postgres and the demo beside it. The first time it makes the cluster and the
// schema; the time runs from the start of the process until the whole first page was read.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { withBenchDatabase } from './support/database.ts';
import { install, type Running } from './support/program.ts';
import { type Report, type Rounds, record, timed } from './support/report.ts';

export async function run(report: Report): Promise<void> {
  const rounds = report.quick ? 1 : 5;
  // Only to say which server it is; the program brings its own.
  await withBenchDatabase(({ client }) => report.conditions(client, `the installed program, ${rounds} empty folders`));
  const program = install();
  const times: Rounds = new Map();
  try {
    for (let round = 0; round < rounds; round += 1) {
      const dataDir = join(program.folder, 'data');
      for (const rival of ['first time, in an empty folder', 'second time']) {
        let started: Running | undefined;
        let pages = 0;
        const ms = await timed(async () => {
          started = await program.start(['start'], { TOUCHLINE_DATA_DIR: dataDir });
          const page = await fetch(started.url);
          if ((await page.text()).includes('Touchline is running') && page.status === 200) pages += 1;
        });
        await started?.stop();
        report.count(`${rival}: pages`, pages, 1);
        record(times, rival, ms / 1000);
      }
      rmSync(dataDir, { recursive: true, force: true });
    }
  } finally {
    program.remove();
  }
  report.compare({ question: 'from the start to the first page', unit: 's', better: 'less' }, times);
}
