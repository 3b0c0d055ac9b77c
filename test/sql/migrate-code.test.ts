// Functions, views, policies and data: applied again when they change, and only then.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { catalogSnapshot } from '../../src/db/catalog-snapshot.ts';
import { migrate, migrationStatus } from '../../src/db/migrate/index.ts';
import { readSource } from '../../src/db/migrate/source.ts';
import { supabaseCodeMigration } from '../../src/db/migrate/supabase-code.ts';
import { emptyDatabase, type TestDatabase } from '../support/database.ts';
import { connected, type PlantedSource, plantSource } from './migrate-source.ts';

let source: PlantedSource;
let database: TestDatabase;

const run = (say: (line: string) => void = () => undefined) =>
  connected(database.url, (client) => migrate(client, { root: source.root, say }));
const codeStatus = async () => (await connected(database.url, (client) => migrationStatus(client, source.root))).code;
const answer = async (sql: string) => (await database.query(`select (${sql}) as answer`)).rows[0]?.answer;
const signatures = async () =>
  (
    await database.query<{ signature: string }>(`
    select oid::pg_catalog.regprocedure::text as signature from pg_catalog.pg_proc
    where pronamespace = 'touchline'::pg_catalog.regnamespace order by 1`)
  ).rows.map(({ signature }) => signature);

beforeEach(async () => {
  source = plantSource();
  source.writeFunction('total', '', 'bigint', 'select count(*) from touchline.things');
  source.write(
    'sql/views/overview.sql',
    'create view touchline.overview with (security_invoker = true) as select touchline.total() as total;',
    'grant select on touchline.overview to authenticated;',
  );
  source.write(
    'sql/policies/things.sql',
    'revoke all on touchline.things from public, authenticated;',
    'grant select on touchline.things to authenticated;',
    'create policy things_select on touchline.things for select to authenticated using (id > 0);',
  );
  source.write(
    'sql/data/things.sql',
    "insert into touchline.things values (1, 'one') on conflict (id) do update set name = excluded.name;",
  );
  database = await emptyDatabase('code');
  await run();
});
afterEach(async () => {
  await database.drop();
  source.dispose();
});

describe('a change', () => {
  test('of the result type is applied, and what stands on the function with it', async () => {
    source.writeFunction('total', '', 'text', "select 'many'");
    const report = await run();
    expect(report).toMatchObject({ code: 'applied', codeFiles: ['sql/functions/total.sql'], applied: [] });
    expect(await answer('select total from touchline.overview')).toBe('many');
    expect(await answer("pg_catalog.has_table_privilege('authenticated', 'touchline.overview', 'select')")).toBe(true);
  });

  test('of the parameters leaves no old overload', async () => {
    source.write(
      'sql/views/overview.sql',
      'create view touchline.overview with (security_invoker = true) as select 1 as one;',
    );
    source.writeFunction(
      'total',
      'p_least integer',
      'bigint',
      'select count(*) from touchline.things where id >= p_least',
    );
    await run();
    expect(await signatures()).toEqual(['touchline.keep()', 'touchline.total(integer)']);
  });

  test('takes back a grant that the file no longer gives', async () => {
    source.write(
      'sql/functions/total.sql',
      "create or replace function touchline.total() returns bigint language sql set search_path = '' as $$ select 1::bigint $$;",
      'grant execute on function touchline.total() to anon;',
    );
    await run();
    source.writeFunction('total', '', 'bigint', 'select 2::bigint');
    await run();
    expect(await answer("pg_catalog.has_function_privilege('anon', 'touchline.total()', 'execute')")).toBe(false);
  });

  test('of one file leaves the others as they are', async () => {
    source.writeFunction('other', '', 'integer', 'select 1');
    await run();
    const xmin = () => answer("select xmin::text from pg_catalog.pg_proc where proname = 'other'");
    const before = await xmin();
    source.writeFunction('total', '', 'bigint', 'select 3::bigint');
    expect((await run()).codeFiles).toEqual(['sql/functions/total.sql']);
    expect(await xmin()).toBe(before);
  });

  test('of policies replaces all of the table, renamed ones too', async () => {
    source.write(
      'sql/policies/things.sql',
      'create policy things_read on touchline.things for select to authenticated using (id > 1);',
    );
    await run();
    const { rows } = await database.query(
      "select polname from pg_catalog.pg_policy where polrelid = 'touchline.things'::pg_catalog.regclass",
    );
    expect(rows).toEqual([{ polname: 'things_read' }]);
  });

  test('of data runs that file again', async () => {
    source.write(
      'sql/data/things.sql',
      "insert into touchline.things values (1, 'uno') on conflict (id) do update set name = excluded.name;",
    );
    await run();
    expect(await answer('select name from touchline.things where id = 1')).toBe('uno');
  });

  test('that fails leaves the old code whole, and names the file', async () => {
    const before = await connected(database.url, (client) => catalogSnapshot(client));
    source.writeFunction('total', '', 'text', "select 'many'");
    source.write('sql/views/overview.sql', 'create view touchline.overview as', 'select touchline.no_such() as total;');
    const failure = run();
    await expect(failure).rejects.toMatchObject({
      name: 'MigrateFailed',
      file: 'sql/views/overview.sql',
      code: '42883',
    });
    await expect(failure).rejects.toThrow('sql/views/overview.sql:2:');
    expect(await connected(database.url, (client) => catalogSnapshot(client))).toBe(before);
    expect((await codeStatus()).state).toBe('changed');
  });
});

describe('a file that vanished', () => {
  test('takes its function, its view, or its policies and grants with it', async () => {
    source.remove('sql/views/overview.sql');
    source.remove('sql/functions/total.sql');
    source.remove('sql/policies/things.sql');
    const report = await run();
    expect(report.codeFiles).toEqual(['sql/functions/total.sql', 'sql/policies/things.sql', 'sql/views/overview.sql']);
    expect(await signatures()).toEqual(['touchline.keep()']);
    expect(await answer("pg_catalog.to_regclass('touchline.overview')")).toBeNull();
    expect(
      (
        await database.query(
          "select from pg_catalog.pg_policy where polrelid = 'touchline.things'::pg_catalog.regclass",
        )
      ).rowCount,
    ).toBe(0);
    expect(await answer("pg_catalog.has_table_privilege('authenticated', 'touchline.things', 'select')")).toBe(false);
    expect(await codeStatus()).toMatchObject({ state: 'current' });
  });
});

describe('what stands in the way', () => {
  test('a view of somebody else on a view of ours is named, with what to do', async () => {
    await database.query('create view public.mine as select * from touchline.overview');
    source.writeFunction('total', '', 'bigint', 'select 4::bigint');
    const failure = run();
    await expect(failure).rejects.toMatchObject({ code: '2BP01' });
    await expect(failure).rejects.toThrow(
      /view (public\.)?mine depends on view touchline\.overview.*drop that object before the upgrade/,
    );
  });

  test('a function that a migration made is not replaced by a file of the same name', async () => {
    source.writeFunction('keep', '', 'integer', 'select 1');
    await expect(run()).rejects.toThrow('sql/functions/keep.sql would replace touchline.keep, which a migration made');
  });

  test('functions may call each other in any order, but not what is nowhere', async () => {
    source.writeFunction('a_first', '', 'bigint', 'select touchline.z_last()');
    source.writeFunction('z_last', '', 'bigint', 'select touchline.total()');
    await run();
    expect(await answer('touchline.a_first()')).toBe('1');
    source.writeFunction('a_first', '', 'bigint', 'select touchline.nowhere()');
    await expect(run()).rejects.toThrow(/sql\/functions\/a_first\.sql: function touchline\.nowhere\(\) does not exist/);
    source.write(
      'sql/functions/a_first.sql',
      "create or replace function touchline.a_first() returns void language plpgsql set search_path = '' as $$ begin perfom 1; end $$;",
    );
    await expect(run()).rejects.toThrow(/sql\/functions\/a_first\.sql: .*syntax error/);
  });

  test('a file that creates something else than its name says is refused', async () => {
    source.write(
      'sql/functions/named.sql',
      'create or replace function touchline.misnamed() returns integer language sql as $$ select 1 $$;',
    );
    await expect(run()).rejects.toThrow('sql/functions/named.sql did not create touchline.named');
    expect(await signatures()).not.toContain('touchline.misnamed()');
  });
});

describe('an invariant', () => {
  const unnamed = ['select id', 'from touchline.things', 'where id = 1 and p_since < p_now;'];
  const install = async (): Promise<void> => {
    source.writeInvariant('01_named', 'live', ...unnamed);
    await run();
  };

  test('that holds on a live database becomes a function of two moments, with its sentence, for nobody else', async () => {
    await install();
    const name = 'touchline.invariant_01_named(timestamptz, timestamptz)';
    expect(await signatures()).toContain(
      name.replaceAll('timestamptz, timestamptz', 'timestamp with time zone,timestamp with time zone'),
    );
    expect(await answer("touchline.invariant_01_named('-infinity', now())")).toEqual({ id: 1 });
    expect(await answer(`pg_catalog.obj_description('${name}'::pg_catalog.regprocedure)`)).toBe(
      "things are named, and it's so.",
    );
    for (const role of ['public', 'touchline_worker']) {
      expect(await answer(`pg_catalog.has_function_privilege('${role}', '${name}', 'execute')`)).toBe(false);
    }
    expect(await run()).toMatchObject({ code: 'unchanged' });
  });

  test('is replaced when its file changes, comes back when it was dropped, and goes with its file', async () => {
    await install();
    source.writeInvariant('01_named', 'live', 'select 2 as id');
    expect((await run()).codeFiles).toEqual(['sql/invariants/01_named.sql']);
    expect(await answer("touchline.invariant_01_named('-infinity', now())")).toEqual({ id: 2 });
    await database.query('drop function touchline.invariant_01_named');
    expect((await run()).codeFiles).toEqual(['sql/invariants/01_named.sql']);
    source.remove('sql/invariants/01_named.sql');
    expect((await run()).codeFiles).toEqual(['sql/invariants/01_named.sql']);
    expect(await signatures()).toEqual(['touchline.keep()', 'touchline.total()']);
  });

  test('that needs a harness is not installed', async () => {
    source.writeInvariant('01_accepted', 'harness', 'select * from touchline_test.acceptances');
    expect(await run()).toMatchObject({ code: 'unchanged' });
    await install();
    source.writeInvariant('01_named', 'harness', ...unnamed);
    await run();
    expect(await signatures()).toEqual(['touchline.keep()', 'touchline.total()']);
  });

  test('that fails, or whose header is not complete, is named', async () => {
    source.writeInvariant('01_named', 'live', 'select id', 'from touchline.no_such');
    await expect(run()).rejects.toThrow('sql/invariants/01_named.sql');
    source.write('sql/invariants/01_named.sql', '-- Invariant 1: things are named.', 'select 1 as id');
    await expect(run()).rejects.toMatchObject({ code: 'source_invalid' });
  });
});

test('policies ask for their table before they touch its grants, so that autovacuum and they cannot deadlock', async () => {
  source.write(
    'sql/policies/things.sql',
    'revoke all on touchline.things from public, authenticated;',
    'create policy things_select on touchline.things for select to authenticated using (id > 2);',
  );
  await database.query('drop policy things_select on touchline.things');
  await connected(database.url, async (vacuum) => {
    await vacuum.query('begin; lock table touchline.things in share update exclusive mode');
    const upgrade = run();
    await expect
      .poll(() =>
        answer(
          "select count(*) from pg_catalog.pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()",
        ),
      )
      .toBe('1');
    // Like autovacuum at its end, this changes the table's row in pg_class.
    await vacuum.query('grant select on touchline.things to anon; commit');
    expect((await upgrade).code).toBe('applied');
  });
});

test('a function or view that somebody dropped comes back', async () => {
  await database.query('drop view touchline.overview');
  expect(await codeStatus()).toMatchObject({ state: 'changed', changed: ['sql/views/overview.sql'] });
  await run();
  expect(await answer('select total from touchline.overview')).toBe('1');
});

test('an older build leaves newer code alone, and says so', async () => {
  source.write('sql/build', '7');
  source.writeFunction('total', '', 'bigint', 'select 7::bigint');
  await run();
  source.write('sql/build', '6');
  source.writeFunction('total', '', 'bigint', 'select 6::bigint');
  const said: string[] = [];
  const report = await run((line) => void said.push(line));
  expect(report).toMatchObject({ code: 'older_build', packageBuild: 6, appliedBuild: 7, codeFiles: [] });
  expect(said.join('\n')).toContain('has the code of build 7; this is build 6');
  expect(await answer('touchline.total()')).toBe('7');
  expect(await codeStatus()).toMatchObject({ state: 'newer', packageBuild: 6, appliedBuild: 7 });
});

describe('the generated file for supabase db push', () => {
  const push = () => database.query(supabaseCodeMigration('20260101009999', source.root).text);

  test('leaves from any earlier build what our runner would, so that it finds nothing to do', async () => {
    source.writeInvariant('01_gone', 'live', 'select 1 as id');
    source.writeInvariant('02_kept', 'live', 'select 1 as id');
    await run();
    source.remove('sql/invariants/01_gone.sql');
    source.write('sql/build', '2');
    source.writeFunction('total', 'p_least integer default 0', 'text', "select 'many'");
    source.writeFunction('extra', '', 'text', 'select touchline.total()');
    source.remove('sql/policies/things.sql');
    await push();
    const pushed = await connected(database.url, (client) => catalogSnapshot(client));
    expect(await run()).toMatchObject({ code: 'unchanged', applied: [] });
    const other = await emptyDatabase('code_fresh');
    await connected(other.url, (client) => migrate(client, { root: source.root }));
    expect(await connected(other.url, (client) => catalogSnapshot(client))).toBe(pushed);
    await other.drop();
  });

  test('refuses to undo a later build', async () => {
    source.write('sql/build', '9');
    await run();
    source.write('sql/build', '8');
    await expect(push()).rejects.toThrow('code of a later build of Touchline than 8');
  });

  test('is called after its build', () => {
    expect(supabaseCodeMigration('20260101009999', source.root).fileName).toBe('20260101009999_touchline_code_1.sql');
  });

  test('without a version comes after every migration of the package, and each build after the one before', () => {
    const newest = readSource(source.root).migrations.at(-1)?.version ?? '';
    const versions = [1, 2].map((build) => {
      source.write('sql/build', String(build));
      return supabaseCodeMigration(undefined, source.root).fileName.slice(0, 14);
    });
    expect([newest, ...versions]).toEqual([newest, ...versions].toSorted());
    expect(new Set([newest, ...versions]).size).toBe(3);
  });
});
