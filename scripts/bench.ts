// Runs one bench of bench/, each of which answers one question about speed or size:
//
//   npm run bench -- NAME            at full size
//   npm run bench -- NAME --quick    small: proves that the bench works, its figures mean little
//   npm run bench -- NAME --json     ends with one line, an object
//
// BENCH_DATABASE_URL: a server to measure on (a superuser's URL) instead of the bundled one with durable settings.
// BENCH_ROOT: a folder with sql/ and supabase/ to measure instead of this package's, to compare a change with what is.
import { readdirSync, readFileSync } from 'node:fs';
import { createReport, type Report } from '../bench/support/report.ts';

interface Bench {
  run(report: Report): Promise<void>;
}

const folder = new URL('../bench/', import.meta.url);

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
  const benches = names().map((name) => `  ${name.padEnd(12)} ${questionOf(name)}`);
  console.error([problem, 'Usage: npm run bench -- NAME [--quick] [--json]', ...benches].join('\n'));
  return 2;
}

async function main(args: readonly string[]): Promise<number> {
  const [name, ...others] = args.filter((argument) => !argument.startsWith('--'));
  const unknown = args.find((argument) => argument.startsWith('--') && !['--quick', '--json'].includes(argument));
  if (unknown !== undefined) return refuse(`There is no option ${unknown}.`);
  if (name === undefined) return refuse('Which bench?');
  if (others.length > 0) return refuse('One bench at a time.');
  if (!names().includes(name)) return refuse(`There is no bench ${name}.`);
  const bench: Bench = await import(new URL(`${name}.ts`, folder).href);
  const report = createReport(name, args.includes('--quick'));
  await bench.run(report);
  if (args.includes('--json')) console.log(JSON.stringify(report.result()));
  return 0;
}

process.exitCode = await main(process.argv.slice(2));
