// Functions, views, policies and data: applied again when they change, all of them in one transaction.
//
// A changed function is dropped and created, not only replaced: a replaced one keeps old overloads, cannot change its
// result, and keeps grants that its file no longer gives. Views are made anew with every change, as they may stand on a
// changed function. Functions that tables, triggers or policies need live in migrations and are never touched here.
import type { ClientBase } from 'pg';
import { failedFile, MigrateFailed, MigrateRefused } from './problem.ts';
import { type CodeFile, type CodeKind, describeCodePath, functionKinds, type Source } from './source.ts';
import { runFile } from './transaction.ts';

type CodeState = 'current' | 'changed' | 'absent' | 'newer';

export interface CodeStatus {
  /** `newer`: the database has the code of a later build than this package, which therefore leaves it alone. */
  state: CodeState;
  /** Files that are new, were changed, or whose function or view is missing in the database. */
  changed: string[];
  /** Files that were applied and are no longer part of the package. */
  vanished: string[];
  packageBuild: number;
  /** 0 before the first application; null before the first migration. */
  appliedBuild: number | null;
}

export interface CodeChange extends CodeStatus {
  files: CodeFile[];
  recorded: Map<string, string>;
  stale: boolean;
}

interface Installation {
  build: number;
  code_checksum: string | null;
}

async function readInstallation(client: ClientBase): Promise<Installation | undefined> {
  const found = await client.query<{ found: boolean }>(
    "select pg_catalog.to_regclass('touchline.code_files') is not null as found",
  );
  if (found.rows[0]?.found !== true) return undefined;
  return (await client.query<Installation>('select build, code_checksum from touchline.installation')).rows[0];
}

async function existingObjects(client: ClientBase): Promise<Set<string>> {
  const result = await client.query<{ object: string }>(`
    select 'functions/' || proname as object from pg_catalog.pg_proc
    where pronamespace = 'touchline'::pg_catalog.regnamespace
    union
    select 'views/' || relname from pg_catalog.pg_class
    where relnamespace = 'touchline'::pg_catalog.regnamespace and relkind = 'v'`);
  return new Set(result.rows.map(({ object }) => object));
}

/** Compares the code files with what the database recorded, and with the functions and views that are there. */
export async function compareCode(client: ClientBase, source: Source): Promise<CodeChange> {
  const installation = await readInstallation(client);
  const blank = { files: [], recorded: new Map<string, string>(), changed: [], vanished: [], stale: true };
  if (installation === undefined) {
    return { ...blank, state: 'absent', packageBuild: source.build, appliedBuild: null };
  }
  const rows = await client.query<{ path: string; checksum: string }>(
    'select path, checksum from touchline.code_files',
  );
  const recorded = new Map(rows.rows.map(({ path, checksum }) => [path, checksum]));
  const objects = await existingObjects(client);
  const isMissing = ({ kind, object }: CodeFile): boolean =>
    (functionKinds.includes(kind) && !objects.has(`functions/${object}`)) ||
    (kind === 'views' && !objects.has(`views/${object}`));
  const files = source.code.filter((file) => recorded.get(file.path) !== file.checksum || isMissing(file));
  const present = new Set(source.code.map(({ path }) => path));
  const vanished = [...recorded.keys()].filter((path) => !present.has(path)).toSorted();
  const stale =
    files.length + vanished.length > 0 ||
    installation.build !== source.build ||
    installation.code_checksum !== source.codeChecksum;
  const status = { changed: files.map(({ path }) => path), vanished, packageBuild: source.build };
  const change = { ...status, appliedBuild: installation.build, files, recorded, stale };
  if (installation.build > source.build) return { ...change, state: 'newer' };
  if (recorded.size === 0 && source.code.length > 0) return { ...change, state: 'absent' };
  return { ...change, state: stale ? 'changed' : 'current' };
}

function objectsOf(paths: Iterable<string>, ...wanted: readonly CodeKind[]): string[] {
  return [...paths]
    .map(describeCodePath)
    .flatMap(({ kind, object }) => (kind !== undefined && wanted.includes(kind) ? [object] : []));
}

const dropViews = `
  select 'drop view ' || pg_catalog.string_agg(c.oid::pg_catalog.regclass::text, ', ') as statement
  from pg_catalog.pg_class c
  where c.relnamespace = 'touchline'::pg_catalog.regnamespace and c.relkind = 'v' and c.relname = any ($1::text[])`;

const dropFunctions = `
  select 'drop routine ' || pg_catalog.string_agg(p.oid::pg_catalog.regprocedure::text, ', ') as statement
  from pg_catalog.pg_proc p
  where p.pronamespace = 'touchline'::pg_catalog.regnamespace and p.proname = any ($1::text[])`;

const dropPolicies = `
  select pg_catalog.string_agg(
    pg_catalog.format('drop policy %I on %s', p.polname, p.polrelid::pg_catalog.regclass), '; ') as statement
  from pg_catalog.pg_policy p join pg_catalog.pg_class c on c.oid = p.polrelid
  where c.relnamespace = 'touchline'::pg_catalog.regnamespace and c.relname = any ($1::text[])`;

const revokeTables = `
  select pg_catalog.string_agg(pg_catalog.format(
    'revoke all on %s from public, anon, authenticated, service_role, touchline_worker', c.oid::pg_catalog.regclass), '; ') as statement
  from pg_catalog.pg_class c
  where c.relnamespace = 'touchline'::pg_catalog.regnamespace and c.relkind in ('r', 'p') and c.relname = any ($1::text[])`;

// GRANT and REVOKE change a table's catalog row without locking the table. An autovacuum that holds the table then waits
// for our row while our policies wait for the table: a deadlock. Whoever asks for the table first has autovacuum step aside.
const lockTables = `
  select 'lock table ' || pg_catalog.string_agg(c.oid::pg_catalog.regclass::text, ', ' order by c.relname)
    || ' in access exclusive mode' as statement
  from pg_catalog.pg_class c
  where c.relnamespace = 'touchline'::pg_catalog.regnamespace and c.relkind in ('r', 'p') and c.relname = any ($1::text[])`;

async function runGenerated(client: ClientBase, query: string, names: readonly string[]): Promise<void> {
  if (names.length === 0) return;
  const statement = (await client.query<{ statement: string | null }>(query, [names])).rows[0]?.statement;
  if (!statement) return;
  try {
    await client.query(statement);
  } catch (error) {
    throw failedFile({ path: 'sql (before it is applied again)', text: statement }, error);
  }
}

async function refuseTakenNames(client: ClientBase, change: CodeChange): Promise<void> {
  const fresh = change.files.filter(({ kind, path }) => functionKinds.includes(kind) && !change.recorded.has(path));
  const recordedNames = new Set(objectsOf(change.recorded.keys(), ...functionKinds));
  const objects = await existingObjects(client);
  const taken = fresh.find(({ object }) => objects.has(`functions/${object}`) && !recordedNames.has(object));
  if (taken === undefined) return;
  throw new MigrateFailed(
    taken.path,
    undefined,
    `${taken.path} would replace touchline.${taken.object}, which a migration made, or somebody by hand. ` +
      'A function that tables need is changed in a new migration; one made by hand must be dropped first.',
    undefined,
  );
}

// check_function_bodies is off while files run, because they may call each other in any order; so each language's own
// check is made up for when all are there.
async function validateFunctions(client: ClientBase, files: readonly CodeFile[]): Promise<void> {
  await client.query('set local check_function_bodies = on');
  for (const file of files) {
    const made = await client.query<{ check: string }>(
      `select pg_catalog.format('select %s(%s::pg_catalog.oid)', l.lanvalidator::pg_catalog.regproc, p.oid) as check
       from pg_catalog.pg_proc p join pg_catalog.pg_language l on l.oid = p.prolang
       where p.pronamespace = 'touchline'::pg_catalog.regnamespace and p.proname = $1`,
      [file.object],
    );
    if (made.rows.length === 0) {
      throw new MigrateFailed(file.path, undefined, `${file.path} did not create touchline.${file.object}.`, undefined);
    }
    for (const { check } of made.rows) {
      await client.query(check).catch((error: unknown) => {
        throw failedFile({ path: file.path, text: '' }, withoutPosition(error));
      });
    }
  }
}

// The validator counts positions inside the body, which would point to a wrong line of the file.
function withoutPosition(error: unknown): unknown {
  if (error instanceof Error) Object.assign(error, { position: undefined });
  return error;
}

async function recordCode(client: ClientBase, source: Source): Promise<void> {
  await client.query('delete from touchline.code_files where path <> all ($1::text[])', [
    source.code.map(({ path }) => path),
  ]);
  await client.query(
    `insert into touchline.code_files (path, checksum)
     select path, checksum from unnest($1::text[], $2::text[]) as f(path, checksum)
     on conflict (path) do update set checksum = excluded.checksum
     where code_files.checksum is distinct from excluded.checksum`,
    [source.code.map(({ path }) => path), source.code.map(({ checksum }) => checksum)],
  );
  await client.query('update touchline.installation set build = $1, code_checksum = $2', [
    source.build,
    source.codeChecksum,
  ]);
}

/**
 * Applies what `change` found, inside the caller's transaction. Nothing is executed for a file that did not change, save
 * views, which are made anew when any function or view changed.
 * @throws MigrateFailed with the file at fault
 */
export async function applyCode(client: ClientBase, source: Source, change: CodeChange): Promise<void> {
  if (change.appliedBuild === null) {
    throw new MigrateRefused(
      'schema_missing',
      'The migrations made no touchline.installation and code_files to record the code in.',
    );
  }
  await client.query('set local check_function_bodies = off');
  await refuseTakenNames(client, change);
  const touched = [...change.changed, ...change.vanished];
  await runGenerated(client, lockTables, objectsOf(touched, 'policies'));
  const remakeViews = touched.some((path) => /^sql\/(?:functions|views)\//.test(path));
  if (remakeViews) {
    const names = [
      ...objectsOf(change.recorded.keys(), 'views'),
      ...source.code.filter((f) => f.kind === 'views').map((f) => f.object),
    ];
    await runGenerated(client, dropViews, names);
  }
  await runGenerated(client, dropFunctions, objectsOf(touched, ...functionKinds));
  await runGenerated(client, dropPolicies, objectsOf(touched, 'policies'));
  await runGenerated(client, revokeTables, objectsOf(change.vanished, 'policies'));
  const changed = new Set(change.changed);
  for (const file of source.code) {
    if (changed.has(file.path) || (remakeViews && file.kind === 'views')) await runFile(client, file);
  }
  await validateFunctions(
    client,
    change.files.filter(({ kind }) => functionKinds.includes(kind)),
  );
  await recordCode(client, source);
}
