// Runs one bench of bench/, each of which answers one question about speed or size:
//
//   npm run bench -- NAME            at full size
//   npm run bench -- NAME --quick    small: proves that the bench works, its figures mean little
//   npm run bench -- NAME --json     ends with one line, an object
//   npm run bench -- all --quick     one after the other, on one server
//
// A bench may have options of its own, which it exports: --rows 1000000, and flags: --rivals.
//
// BENCH_DATABASE_URL: a server to measure on (a superuser's URL) instead of the bundled one with durable settings.
// BENCH_ROOT: a folder with sql/ and supabase/ to measure instead of this package's, to compare a change with what is.
import { readdirSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { createReport, type Report } from '../bench/support/report.ts';
import { withSharedServer } from '../bench/support/server.ts';

interface Bench {
  run(report: Report): Promise<void>;
  /** Its own options and what each means; the value is a whole number. */
  options?: Readonly<Record<string, string>>;
  /** Its own flags and what each does. */
  flags?: Readonly<Record<string, string>>;
}

const folder = new URL('../bench/', import.meta.url);

/** Stands for every bench that there is. */
const every = 'all';

function names(): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.ts'))
    .map((name) => name.slice(0, -'.ts'.length));
}

/** The question that a bench answers: the first line of its file. */
function questionOf(name: string): string {
  return (
    readFileSync(new URL(`${name}.ts`, folder), 'utf8')
      .split('\n', 1)[0]
      ?.replace(/^\/\/ /, '') ?? ''
  );
}

function refuse(problem: string): number {
  const benches = names().map((name) => `  ${name.padEnd(16)} ${questionOf(name)}`);
  console.error([problem, 'Usage: npm run bench -- NAME [--quick] [--json]', ...benches].join('\n'));
  return 2;
}

interface Wish {
  quick: boolean;
  json: boolean;
  /** The values of the bench's own options. */
  values: Map<string, number>;
  /** Those of the bench's own flags that are set. */
  flags: Set<string>;
}

/** @throws Error what is wrong with these arguments */
function read(args: string[], { options = {}, flags = {} }: Omit<Bench, 'run'>): Wish {
  const each = <T extends string>(names: object, type: T): Record<string, { type: T }> =>
    Object.fromEntries(Object.keys(names).map((name) => [name, { type }]));
  const common = { quick: { type: 'boolean' }, json: { type: 'boolean' } } as const;
  const parsed = parseArgs({ args, options: { ...each(options, 'string'), ...each(flags, 'boolean'), ...common } });
  const { quick = false, json = false, ...given } = parsed.values;
  const wish: Wish = { quick: quick === true, json: json === true, values: new Map(), flags: new Set() };
  for (const [name, text] of Object.entries(given)) {
    if (name in flags) wish.flags.add(name);
    else if (/^[1-9]\d*$/.test(String(text))) wish.values.set(name, Number(text));
    else throw new Error(`--${name} takes a whole number: ${options[name]}.`);
  }
  return wish;
}

const imported = (name: string): Promise<Bench> => import(new URL(`${name}.ts`, folder).href);

async function measure(name: string, bench: Bench, wish: Wish): Promise<void> {
  const report = createReport(name, wish.quick, wish.values, wish.flags);
  await bench.run(report);
  if (wish.json) console.log(JSON.stringify(report.result()));
}

async function measureAll(wish: Wish): Promise<void> {
  await withSharedServer(async () => {
    for (const name of names()) {
      console.log(`\n-- ${name}`);
      const begun = performance.now();
      await measure(name, await imported(name), wish);
      console.log(`(${Math.round((performance.now() - begun) / 1000)} s)`);
    }
  });
}

async function main([name, ...args]: string[]): Promise<number> {
  if (name === undefined || name.startsWith('-')) return refuse('Which bench?');
  if (name !== every && !names().includes(name)) return refuse(`There is no bench ${name}.`);
  const bench: Bench | undefined = name === every ? undefined : await imported(name);
  let wish: Wish;
  try {
    wish = read(args, bench ?? {});
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
  await (bench === undefined ? measureAll(wish) : measure(name, bench, wish));
  return 0;
}

process.exitCode = await main(process.argv.slice(2));
