// Breaks the engine on purpose, one thing at a time, and asks whether the invariants notice: `npm run mutants`.
//
//   npm run mutants -- --only ignores-the-fence
//   npm run mutants -- --quick [--seed 7]      a third of them, another one each day
//   npm run mutants -- --verbose               how long each run takes
//   npm run mutants -- --write                 their table into docs/invariants.md
//
// Each scenario runs on the whole engine first and must break nothing. Then each mutant runs on a database of its own, and every
// invariant it is meant to break must say so. Exit 1 when one survives, when an invariant has no mutant, or when the whole
// engine broke an invariant.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { packageRoot } from '../src/db/migrate/source.ts';
import { openTestServer, type TestServer } from '../test/support/test-server.ts';
import { invariantFiles } from '../test/support/violations.ts';
import { mutants, tableLines, withoutMutant } from './mutants/list.ts';
import { type Mutant, placesOf, statementsOf } from './mutants/mutant.ts';
import { play, type Verdict } from './mutants/run.ts';
import type { ScenarioName } from './mutants/scenarios.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    quick: { type: 'boolean', default: false },
    seed: { type: 'string', default: String(Math.floor(Date.now() / 86_400_000)) },
    json: { type: 'boolean', default: false },
    verbose: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
});

/** Runs at once: one is busy in the database while the other is in JavaScript. */
const lanes = 3;
const page = join(packageRoot, 'docs/invariants.md');

const words = (error: unknown): string => (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';

async function inLanes<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const waiting = items.values();
  const lane = async (): Promise<void> => {
    for (const item of waiting) await work(item);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}

async function timed(what: string, verdict: Promise<Verdict>): Promise<Verdict> {
  const startedAt = performance.now();
  const known = await verdict;
  if (values.verbose) process.stderr.write(`${((performance.now() - startedAt) / 1000).toFixed(1)} s  ${what}\n`);
  return known;
}

function chosen(): readonly Mutant[] {
  if (values.only !== undefined) {
    const found = mutants.filter(({ name }) => name === values.only);
    if (found.length === 0)
      throw new Error(`There is no mutant ${values.only}. Known: ${mutants.map(({ name }) => name).join(', ')}.`);
    return found;
  }
  if (!values.quick) return mutants;
  return mutants.filter((_, index) => index % 3 === Number(values.seed) % 3);
}

/** Scenarios in which the whole engine breaks an invariant, or fails. */
async function unsound(server: TestServer, wanted: readonly ScenarioName[]): Promise<Map<ScenarioName, string>> {
  const wrong = new Map<ScenarioName, string>();
  await inLanes(wanted, async (scenario) => {
    const { broken, error } = await timed(scenario, play(server, scenario));
    if (error !== undefined) wrong.set(scenario, words(error));
    if (broken.size > 0) wrong.set(scenario, JSON.stringify([...broken]));
  });
  return wrong;
}

/** Prints what became of a mutant. On an unsound scenario nothing it broke proves anything. */
function report(mutant: Mutant, { broken, error }: Verdict, isSound: boolean): boolean {
  const { name, what, scenario, breaks } = mutant;
  const missed = breaks.filter((invariant) => !broken.has(invariant));
  const caught = isSound && missed.length === 0;
  const fate = isSound ? 'SURVIVED' : 'UNPROVED';
  console.log(`${caught ? 'caught  ' : fate}  ${name} → ${[...broken.keys()].toSorted().join(', ') || 'nothing'}`);
  console.log(`          ${what}; ${placesOf(mutant)}`);
  if (missed.length > 0) {
    console.log(`          ${scenario}: not noticed by ${missed.join(', ')}`);
    if (error !== undefined) console.log(`          the scenario ended with: ${words(error)}`);
  }
  return caught;
}

async function run(server: TestServer, wanted: readonly Mutant[]): Promise<number> {
  const wrong = await unsound(server, [...new Set(wanted.map(({ scenario }) => scenario))]);
  for (const [scenario, what] of wrong) console.log(`UNSOUND   ${scenario}: the engine as it is gives ${what}`);
  const verdicts = new Map<Mutant, Verdict>();
  await inLanes(wanted, async (mutant) => {
    verdicts.set(mutant, await timed(mutant.name, play(server, mutant.scenario, mutant)));
  });
  const caught = wanted.filter((mutant) => {
    const verdict = verdicts.get(mutant);
    return verdict !== undefined && report(mutant, verdict, !wrong.has(mutant.scenario));
  });
  const isWhole = wanted.length === mutants.length;
  const bare = isWhole ? withoutMutant(caught.flatMap(({ breaks }) => breaks)) : withoutMutant();
  if (bare.length > 0) console.log(`Without a mutant: ${bare.join(', ')}.`);
  const survived = wanted.length - caught.length;
  const line = {
    mutants: wanted.length,
    caught: caught.length,
    survived,
    invariants: invariantFiles.length,
    invariants_without_mutant: bare.length,
  };
  console.log(
    values.json
      ? JSON.stringify(line)
      : `${caught.length} of ${wanted.length} mutants caught, ${bare.length} of ${invariantFiles.length} invariants without one.`,
  );
  return survived + bare.length + wrong.size === 0 ? 0 : 1;
}

function write(): number {
  const text = readFileSync(page, 'utf8');
  const place = /(?<=<!-- mutants -->\n)[\s\S]*(?=<!-- end of mutants -->)/;
  if (!place.test(text)) throw new Error(`${page} has no place for the table of mutants.`);
  writeFileSync(
    page,
    text.replace(place, () => `${tableLines().join('\n')}\n`),
  );
  return 0;
}

async function main(): Promise<number> {
  if (values.write) return write();
  const wanted = chosen();
  // All of them before the first database is made: a text that is gone is a mutant to be mended.
  for (const mutant of wanted) statementsOf(mutant);
  const { server, close } = await openTestServer(process.env.TEST_DATABASE_URL);
  try {
    return await run(server, wanted);
  } finally {
    await close();
  }
}

process.exitCode = await main();
