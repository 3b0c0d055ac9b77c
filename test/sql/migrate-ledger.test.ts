// One history with Supabase's CLI: what counts as applied, as changed, and as somebody else's.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { canonicalSql } from '../../src/db/migrate/canonical.ts';
import { migrate, migrationStatus } from '../../src/db/migrate/index.ts';
import { emptyDatabase, type TestDatabase } from '../support/database.ts';
import { connected, type PlantedSource, plantSource } from './migrate-source.ts';

const second = 'supabase/migrations/20260101000200_create_things.sql';
const third = 'supabase/migrations/20260101000300_add_color.sql';
const ledger = 'select version, name from supabase_migrations.schema_migrations order by version';

let source: PlantedSource;
let database: TestDatabase;

const run = (say?: (line: string) => void) =>
  connected(database.url, (client) => migrate(client, { root: source.root, ...(say ? { say } : {}) }));
const states = async () => {
  const status = await connected(database.url, (client) => migrationStatus(client, source.root));
  return status.migrations.map(({ version, name, state }) => `${version} ${name} ${state}`);
};

beforeEach(async () => {
  source = plantSource();
  database = await emptyDatabase('ledger');
});
afterEach(async () => {
  await database.drop();
  source.dispose();
});

describe('what the CLI recorded', () => {
  // As supabase db push writes it: one element per statement, trimmed, without semicolons.
  const asTheCliDoes = [
    "-- What is counted; a thing's name may hold ';' and -- even that.\ncreate table touchline.things (id integer primary key, name text default 'a;b -- c')",
    'alter table touchline.things enable row level security',
    'create function touchline.keep() returns trigger language plpgsql as $body$\nbegin\n  -- inside; a body\n  return new;\nend $body$',
    '/* the last word */',
  ];
  const rewrite = (statements: string[] | null, version = '20260101000200') =>
    database.query(
      "update supabase_migrations.schema_migrations set statements = $1, version = $2 where name = 'create_things'",
      [statements, version],
    );

  test('is the same migration, statement by statement, with comments lost, or with nothing recorded', async () => {
    await run();
    for (const statements of [asTheCliDoes, asTheCliDoes.slice(0, 3), null, []]) {
      await rewrite(statements);
      expect((await run()).applied).toEqual([]);
    }
  });

  test('is found by its name when a project has its own version of the file', async () => {
    await run();
    await rewrite(asTheCliDoes, '20270707070707');
    expect((await run()).applied).toEqual([]);
    expect(await states()).toEqual(['20260101000100 create_schema applied', '20270707070707 create_things applied']);
  });

  test('is a change when a single word of a statement differs', async () => {
    await run();
    await rewrite([
      ...asTheCliDoes.slice(0, 1).map((text) => text.replace('primary key', 'unique')),
      ...asTheCliDoes.slice(1),
    ]);
    await expect(run()).rejects.toMatchObject({ code: 'migration_changed' });
  });
});

test('the rows we write are the ones the CLI would look for', async () => {
  await run();
  const { rows } = await database.query(ledger);
  expect(rows).toEqual([
    { version: '20260101000100', name: 'create_schema' },
    { version: '20260101000200', name: 'create_things' },
  ]);
  expect(
    (
      await database.query(
        "select statements[1] like '%create table touchline.things%' as kept from supabase_migrations.schema_migrations where name = 'create_things'",
      )
    ).rows,
  ).toEqual([{ kept: true }]);
});

test('a landed file that was changed is refused, by name and with the way out, and nothing else runs', async () => {
  await run();
  source.write(second, 'create table touchline.things (id bigint primary key);');
  source.write(third, 'alter table touchline.things add column color text;');
  const refusal = run();
  await expect(refusal).rejects.toMatchObject({ name: 'MigrateRefused', code: 'migration_changed' });
  await expect(refusal).rejects.toThrow(
    /20260101000200_create_things\.sql was changed.*Restore the file.*new migration/,
  );
  expect(await states()).toContain('20260101000200 create_things changed');
  expect(await states()).toContain('20260101000300 add_color pending');
});

test('a comment or a blank line may change in a landed file', async () => {
  await run();
  source.write(
    'supabase/migrations/20260101000200_create_things.sql',
    '-- Other words.',
    "create table touchline.things (id integer primary key,\n\n  name text default 'a;b -- c') ;",
    'alter table touchline.things enable row level security;',
    'create function touchline.keep() returns trigger language plpgsql as $body$\nbegin\n  -- inside; a body\n  return new;\nend $body$;',
  );
  expect((await run()).applied).toEqual([]);
});

test("a project's own migrations are left alone, even one that has a name of ours", async () => {
  await database.query('create schema supabase_migrations');
  await database.query(
    'create table supabase_migrations.schema_migrations (version text primary key, statements text[], name text)',
  );
  await database.query(
    "insert into supabase_migrations.schema_migrations values ('20250101000000', '{create table public.things ()}', 'create_things')",
  );
  expect((await run()).applied).toHaveLength(2);
  expect(await states()).toEqual([
    '20250101000000 create_things unknown',
    '20260101000100 create_schema applied',
    '20260101000200 create_things applied',
  ]);
});

test('a ledger from before names and statements is completed', async () => {
  await database.query('create schema supabase_migrations');
  await database.query('create table supabase_migrations.schema_migrations (version text primary key)');
  await database.query("insert into supabase_migrations.schema_migrations values ('20250101000000')");
  expect((await run()).applied).toHaveLength(2);
});

test('a version that the project gave to another migration is refused before anything runs', async () => {
  await database.query('create schema supabase_migrations');
  await database.query(
    'create table supabase_migrations.schema_migrations (version text primary key, statements text[], name text)',
  );
  await database.query(
    "insert into supabase_migrations.schema_migrations values ('20260101000200', '{select 1}', 'my_own')",
  );
  await expect(run()).rejects.toMatchObject({ code: 'migration_version_taken' });
  expect((await database.query("select pg_catalog.to_regnamespace('touchline') as schema")).rows).toEqual([
    { schema: null },
  ]);
});

test('a file that fails leaves nothing, names its line, and runs again once it is mended', async () => {
  source.write(
    third,
    'alter table touchline.things add column color text;',
    '',
    'insert into touchline.nothing values (1);',
  );
  const failure = run();
  await expect(failure).rejects.toMatchObject({ name: 'MigrateFailed', code: '42P01', file: third });
  await expect(failure).rejects.toThrow(`${third}:3: relation "touchline.nothing" does not exist`);
  expect(
    (
      await database.query(
        "select from pg_catalog.pg_attribute where attname = 'color' and attrelid = 'touchline.things'::pg_catalog.regclass",
      )
    ).rowCount,
  ).toBe(0);
  expect((await database.query(ledger)).rows).toHaveLength(2);
  source.write(third, 'alter table touchline.things add column color text;');
  expect((await run()).applied).toEqual(['20260101000300_add_color.sql']);
});

test('a ledger without its schema is refused instead of failing in the middle', async () => {
  await run();
  await database.query('drop schema touchline cascade');
  await expect(run()).rejects.toMatchObject({ code: 'schema_missing' });
});

test('whoever waits too long for another run is told who holds the lock, in this database', async () => {
  const lock = 'select pg_catalog.pg_advisory_lock(1952412019, 1835624306), pg_catalog.pg_backend_pid() as pid';
  const other = await emptyDatabase('other_lock');
  await connected(other.url, async (stranger) => {
    await stranger.query(lock);
    await connected(database.url, async (holder) => {
      const { rows } = await holder.query<{ pid: number }>(lock);
      const waiting = connected(database.url, (client) => migrate(client, { root: source.root, lockWaitMs: 200 }));
      await expect(waiting).rejects.toMatchObject({ name: 'MigrateRefused', code: 'migration_locked' });
      await expect(waiting).rejects.toThrow(`server process ${rows[0]?.pid}`);
    });
    expect((await run()).applied).toHaveLength(2);
  });
  await other.drop();
});

test('two files of one version, as in the seed, are refused before anything runs', async () => {
  source.write('supabase/migrations/20260101000200_create_more.sql', 'select 1;');
  await expect(run()).rejects.toThrow('Two files of supabase/migrations share 20260101000200');
  source.remove('supabase/migrations/20260101000200_create_more.sql');
  source.write('supabase/migrations/20260204_create_c.sql', 'select 1;');
  await expect(run()).rejects.toMatchObject({ code: 'source_invalid' });
});

test('only what lies between tokens is ignored by the checksum', () => {
  const same = [
    'select 1;\n\n-- why\nselect 2;\n',
    'select 1;select 2',
    '/* a\n comment */ select   1 ;\r\nselect 2;',
  ].map(canonicalSql);
  expect(new Set(same).size).toBe(1);
  expect(canonicalSql("select 'a  b'")).not.toBe(canonicalSql("select 'a b'"));
  expect(canonicalSql('select $$ a; $$')).not.toBe(canonicalSql('select $$ a $$'));
  expect(canonicalSql('select "a--b"')).toBe('select "a--b"');
  expect(canonicalSql("select 'it''s -- one' , $x$ -- kept $x$")).toBe("select 'it''s -- one' , $x$ -- kept $x$");
});
