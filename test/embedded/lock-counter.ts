// Counts in a file under the lock, N times: reads, lets others run, writes. Safe only if nobody else holds the lock.
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as yieldTurn } from 'node:timers/promises';
import { withLock } from '../../src/embedded/lock.ts';

const [folder = '.', times = '1'] = process.argv.slice(2);
for (let done = 0; done < Number(times); done += 1) {
  await withLock(join(folder, 'lock'), 60_000, async () => {
    const next = Number(readFileSync(join(folder, 'count'), 'utf8')) + 1;
    await yieldTurn();
    // Counted before noted: a process killed in between leaves a gap in the journal, not a number twice.
    writeFileSync(join(folder, 'count'), String(next));
    await yieldTurn();
    appendFileSync(join(folder, 'journal'), `${next}\n`);
  });
}
