// One table of errors: what SQL raises is in it, what is in it is raised, and nothing a person wrote leaks through an error.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generate } from '../../scripts/gen-errors-doc.ts';
import { type ErrorRow, errorTable, type Problem, postgresTable, problemOf, TouchlineError } from '../../src/errors.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Texts of a folder's files, by path; what is generated from them is left out. */
function texts(folder: string, pattern: RegExp): [string, string][] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => pattern.test(name) && !/snapshot|^build|^errors\.md/.test(name))
    .map((name) => [`${folder}/${name}`, readFileSync(join(root, folder, name), 'utf8')]);
}

const sql = [...texts('sql', /\.sql$/), ...texts('supabase/migrations', /\.sql$/)];
// Semicolons inside quotes do not end a statement.
const raisePattern = /raise exception (?:'(?:[^']|'')*'|[^';])*;/g;
const raises = sql.flatMap(([path, text]) =>
  [...text.matchAll(raisePattern)].flatMap(([statement]) => {
    const [, code] = /errcode = '(TL\d{3})'/.exec(statement) ?? [];
    return code === undefined ? [] : [{ path, code, statement }];
  }),
);
const rows: [string, ErrorRow][] = Object.entries(errorTable);

describe('the table of errors', () => {
  it('has a row for every code that SQL raises', () => {
    const codes = new Set(
      sql.flatMap(([, text]) => [...text.matchAll(/errcode = '(TL\d{3})'/g)].map(([, code]) => code)),
    );
    expect([...codes].filter((code) => !rows.some(([known]) => known === code)).toSorted()).toEqual([]);
    expect(codes.size).toBeGreaterThan(5);
  });

  it('has no row that nothing raises', () => {
    const raised = new Set(raises.map(({ code }) => code));
    expect(rows.map(([code]) => code).filter((code) => !raised.has(code))).toEqual([]);
  });

  it('gives each code one name, which headers and pages use', () => {
    const names = rows.map(([, { name }]) => name);
    expect(new Set(names).size).toBe(names.length);
    const pages = [...sql, ...texts('docs', /\.md$/)];
    const told = pages.flatMap(([path, text]) =>
      [...text.matchAll(/\b(TL\d{3}) `?([a-z]\w*_\w+)/g)].map(([, code = '', name = '']) => ({ path, code, name })),
    );
    expect(told.length).toBeGreaterThan(10);
    expect(told.filter(({ code, name }) => rows.find(([known]) => known === code)?.[1].name !== name)).toEqual([]);
  });

  it('is raised with why and what to do', () => {
    const silent = raises.filter(({ statement }) => !/\bdetail =/.test(statement) || !/\bhint =/.test(statement));
    expect(silent.map(({ path, statement }) => `${path}: ${statement}`)).toEqual([]);
  });

  it('speaks in whole sentences', () => {
    const words = [...rows, ...Object.entries(postgresTable)].flatMap(([, { what, why, fix }]) => [what, why, fix]);
    expect(words.filter((text) => !/^[A-Zd].*\.$/.test(text))).toEqual([]);
  });

  it('is the page docs/errors.md', () => {
    const [page] = generate();
    for (const [code, { name, what }] of rows) {
      expect(page?.text).toContain(`### ${code} \`${name}\``);
      expect(page?.text).toContain(what);
    }
    for (const state of Object.keys(postgresTable)) expect(page?.text).toContain(`\`${state}\``);
  });
});

describe('an error', () => {
  it('of TypeScript takes the general words unless it has its own', () => {
    const cause = new Error('why');
    const error = new TouchlineError('TL201', { what: 'There is no such job.', cause });
    expect(error).toMatchObject({ code: 'TL201', message: 'There is no such job.', cause });
    expect(problemOf(error)).toEqual({
      code: 'not_found',
      what: 'There is no such job.',
      why: errorTable.TL201.why,
      fix: 'Check the ids.',
      status: 404,
      exitCode: 1,
    });
  });

  it('of anything else is unexpected, and told by its message', () => {
    expect(problemOf(new RangeError('no'))).toMatchObject({ code: 'unexpected', what: 'no', status: 500, exitCode: 1 });
    expect(problemOf('no')).toMatchObject({ code: 'unexpected', what: 'no' });
    const system = Object.assign(new Error('write EPIPE'), { code: 'EPIPE' });
    expect(problemOf(system)).toMatchObject({ code: 'unexpected', what: 'write EPIPE' });
  });
});

describe('an error of the database', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await testDatabase('errors');
  });
  afterAll(() => database.drop());

  async function problem(statement: string): Promise<Problem> {
    return database.query(statement).then(
      () => expect.fail(`${statement} did not fail`),
      (error: unknown) => problemOf(error),
    );
  }

  it('that is ours keeps its words', async () => {
    expect(await problem('select touchline.require_worker()')).toEqual({
      code: 'called_as_owner',
      what: expect.stringMatching(/^This function is for the worker, not for role \w+\.$/),
      why: 'Nothing of Touchline runs as the owner of its tables: row level security would not hold.',
      fix: 'Begin the transaction with: set local role touchline_worker.',
      status: 500,
      exitCode: 3,
    });
  });

  it('that a newer database raises keeps its words as well', async () => {
    const statement = `do $$ begin raise exception 'New' using errcode = 'TL999', detail = 'Why', hint = 'Do.'; end $$`;
    expect(await problem(statement)).toMatchObject({
      code: 'tl999',
      what: 'New.',
      why: 'Why.',
      fix: 'Do.',
      status: 500,
    });
  });

  it.each([
    ['a failing row', 'insert into touchline.users (email) values ($$Secret@example.test$$)', 'invalid_value'],
    ['a taken key', 'insert into touchline.users (email) values ($$secret@example.test$$)', 'already_exists'],
    ['a malformed value', `select 'Secret@example.test'::uuid`, 'invalid_value'],
    ['a missing value', `insert into touchline.code_files values ('secret')`, 'invalid_value'],
    [
      'a missing reference',
      `insert into touchline.business_members select gen_random_uuid(), gen_random_uuid(), 'viewer'`,
      'reference_invalid',
    ],
    ['a missing function', 'select touchline.secret()', 'schema_not_current'],
    ["somebody else's trigger", `do $$ begin raise exception 'secret' using hint = 'secret'; end $$`, 'database_error'],
  ])('S14 never forwards what Postgres says of %s', async (_, statement, code) => {
    await database.query(`insert into touchline.users (email) values ('secret@example.test') on conflict do nothing`);
    const found = await problem(statement);
    expect(found.code).toBe(code);
    expect(JSON.stringify(found).toLowerCase()).not.toContain('secret');
    expect(found.what).not.toBe('');
  });

  it('names the rule that a row breaks', async () => {
    const found = await problem(`insert into touchline.users (email) values ('Upper@example.test')`);
    expect(found.why).toContain('The rule: users_email.');
  });
});
