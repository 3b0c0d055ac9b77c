// The package's own SQL on a real server: from zero, again, at once, in parts.
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { catalogSnapshot } from '../../src/db/catalog-snapshot.ts';
import { migrate, migrationStatus, printMigrations } from '../../src/db/migrate/index.ts';
import { packageRoot, readSource } from '../../src/db/migrate/source.ts';
import { emptyDatabase, type TestDatabase, testDatabase } from '../support/database.ts';
import { connected } from './migrate-source.ts';

const migrationFiles = readdirSync(join(packageRoot, 'supabase/migrations')).toSorted();
const fingerprint = `
  select pg_catalog.md5(pg_catalog.string_agg(line, ',' order by line)) as fingerprint, count(*)::integer as rows from (
    select 'function ' || oid || ' ' || xmin as line from pg_catalog.pg_proc where pronamespace = 'touchline'::pg_catalog.regnamespace
    union all
    select 'relation ' || oid || ' ' || xmin from pg_catalog.pg_class where relnamespace = 'touchline'::pg_catalog.regnamespace
    union all
    select 'policy ' || oid || ' ' || xmin from pg_catalog.pg_policy
    union all
    select 'ledger ' || version || ' ' || xmin from supabase_migrations.schema_migrations
    union all
    select 'code file ' || path || ' ' || xmin from touchline.code_files
    union all
    select 'installation ' || xmin from touchline.installation) lines`;

describe('a database from zero (defects 1, 90)', () => {
  let database: TestDatabase;
  let fresh = '';

  beforeAll(async () => {
    database = await testDatabase('migrate');
    fresh = await connected(database.url, (client) => catalogSnapshot(client));
  });
  afterAll(() => database.drop());

  test('has every migration, all code and nothing left to do', async () => {
    const status = await connected(database.url, (client) => migrationStatus(client));
    expect(status.migrations.map(({ state }) => state)).toEqual(migrationFiles.map(() => 'applied'));
    expect(status.code).toMatchObject({ state: 'current', changed: [], vanished: [] });
    expect(status).toMatchObject({ virtualClock: false, seedDueIndexes: [] });
  });

  test('is not touched by a second run', async () => {
    const before = (await database.query(fingerprint)).rows[0];
    const report = await connected(database.url, (client) => migrate(client));
    expect(report).toMatchObject({ applied: [], code: 'unchanged', codeFiles: [], platformCreated: false });
    expect((await database.query(fingerprint)).rows[0]).toEqual(before);
    expect(before).toMatchObject({ rows: expect.any(Number) });
  });

  test('keeps the settings of the connection that migrated it', async () => {
    await connected(database.url, async (client) => {
      await client.query("set lock_timeout = '7s'");
      await migrate(client);
      expect((await client.query('show lock_timeout')).rows).toEqual([{ lock_timeout: '7s' }]);
    });
  });

  test('is the same whether ten processes made it at once or one', async () => {
    const other = await emptyDatabase('ten_runners');
    const runs = Array.from({ length: 10 }, () => connected(other.url, (client) => migrate(client)));
    const reports = await Promise.all(runs);
    expect(reports.filter(({ applied }) => applied.length > 0)).toHaveLength(1);
    expect(reports.filter(({ code }) => code === 'applied')).toHaveLength(1);
    expect(await connected(other.url, (client) => catalogSnapshot(client))).toBe(fresh);
    await other.drop();
  });

  test('is the same when psql ran what --print shows, and our runner finds nothing to do there', async () => {
    const other = await emptyDatabase('printed');
    const report = await connected(other.url, async (client) => {
      await client.query(await printMigrations(client));
      return await migrate(client);
    });
    expect(report).toMatchObject({ applied: [], code: 'unchanged' });
    expect(await connected(other.url, (client) => catalogSnapshot(client))).toBe(fresh);
    expect(await connected(other.url, (client) => printMigrations(client))).toBe('');
    await other.drop();
  });

  test.each(migrationFiles.map((name, index) => ({ name, count: index + 1 })))(
    'is the same when it was upgraded after $name',
    async ({ name, count }) => {
      const root = mkdtempSync(join(tmpdir(), 'touchline-history-'));
      cpSync(join(packageRoot, 'sql'), join(root, 'sql'), { recursive: true });
      // Code needs the tables of all migrations, so history is told without it.
      for (const folder of ['functions', 'views', 'policies', 'data', 'invariants']) {
        rmSync(join(root, 'sql', folder), { recursive: true, force: true });
      }
      for (const file of migrationFiles.slice(0, count)) {
        cpSync(join(packageRoot, 'supabase/migrations', file), join(root, 'supabase/migrations', file));
      }
      const other = await emptyDatabase(`until_${count}`);
      const early = await connected(other.url, (client) => migrate(client, { root }));
      const late = await connected(other.url, (client) => migrate(client));
      expect([early.applied.length, late.applied.length]).toEqual([count, migrationFiles.length - count]);
      expect(await connected(other.url, (client) => catalogSnapshot(client)), `upgraded after ${name}`).toBe(fresh);
      await other.drop();
      rmSync(root, { recursive: true, force: true });
    },
  );
});

describe('a virtual clock', () => {
  test('is given to a database without Touchline, and may be asked for again', async () => {
    const database = await emptyDatabase('virtual');
    await connected(database.url, (client) => migrate(client, { virtualClock: true }));
    const again = await connected(database.url, (client) => migrate(client, { virtualClock: true }));
    expect(again.applied).toEqual([]);
    expect((await connected(database.url, (client) => migrationStatus(client))).virtualClock).toBe(true);
    await database.drop();
  });

  test('is refused to a database that was made without one, even when it holds nobody', async () => {
    const database = await testDatabase('real_clock');
    const run = connected(database.url, (client) => migrate(client, { virtualClock: true }));
    await expect(run).rejects.toMatchObject({ name: 'MigrateRefused', code: 'not_empty' });
    expect((await connected(database.url, (client) => migrationStatus(client))).virtualClock).toBe(false);
    await database.drop();
  });
});

test('the four due indexes of the seed are made on request, with their cost said, and are reported', async () => {
  const database = await testDatabase('due_indexes');
  const said: string[] = [];
  const options = { withSeedDueIndexes: true, say: (line: string) => void said.push(line) };
  const report = await connected(database.url, (client) => migrate(client, options));
  const names = [1, 2, 3, 4].map((touch) => `idx_enrollments_touch_${touch}_due`);
  expect(report.seedDueIndexesCreated).toEqual(names);
  expect(said.join('\n')).toContain('45 %');
  const status = await connected(database.url, (client) => migrationStatus(client));
  expect(status.seedDueIndexes).toEqual(names);
  const { rows } = await database.query<{ definition: string }>(
    `select pg_catalog.pg_get_indexdef('touchline.idx_enrollments_touch_3_due'::pg_catalog.regclass) as definition`,
  );
  expect(rows[0]?.definition).toMatch(
    /\(touch_3_scheduled_at\) WHERE \(\(status = 'active'::text\) AND \(current_touch = 3\) AND \(touch_3_sent_at IS NULL\)\)$/,
  );
  expect((await connected(database.url, (client) => migrate(client, options))).seedDueIndexesCreated).toEqual([]);
  await database.drop();
});

test('every migration has 14 digits of its own and a name of its own', () => {
  const { migrations } = readSource();
  expect(migrations.map(({ version }) => version)).toEqual(migrationFiles.map((name) => name.slice(0, 14)));
  expect(new Set(migrations.map(({ version }) => version)).size).toBe(migrations.length);
  expect(new Set(migrations.map(({ name }) => name)).size).toBe(migrations.length);
  expect(migrations.every(({ version }) => /^\d{14}$/.test(version))).toBe(true);
});
