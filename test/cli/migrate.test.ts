// `touchline migrate`: a database of one's own is brought up to date, and looked at without being touched.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { emptyDatabase, type TestDatabase } from '../support/database.ts';
import { document, type Failure, type Program, programOn, run } from './run.ts';

interface Status {
  pending: number;
  migrations: { name: string; state: string }[];
  code: { state: string; package_build: number; applied_build: number | null };
  virtual_clock: boolean;
  seed_due_indexes: string[];
}

let database: TestDatabase;
let touchline: Program;

beforeAll(async () => {
  database = await emptyDatabase('cli_migrate');
  touchline = programOn(database.url);
});
afterAll(() => database.drop());

async function schemaIsThere(): Promise<boolean> {
  const { rows } = await database.query<{ there: boolean }>("select to_regnamespace('touchline') is not null as there");
  return rows[0]?.there === true;
}

describe('looking', () => {
  test('--status lists what is pending and touches nothing', async () => {
    const { code, out } = await touchline.run(['migrate', '--status']);
    expect(code).toBe(0);
    expect(out).toMatch(/^version +migration +state$/m);
    expect(out).toMatch(/^20260204000100 +create_campaigns +pending$/m);
    expect(out).toMatch(/^\d+ migrations pending; code build \d+ is not applied yet\.$/m);
    expect(await schemaIsThere()).toBe(false);
  });

  test('--print writes what psql would need, on stdout alone', async () => {
    const { code, out, err } = await touchline.run(['migrate', '--print']);
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain('create table touchline.campaigns');
    expect(await schemaIsThere()).toBe(false);
  });

  test('--print without a database starts none: it prints everything', async () => {
    const { code, out, err } = await run(['migrate', '--print', '--json']);
    expect(code).toBe(0);
    expect(err).toMatch(/^No database is named: this is everything an empty Postgres needs\..*\n$/);
    expect(JSON.parse(out)).toEqual({ sql: expect.stringContaining('create schema if not exists auth') });
  });
});

describe('migrating', () => {
  test('applies everything, and the second time nothing', async () => {
    const first = await touchline.run(['migrate']);
    expect(first.code).toBe(0);
    expect(first.out).toMatch(/^Brought the database up to date: \d+ migrations, code build \d+\.\n$/);
    expect(first.err).toContain('applied supabase/migrations/20260204000100_create_campaigns.sql\n');
    expect(await touchline.run(['migrate'])).toEqual({
      code: 0,
      out: 'Nothing to do: the database is up to date.\n',
      err: '',
    });
    expect(await touchline.json(['migrate'])).toMatchObject({
      applied: [],
      code: 'unchanged',
      platform_created: false,
    });
    const status = await touchline.json<Status>(['migrate', '--status']);
    expect(status).toMatchObject({
      pending: 0,
      code: { state: 'current' },
      virtual_clock: false,
      seed_due_indexes: [],
    });
  });

  test('--with seed-due-indexes says what they cost', async () => {
    const { code, out, err } = await touchline.run(['migrate', '--with', 'seed-due-indexes']);
    expect(code).toBe(0);
    expect(out).toContain('Made idx_enrollments_touch_1_due, idx_enrollments_touch_2_due');
    expect(err).toContain('about 45 % of the settle throughput');
    const status = await touchline.json<Status>(['migrate', '--status']);
    expect(status.seed_due_indexes).toHaveLength(4);
  });

  test('--virtual-clock is refused where people may be, by the guard', async () => {
    const ran = await touchline.run(['migrate', '--virtual-clock', '--json']);
    expect([ran.code, document<Failure>(ran).error.code]).toEqual([3, 'not_empty']);
  });

  test('--virtual-clock marks an empty database', async () => {
    const fresh = await emptyDatabase('cli_virtual');
    try {
      const there = programOn(fresh.url);
      expect((await there.run(['migrate', '--virtual-clock'])).code).toBe(0);
      expect(await there.json(['migrate', '--status'])).toMatchObject({ virtual_clock: true });
    } finally {
      await fresh.drop();
    }
  });
});
