// The code of sql/ as one migration file, for projects that push with Supabase's CLI. It is a pure function of sql/, made by
// the build for the package and by `init --supabase` for a project, and never committed: a committed copy would show every
// change twice and could be out of date.
import pg from 'pg';
import { invariantFunctionName } from './invariant.ts';
import { type CodeKind, functionKinds, packageRoot, readSource, type Source } from './source.ts';

const list = (values: readonly string[]): string =>
  values.length === 0 ? "'{}'::text[]" : `array[\n  ${values.map((value) => pg.escapeLiteral(value)).join(',\n  ')}]`;

const objects = (source: Source, ...kinds: readonly CodeKind[]): string[] =>
  source.code.filter(({ kind }) => kinds.includes(kind)).map(({ object }) => object);

// The same steps as applyCode, for everything: what an earlier build recorded and what this one brings.
function clearing(source: Source): string {
  const recorded = (kind: string, prefix = ''): string =>
    `array(select '${prefix}' || pg_catalog.regexp_replace(path, '^.*/|\\.sql$', '', 'g') from touchline.code_files where path like 'sql/${kind}/%')`;
  return `do $touchline_clear$
declare
  v_statement text;
begin
  if exists (select from touchline.installation where build > ${source.build}) then
    raise exception 'this database has the code of a later build of Touchline than ${source.build}, which this file would undo'
      using hint = 'Remove this file, or mark it: supabase migration repair --status applied <its version>. Then run touchline init --supabase of the newer version.';
  end if;
  -- Before any grant: an autovacuum on one of these tables steps aside for a lock, but deadlocks with a grant and a policy.
  select 'lock table ' || pg_catalog.string_agg(c.oid::pg_catalog.regclass::text, ', ' order by c.relname)
    || ' in access exclusive mode'
  into v_statement
  from pg_catalog.pg_class c
  where c.relnamespace = 'touchline'::pg_catalog.regnamespace and c.relkind in ('r', 'p')
    and c.relname = any (${recorded('policies')} || ${list(objects(source, 'policies'))});
  if v_statement is not null then
    execute v_statement;
  end if;
  for v_statement in
    select 'drop view ' || pg_catalog.string_agg(oid::pg_catalog.regclass::text, ', ')
    from pg_catalog.pg_class
    where relnamespace = 'touchline'::pg_catalog.regnamespace and relkind = 'v'
      and relname = any (${recorded('views')} || ${list(objects(source, 'views'))})
    having count(*) > 0
    union all
    select 'drop routine ' || pg_catalog.string_agg(oid::pg_catalog.regprocedure::text, ', ')
    from pg_catalog.pg_proc
    where pronamespace = 'touchline'::pg_catalog.regnamespace
      and proname = any (${recorded('functions')} || ${recorded('invariants', invariantFunctionName(''))})
    having count(*) > 0
    union all
    select pg_catalog.format('drop policy %I on %s', p.polname, p.polrelid::pg_catalog.regclass)
    from pg_catalog.pg_policy p join pg_catalog.pg_class c on c.oid = p.polrelid
    where c.relnamespace = 'touchline'::pg_catalog.regnamespace
      and c.relname = any (${recorded('policies')} || ${list(objects(source, 'policies'))})
    union all
    select pg_catalog.format(
      'revoke all on %s from public, anon, authenticated, service_role, touchline_worker', c.oid::pg_catalog.regclass)
    from pg_catalog.pg_class c
    where c.relnamespace = 'touchline'::pg_catalog.regnamespace and c.relkind in ('r', 'p')
      and c.relname = any (${recorded('policies')})
  loop
    execute v_statement;
  end loop;
end $touchline_clear$;`;
}

function validation(source: Source): string {
  return `do $touchline_validate$
declare
  v_check text;
begin
  for v_check in
    select pg_catalog.format('select %s(%s::pg_catalog.oid)', l.lanvalidator::pg_catalog.regproc, p.oid)
    from pg_catalog.pg_proc p join pg_catalog.pg_language l on l.oid = p.prolang
    where p.pronamespace = 'touchline'::pg_catalog.regnamespace
      and p.proname = any (${list(objects(source, ...functionKinds))})
  loop
    execute v_check;
  end loop;
end $touchline_validate$;`;
}

function recording(source: Source): string {
  const rows = source.code.map(({ path, checksum }) => `  (${pg.escapeLiteral(path)}, '${checksum}')`).join(',\n');
  return `delete from touchline.code_files;
${rows === '' ? '' : `insert into touchline.code_files (path, checksum) values\n${rows};\n`}update touchline.installation set build = ${source.build}, code_checksum = '${source.codeChecksum}';`;
}

/** The statements that bring the code of any earlier build to this one, and record it as our own runner does. */
export function codeMigrationText(source: Source): string {
  return [
    `-- Touchline's functions, views, policies and data, build ${source.build}. Generated from sql/; do not edit: the next build replaces it.`,
    "set lock_timeout = '4s';",
    '-- Functions may call each other in any order; they are checked when all are there.',
    'set check_function_bodies = off;',
    clearing(source),
    ...source.code.map(({ path, text }) => `-- ${path}\n${text.trim()}`),
    'set check_function_bodies = on;',
    validation(source),
    'reset check_function_bodies;',
    recording(source),
    '',
  ].join('\n\n');
}

// After every migration of the package, and another one for every build, as a project keeps the files of earlier builds.
function releaseVersion(source: Source): string {
  return String(BigInt(source.migrations.at(-1)?.version ?? 0) + BigInt(source.build));
}

/**
 * The code as a file for a project's `supabase/migrations`.
 * @param givenVersion 14 digits, later than every migration of the project; by default later than those of the package
 * @param root folder with `supabase/migrations` and `sql`; this package by default
 */
export function supabaseCodeMigration(
  givenVersion?: string,
  root: string = packageRoot,
): { fileName: string; text: string } {
  const source = readSource(root);
  const version = givenVersion ?? releaseVersion(source);
  return { fileName: `${version}_touchline_code_${source.build}.sql`, text: codeMigrationText(source) };
}
