// Writes every generated file, or with --check says which are out of date and writes nothing.
//
//   npm run gen             write
//   npm run gen -- --check  compare; exit 1 when a file differs from what its sources say
//
// A generator is a module in scripts/ that exports `generate()`, which returns (a promise of) GeneratedFiles, and is listed here.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** One generated file: its path from the root of the repository, and the whole text it should have. */
export interface GeneratedFile {
  path: string;
  text: string;
}

interface Generator {
  generate(): GeneratedFile[] | Promise<GeneratedFile[]>;
}

const root = fileURLToPath(new URL('..', import.meta.url));
const generators = ['migration-checksums', 'schema-snapshot', 'gen-rls-matrix', 'gen-types', 'gen-errors-doc'];

/** First line in which two texts differ, for a message that shows what is wrong without printing both files. */
function firstDifference(actual: string, wanted: string): string {
  const [actualLines, wantedLines] = [actual.split('\n'), wanted.split('\n')];
  const index = wantedLines.findIndex((line, number) => line !== actualLines[number]);
  const line = index === -1 ? wantedLines.length : index;
  return `line ${line + 1}: is ${JSON.stringify(actualLines[line])}, should be ${JSON.stringify(wantedLines[line])}`;
}

function check(file: GeneratedFile): boolean {
  const path = join(root, file.path);
  if (!existsSync(path)) {
    console.error(`${file.path} is missing.`);
    return false;
  }
  const actual = readFileSync(path, 'utf8');
  if (actual === file.text) return true;
  console.error(`${file.path} is out of date, ${firstDifference(actual, file.text)}.`);
  return false;
}

function write(file: GeneratedFile): void {
  const path = join(root, file.path);
  if (existsSync(path) && readFileSync(path, 'utf8') === file.text) return;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, file.text);
  console.log(`wrote ${file.path}`);
}

async function main(checkOnly: boolean): Promise<number> {
  let stale = 0;
  let total = 0;
  for (const name of generators) {
    const generator: Generator = await import(`./${name}.ts`);
    for (const file of await generator.generate()) {
      total += 1;
      if (!checkOnly) write(file);
      else if (!check(file)) stale += 1;
    }
  }
  if (stale > 0) {
    console.error(
      `${stale} of ${total} generated files differ from their sources. Run \`npm run gen\` and commit the result.`,
    );
    return 1;
  }
  console.log(`${total} generated files are current.`);
  return 0;
}

process.exitCode = await main(process.argv.includes('--check'));
