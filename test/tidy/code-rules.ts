// Rules about every source file: sizes, names, debts, and the two things that have one home, the clock and the environment.
import { type Exception, excepted, file, type Rule } from './rule.ts';
import { codeOnly, matches, type SourceFile, withoutComments } from './source-file.ts';

const isCode = ({ path }: SourceFile): boolean => /\.(?:tsx?|m?js|sql)$/.test(path);
const isTypeScript = ({ path }: SourceFile): boolean => /\.tsx?$/.test(path);
// The rules' own examples are violations on purpose.
const isExample = ({ path }: SourceFile): boolean => path.startsWith('test/tidy/');

const lineCount = (text: string): number => text.trimEnd().split('\n').length;
const longFile = Array.from({ length: 401 }, () => '-');

const fileSize: Rule = {
  name: 'a file has at most 400 lines',
  why: 'A file is one noun or one verb; a longer one holds two things and is read by nobody.',
  fix: 'Split it along what it talks about. Generated files and snapshots are exempt.',
  check: (files) =>
    files
      .filter((source) => isCode(source) && !/generated|snapshot/.test(source.path))
      .filter((source) => lineCount(source.text) > 400)
      .map((source) => `${source.path} has ${lineCount(source.text)} lines`),
  caught: [[file('src/domain/a.ts', ...longFile)], [file('sql/views/a.sql', ...longFile)]],
  allowed: [[file('src/generated/a.ts', ...longFile)], [file('src/domain/a.ts', ...longFile.slice(1))]],
};

const fileNames: Rule = {
  name: 'no file is called utils, helpers, common, shared, misc or manager',
  why: 'Such a name says nothing, so everything ends up in it.',
  fix: 'Name the file after the one thing in it.',
  check: (files) =>
    files
      .map((source) => source.path)
      .filter((path) => /(?:^|[/_-])(?:utils?|helpers?|commons?|shared|misc|managers?)(?=[/._-])/i.test(path)),
  caught: [[file('src/domain/utils.ts', '')], [file('test/helpers/a.ts', '')], [file('src/db/pool-manager.ts', '')]],
  allowed: [[file('src/domain/render.ts', '')], [file('src/cli/campaign.ts', '')]],
};

// Character classes, so that a search for the debts of this repository does not find this list.
const debtPattern =
  /\b(?:TO[D]O|FIXM[E]|XX[X]|HAC[K])\b|\bas an[y]\b|@ts-(?:ignor[e]|nocheck)|\b(?:it|test|describe|suite)\.(?:onl[y]|ski[p]|tod[o])\b|biome-ignor[e]|eslint-disabl[e]/g;

const debts: Rule = {
  name: 'no debts: no reminders, no silenced checkers, no left-out tests',
  why: 'A reminder in the code is work nobody does, and a silenced check is a hole nobody sees.',
  fix: 'Do it now, or leave it out and say so in the change log. Where a checker is wrong, change its configuration and say why there.',
  check: (files) =>
    files
      .filter((source) => isCode(source) && !isExample(source))
      .flatMap((source) => matches(source.path, source.text, debtPattern)),
  caught: [
    [file('src/domain/a.ts', '// TO' + 'DO later')],
    [file('src/domain/a.ts', 'const a = b as an' + 'y;')],
    [file('test/a.test.ts', 'it.on' + "ly('x', () => {});")],
  ],
  allowed: [[file('src/domain/a.ts', "const as = 'any'; // todos are a noun")]],
};

const clockExceptions: Exception[] = [
  { path: 'src/engine/clock.ts', reason: 'the clock itself' },
  { path: 'src/embedded/', reason: 'waits for an operating-system process; no business time is involved' },
];

const clock: Rule = {
  name: 'there is one clock: engine/clock.ts',
  why: 'Time is an argument everywhere, or simulations, tests and `--now` disagree with what the worker does.',
  fix: 'Take `now` as a parameter, or the Clock port where time goes on. A place without business time gets an exception with its reason in test/tidy/code-rules.ts.',
  check: (files) =>
    files
      .filter((source) => source.path.startsWith('src/') && isTypeScript(source))
      .filter((source) => !excepted(source.path, clockExceptions))
      .flatMap((source) =>
        matches(
          source.path,
          codeOnly(source),
          /\bDate\s*\.\s*now\b|\bnew\s+Date\s*(?:\(\s*\)|(?!\s*\())|(?<!new\s+)\bDate\s*\(\s*\)|\bperformance\s*\.\s*now\b|\bhrtime\b|\bTemporal\s*\.\s*Now\b/g,
        ),
      ),
  caught: [
    [file('src/domain/a.ts', 'const now = Date.now();')],
    [file('src/http/a.ts', 'const now = new Date();')],
    [file('src/cli/a.ts', 'say(`${new Date( )}`);')],
    [file('src/worker/a.ts', 'const start = performance.now();')],
  ],
  allowed: [
    [file('src/engine/clock.ts', 'export const now = () => new Date();')],
    [file('src/domain/a.ts', 'const day = new Date(text); // not Date.now()')],
    [file('test/a.test.ts', 'const now = Date.now();')],
  ],
};

const environmentPattern =
  /\bprocess\s*(?:\?\.|\.)\s*env\b|\bprocess\s*\[|\{[^{}]*\benv\b[^{}]*\}\s*=\s*process\b|\{[^{}]*\benv\b[^{}]*\}\s*from\s*['"](?:node:)?process['"]/g;

const environment: Rule = {
  name: 'src/config.ts is the only reader of the environment',
  why: 'Only then can `touchline config` print every setting, and only then is a misspelt one noticed.',
  fix: 'Add the setting to src/config.ts and pass the value on.',
  check: (files) =>
    files
      .filter((source) => source.path.startsWith('src/') && isTypeScript(source) && source.path !== 'src/config.ts')
      .flatMap((source) => matches(source.path, withoutComments(source), environmentPattern)),
  caught: [
    [file('src/cli/a.ts', 'const port = process.env.PORT;')],
    [file('src/cli/a.ts', 'const { env } = process;')],
    [file('src/http/a.ts', "import { env } from 'node:process';")],
  ],
  allowed: [
    [file('src/config.ts', 'const port = process.env.PORT;')],
    [file('src/cli/a.ts', '// process.env', 'process.exit')],
  ],
};

const machinePaths: Rule = {
  name: 'no paths of one machine',
  why: 'They work for one person and tell the rest about that person.',
  fix: 'Make the path relative, take it as an argument, or use os.tmpdir().',
  check: (files) =>
    files
      .filter((source) => !isExample(source))
      .flatMap((source) =>
        matches(
          source.path,
          source.text,
          /(?<![\w.:/])\/(?:home|Users|work|farm)\/[\w.-]+|\b[A-Z]:\\Users\\|\/tmp\/(?:tl|bash_jobs)\b/g,
        ),
      ),
  caught: [[file('README.md', 'cd /home/ann/touchline')], [file('src/a.ts', "const x = '/Users/ann/x';")]],
  allowed: [[file('README.md', 'https://example.com/home/ann and /var/lib/touchline')]],
};

export const codeRules = [fileSize, fileNames, debts, clock, environment, machinePaths];
