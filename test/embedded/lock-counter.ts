// Counts in a journal under the lock, N times: reads, lets others run, appends. Safe only if nobody else holds the lock.
import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as yieldTurn } from 'node:timers/promises';
import { withLock } from '../../src/embedded/lock.ts';

const [folder = '.', times = '1'] = process.argv.slice(2);
const journal = join(folder, 'journal');
for (let done = 0; done < Number(times); done += 1) {
  await withLock(join(folder, 'lock'), 60_000, async () => {
    const last = readFileSync(journal, 'utf8').trim().split('\n').at(-1);
    await yieldTurn();
    // One short append: a killed process leaves a whole line or none.
    appendFileSync(journal, `${Number(last) + 1}\n`);
    await yieldTurn();
  });
}
