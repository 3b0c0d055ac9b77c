// `npm run seed:check` holds, agrees with the page, and notices every kind of change it is there for.
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Catalog, readCatalog } from '../../scripts/seed-check/catalog.ts';
import { compareSeed, readPage, statements } from '../../scripts/seed-check/compare.ts';
import { documented, migrationFiles } from '../../scripts/seed-check/facts.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { seedMutants } from './seed-mutants.ts';

let database: TestDatabase;
let client: pg.PoolClient;

beforeAll(async () => {
  database = await testDatabase('seed_check');
  client = await database.pool.connect();
});
afterAll(async () => {
  client.release();
  await database.drop();
});

/** The catalog after a change, which is then taken back. */
async function catalogAfter(sql: string): Promise<Catalog> {
  await client.query('begin');
  try {
    await client.query(sql);
    return await readCatalog(client);
  } finally {
    await client.query('rollback');
  }
}

const broken = (catalog: Catalog): string[] =>
  compareSeed(catalog)
    .filter(({ differences }) => differences.length > 0)
    .map(({ id, differences }) => `${id}: ${differences.join('; ')}`);

const idsOf = (lines: readonly string[]): string[] => lines.map((line) => line.split(':')[0] ?? '');

describe('the statements of the seed', () => {
  test('hold in a fresh database', async () => {
    expect(broken(await catalogAfter('select 1'))).toEqual([]);
  });

  test('are the rows with an id on the page, each once', () => {
    const ids = readPage()
      .map(({ id }) => id)
      .filter((id) => id !== '');
    expect(ids.toSorted()).toEqual(Object.keys(statements).toSorted());
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBeGreaterThan(100);
  });

  test('that are missing on one side are named', async () => {
    const rows = readPage('| D1 | words | kept | form |\n| X9 | words | kept | form |');
    const answers = compareSeed(await catalogAfter('select 1'), rows);
    expect(answers.find(({ id }) => id === 'X9')?.differences).toEqual(['scripts/seed-check has no such statement']);
    expect(answers.find(({ id }) => id === 'T1')?.differences).toEqual(['docs/seed-to-touchline.md has no such id']);
  });
});

describe('a change of the schema', () => {
  test.each(seedMutants)('is noticed: %s', async (sql, ids) => {
    expect(idsOf(broken(await catalogAfter(sql)))).toEqual(expect.arrayContaining(ids.split(' ')));
  });

  test('can break every statement that is about the catalog', () => {
    const ofFiles = ['D8', 'M25', 'M26', 'M27', 'M28', 'V1', 'V4'];
    const breakable = new Set([...ofFiles, ...seedMutants.flatMap(([, ids]) => ids.split(' '))]);
    expect(Object.keys(statements).filter((id) => !breakable.has(id))).toEqual([]);
  });

  test('and a missing file or section is noticed too', async () => {
    const catalog = await catalogAfter('select 1');
    expect(documented('campaigns', 'no_such_table')(catalog)).toEqual([
      'docs/DATA_MODEL.md has no section no_such_table',
    ]);
    expect(migrationFiles('create_campaigns', 'no_such')(catalog)).toEqual([
      'supabase/migrations has no …_no_such.sql',
    ]);
  });
});
