// A small package of SQL in a temporary folder, whose files a test may add, change and remove between two runs.
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import pg from 'pg';
import { packageRoot } from '../../src/db/migrate/source.ts';

export interface PlantedSource {
  root: string;
  /** Writes a file; the path is from the root. */
  write(path: string, ...lines: string[]): void;
  remove(path: string): void;
  /** Writes `sql/functions/<name>.sql` as a function of this signature, result and language sql body. */
  writeFunction(name: string, signature: string, result: string, body: string): void;
  /** Writes `sql/invariants/<name>.sql`, number 1, with this query. */
  writeInvariant(name: string, scope: 'live' | 'harness', ...query: string[]): void;
  dispose(): void;
}

/** What the runner needs of the first migration, and a table to stand on. */
const firstMigrations: Record<string, string[]> = {
  'supabase/migrations/20260101000100_create_schema.sql': [
    '-- The ground.',
    "set lock_timeout = '4s';",
    '',
    'do $$ begin',
    "  if not exists (select from pg_catalog.pg_roles where rolname = 'touchline_worker') then",
    '    create role touchline_worker nologin;',
    '  end if;',
    'exception when duplicate_object or unique_violation then null;',
    'end $$;',
    'create schema touchline;',
    'create table touchline.installation (',
    '  virtual_clock boolean not null default false, build integer not null default 0, code_checksum text);',
    'insert into touchline.installation default values;',
    'create table touchline.code_files (path text primary key, checksum text not null);',
  ],
  'supabase/migrations/20260101000200_create_things.sql': [
    "-- What is counted; a thing's name may hold ';' and -- even that.",
    "create table touchline.things (id integer primary key, name text default 'a;b -- c');",
    'alter table touchline.things enable row level security;',
    'create function touchline.keep() returns trigger language plpgsql as $body$',
    'begin',
    '  -- inside; a body',
    '  return new;',
    'end $body$;',
    '/* the last word */',
  ],
};

/** Plants the two first migrations and build 1; no code. */
export function plantSource(): PlantedSource {
  const root = mkdtempSync(join(tmpdir(), 'touchline-source-'));
  const write = (path: string, ...lines: string[]): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), `${lines.join('\n')}\n`);
  };
  for (const folder of ['sql/platform', 'sql/optional']) {
    cpSync(join(packageRoot, folder), join(root, folder), { recursive: true });
  }
  for (const [path, lines] of Object.entries(firstMigrations)) write(path, ...lines);
  write('sql/build', '1');
  return {
    root,
    write,
    remove: (path) => rmSync(join(root, path)),
    writeFunction: (name, signature, result, body) =>
      write(
        `sql/functions/${name}.sql`,
        `create or replace function touchline.${name}(${signature}) returns ${result}`,
        "language sql stable set search_path = ''",
        `as $$ ${body} $$;`,
        `revoke all on function touchline.${name} from public;`,
      ),
    writeInvariant: (name, scope, ...query) =>
      write(
        `sql/invariants/${name}.sql`,
        '-- Invariant 1: things are named,',
        "-- and it's so.",
        `-- Scope: ${scope}`,
        ...query,
      ),
    dispose: () => rmSync(root, { recursive: true, force: true }),
  };
}

/** Runs `work` on one connection to `url`. */
export async function connected<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
