// Every known defect of prior art beside the tests that keep it out: `npm run defects`. A test claims a defect by naming its number in
// its title: "… (defect 7)" or "defects 6, 30 …". Exit 1 when a defect of a part that is built has no test.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defects } from './defects/list.ts';

export interface Claim {
  number: number;
  /** `file: title`. */
  test: string;
}

// A title is the first argument of it or describe, or the name of a row that a test runs over.
const titlePattern = /(?:\b(?:it|test|describe)(?:\.each\([\s\S]*?\))?\(\s*|\bname: )(['"`])((?:(?!\1)[^\\]|\\.)*)\1/g;

/** The defects that the titles of one test file name. */
export function claimsOf(path: string, text: string): Claim[] {
  return [...text.matchAll(titlePattern)].flatMap(([, , title = '']) =>
    [...title.matchAll(/\bdefects? ((?:\d+(?:, | and )?)+)/gi)].flatMap(([, numbers = '']) =>
      (numbers.match(/\d+/g) ?? []).map((number) => ({ number: Number(number), test: `${path}: ${title}` })),
    ),
  );
}

/** The defects that all tests of the repository name. */
export function readClaims(root: string): Claim[] {
  return readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .toSorted()
    .flatMap((path) => claimsOf(`test/${path}`, readFileSync(join(root, 'test', path), 'utf8')));
}

const built = new Set(['Ground', 'Engine']);

/** Defects of built parts that no test names. */
export function unclaimed(claims: readonly Claim[]): number[] {
  const named = new Set(claims.map(({ number }) => number));
  return defects.filter(({ part, number }) => built.has(part) && !named.has(number)).map(({ number }) => number);
}

function print(claims: readonly Claim[]): void {
  for (const { number, part, what } of defects) {
    const tests = claims.filter((claim) => claim.number === number).map(({ test }) => test);
    const shown = tests.length > 0 ? tests : [built.has(part) ? 'NO TEST' : 'later'];
    console.log(`${String(number).padStart(2)}  ${part.padEnd(9)}  ${what}`);
    for (const test of shown) console.log(`      ${test}`);
  }
}

function main(): number {
  const claims = readClaims(fileURLToPath(new URL('..', import.meta.url)));
  print(claims);
  const missing = unclaimed(claims);
  const count = defects.filter(({ part }) => built.has(part)).length;
  console.log(
    `${count - missing.length} of ${count} defects of built parts have a test; ${defects.length - count} are later.`,
  );
  if (missing.length > 0) console.error(`Without a test: ${missing.join(', ')}.`);
  return missing.length === 0 ? 0 : 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = main();
