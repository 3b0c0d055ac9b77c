// What every command has in common: usage, help, streams, exit codes, settings, an unreachable or outdated database.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildProgram } from '../../src/cli/program.ts';
import { emptyDatabase, type TestDatabase } from '../support/database.ts';
import { document, type Failure, programOn, run } from './run.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };

describe('help and version', () => {
  test('--version prints the version of the package, and nothing else', async () => {
    expect(await run(['--version'])).toEqual({ code: 0, out: `${version}\n`, err: '' });
  });

  test('--help is data: it goes to stdout', async () => {
    const { code, out, err } = await run(['--help']);
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain('Usage: touchline');
    expect(out).toContain('Exit codes: 0 ok, 1 failed, 2 usage, 3 refused by a guard.');
  });

  const program = buildProgram(
    { stdout: { write: () => 0 }, stderr: { write: () => 0 }, stdin: process.stdin },
    () => 0,
  );
  const paths = program.commands.flatMap((command) =>
    command.commands.length === 0
      ? [[command.name()]]
      : command.commands.map((inner) => [command.name(), inner.name()]),
  );

  test.each(paths.map((path) => [path.join(' '), path] as const))(
    '%s has a description and the common options',
    async (_, path) => {
      const { code, out } = await run([...path, '--help']);
      expect(code).toBe(0);
      expect(out).toMatch(/^Usage: touchline .+\n\n\S.+\n/);
      expect(out).toContain('--json');
      expect(out).toContain('--database-url <url>');
    },
  );

  test('a group without a command shows its help on stderr, as it is a mistake', async () => {
    const { code, out, err } = await run(['business']);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain('Usage: touchline business');
    expect(err).toContain('touchline: No command was given. See touchline business --help.');
  });
});

test('help for a command that does not exist says which may have been meant', async () => {
  const { code, out, err } = await run(['help', 'campain']);
  expect([code, out]).toEqual([2, '']);
  expect(err).toMatch(/\ntouchline: Unknown command 'campain'\. Did you mean campaign\? See touchline --help\.\n$/);
});

describe('a command that is written wrongly', () => {
  test.each([
    [['busines', 'list'], "Unknown command 'busines'. Did you mean business? See touchline --help."],
    [['campaign', 'puase', 'x'], "Unknown command 'puase'. Did you mean pause? See touchline campaign --help."],
    [['migrate', '--jsn'], "Unknown option '--jsn'. Did you mean --json? See touchline migrate --help."],
    [['business', 'set', '--postal-adress', 'x'], "Unknown option '--postal-adress'. Did you mean --postal-address?"],
    [
      ['migrate', '--with', 'seed-due-index'],
      'There is nothing called seed-due-index to add. Did you mean seed-due-indexes?',
    ],
    [['migrate', '--status', '--print'], "Option '--status' cannot be used with option '--print'."],
    [['business', 'add', '--time-zone', 'UTC'], "Required option '--name <text>' not specified."],
    [['business', 'list', 'extra'], "Too many arguments for 'list'. Expected 0 arguments but got 1."],
    [['campaign', 'show'], "Missing required argument 'campaign'."],
    [['business', 'set', '--max-late-hours', 'two'], 'It must be a whole number.'],
    [['business', 'add', '--name', 'A', '--time-zone', 'UTC', '--service-types', 'plumming'], 'Did you mean plumbing?'],
  ])('%j is one line that says what was meant, and exit code 2', async (args, message) => {
    const { code, out, err } = await run(args);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(`${message}`);
    expect(err).toMatch(/^touchline: [^\n]+\n$/);
  });

  test('with --json, stdout has one document with the same words', async () => {
    const ran = await run(['busines', 'list', '--json']);
    expect(ran.code).toBe(2);
    expect(document<Failure>(ran).error).toEqual({
      code: 'usage',
      what: "Unknown command 'busines'. Did you mean business?",
      why: '',
      fix: 'See touchline --help.',
    });
  });
});

describe('the settings of the environment', () => {
  test('one that is misspelt is told, and the command goes on', async () => {
    const { code, err } = await run(['config'], { env: { TOUCHLINE_DATADIR: 'x' } });
    expect(code).toBe(0);
    expect(err).toBe('TOUCHLINE_DATADIR is not a setting of Touchline. Did you mean TOUCHLINE_DATA_DIR?\n');
  });

  test('a value that cannot be is a usage error that names it', async () => {
    const { code, out, err } = await run(['business', 'list'], { env: { PORT: 'four' } });
    expect([code, out]).toEqual([2, '']);
    expect(err).toBe('touchline: PORT must be a number from 0 to 65535 (0: any free port), got "four".\n');
  });

  test('colours only for a terminal, never with NO_COLOR, never in JSON', async () => {
    const colour = '\u001b[';
    expect((await run(['config'], { terminal: true })).out).toContain(colour);
    expect((await run(['config'])).out).not.toContain(colour);
    expect((await run(['config'], { terminal: true, env: { NO_COLOR: '1' } })).out).not.toContain(colour);
    expect((await run(['config', '--json'], { terminal: true })).out).not.toContain(colour);
  });
});

describe('the database', () => {
  let empty: TestDatabase;

  beforeAll(async () => {
    empty = await emptyDatabase('cli_empty');
  });
  afterAll(() => empty.drop());

  test('that nobody serves is named without its password', async () => {
    const { code, out, err } = await run([
      'business',
      'list',
      '--database-url',
      'postgres://ann:hidden@127.0.0.1:1/app',
    ]);
    expect([code, out]).toEqual([1, '']);
    expect(err).toBe(
      'touchline: The database postgres://ann:***@127.0.0.1:1/app cannot be reached. Nothing listens there. ' +
        'Check DATABASE_URL or --database-url, and that the server runs; without either, the embedded Postgres is used.\n',
    );
  });

  test('whose password is wrong says so in the words of the server', async () => {
    const url = new URL(empty.url);
    url.username = 'nobody_of_this_name';
    const { code, err } = await run(['business', 'list', '--database-url', url.href]);
    expect(code).toBe(1);
    expect(err).toMatch(/cannot be reached\. .*nobody_of_this_name/);
  });

  test('of another kind is refused', async () => {
    const { code, err } = await run(['business', 'list', '--database-url', 'mysql://ann:hidden@db/app']);
    expect(code).toBe(2);
    expect(err).toContain('--database-url must be a URL like postgres://');
    expect(err).not.toContain('hidden');
  });

  test('that was never migrated is left alone: a guard says what to run', async () => {
    const ran = await programOn(empty.url).run(['business', 'list', '--json']);
    expect(ran.code).toBe(3);
    expect(document<Failure>(ran).error).toMatchObject({
      code: 'schema_not_current',
      fix: 'Run touchline migrate (touchline migrate --status shows what is pending).',
    });
    expect((await empty.query("select to_regnamespace('touchline') as found")).rows).toEqual([{ found: null }]);
  });

  test('can be named by DATABASE_URL as well, and the option goes first', async () => {
    const env = { DATABASE_URL: 'postgres://ann:hidden@127.0.0.1:1/app' };
    expect((await run(['business', 'list'], { env })).err).toContain('127.0.0.1:1/app');
    expect((await run(['business', 'list', '--database-url', empty.url], { env })).code).toBe(3);
  });
});
