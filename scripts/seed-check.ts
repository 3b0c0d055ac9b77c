// `npm run seed:check`: makes a database from zero and compares its catalog with the seed, one line per statement: `ok`, or
// the difference and exit 1. The words and what became of them are in docs/seed-to-touchline.md.
import { fileURLToPath } from 'node:url';
import { withScratchDatabase } from './scratch-database.ts';
import { readCatalog } from './seed-check/catalog.ts';
import { type Answer, compareSeed } from './seed-check/compare.ts';

function lineOf({ id, words, status, differences }: Answer): string {
  const holds = id === '' ? '-' : 'ok';
  const verdict = differences.length === 0 ? holds : 'DIFFERS';
  const reason = differences.length === 0 ? '' : `: ${differences.join('; ')}`;
  return `${verdict.padEnd(8)}${id.padEnd(5)}${status.padEnd(15)}${words}${reason}`;
}

async function main(): Promise<number> {
  const catalog = await withScratchDatabase(async (client) => {
    await client.query('begin');
    return await readCatalog(client);
  });
  const answers = compareSeed(catalog);
  for (const answer of answers) console.log(lineOf(answer));
  const differing = answers.filter(({ differences }) => differences.length > 0).length;
  const silent = answers.filter(({ id }) => id === '').length;
  console.log(
    `\n${answers.length - differing - silent} statements hold, ${differing} differ. ${silent} (-) are measurements, alternatives or ` +
      'habits, which a catalog cannot tell.',
  );
  return differing === 0 ? 0 : 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = await main();
