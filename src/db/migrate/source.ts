// The SQL that travels in the package: migrations (run once), code (re-applied when it changes), platform and options.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { codeChecksum, migrationChecksum } from './canonical.ts';
import { invariantFunction, invariantFunctionName, readInvariant } from './invariant.ts';
import { MigrateRefused } from './problem.ts';

/** A file of SQL: its path from the root of the package, with forward slashes, and its text. */
export interface SourceText {
  path: string;
  text: string;
}

export interface MigrationFile extends SourceText {
  version: string;
  name: string;
  checksum: string;
}

export type CodeKind = 'functions' | 'invariants' | 'views' | 'policies' | 'data';

export interface CodeFile extends SourceText {
  kind: CodeKind;
  /** What the file is about, after its name: the function (an invariant's, too), the view, or the policies' table. */
  object: string;
  checksum: string;
}

export interface Source {
  build: number;
  migrations: MigrationFile[];
  /** In the order of application: functions, invariants, views, policies, data; each by path. */
  code: CodeFile[];
  /** One checksum over all code files. */
  codeChecksum: string;
  platform: SourceText;
  seedDueIndexes: SourceText;
}

/** The package's own root, from src/db/migrate as from dist/db/migrate. */
export const packageRoot = fileURLToPath(new URL('../../../', import.meta.url));

const kinds: readonly CodeKind[] = ['functions', 'invariants', 'views', 'policies', 'data'];

/** Kinds whose files create one function each. */
export const functionKinds: readonly CodeKind[] = ['functions', 'invariants'];

const objectOf = (kind: CodeKind | undefined, path: string): string =>
  kind === 'invariants' ? invariantFunctionName(basename(path, '.sql')) : basename(path, '.sql');

function readText(root: string, path: string): SourceText {
  return { path, text: readFileSync(join(root, path), 'utf8') };
}

function sqlFilesBelow(root: string, folder: string): string[] {
  const top = join(root, folder);
  if (!existsSync(top)) return [];
  return readdirSync(top, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.sql'))
    .map((path) => `${folder}/${path.split(sep).join('/')}`)
    .toSorted();
}

function firstDuplicate(values: readonly string[]): string | undefined {
  return values.find((value, index) => values.indexOf(value) !== index);
}

function readMigration(root: string, path: string): MigrationFile {
  const match = /^(\d{14})_([a-z][a-z0-9_]*)\.sql$/.exec(basename(path));
  const [, version, name] = match ?? [];
  if (version === undefined || name === undefined) {
    throw new MigrateRefused('source_invalid', `${path} is not named <14 digits>_<what_it_does>.sql. Rename it.`);
  }
  const file = readText(root, path);
  return { ...file, version, name, checksum: migrationChecksum([file.text]) };
}

function readMigrations(root: string): MigrationFile[] {
  const migrations = sqlFilesBelow(root, 'supabase/migrations').map((path) => readMigration(root, path));
  // The version is the ledger's primary key, and the name is what tells a migration from another in every ledger.
  const twice =
    firstDuplicate(migrations.map(({ version }) => version)) ?? firstDuplicate(migrations.map((m) => m.name));
  if (twice !== undefined) {
    throw new MigrateRefused('source_invalid', `Two files of supabase/migrations share ${twice}. Rename one of them.`);
  }
  return migrations;
}

function readCodeFile(root: string, kind: CodeKind, path: string): CodeFile {
  const object = objectOf(kind, path);
  // Names go into statements; data files create nothing and may be called as they like.
  if (kind !== 'data' && !/^[a-z_][a-z0-9_]*$/.test(object)) {
    throw new MigrateRefused('source_invalid', `${path} is not named after what it creates. Use lower case and _.`);
  }
  const source = readText(root, path);
  const file = kind === 'invariants' ? { path, text: invariantFunction(object, source) } : source;
  return { ...file, kind, object, checksum: codeChecksum(file.text) };
}

function codeFilesOf(root: string, kind: CodeKind): string[] {
  const paths = sqlFilesBelow(root, `sql/${kind}`);
  return kind === 'invariants' ? paths.filter((path) => readInvariant(readText(root, path)).scope === 'live') : paths;
}

function readCode(root: string): CodeFile[] {
  return kinds.flatMap((kind) => {
    const files = codeFilesOf(root, kind).map((path) => readCodeFile(root, kind, path));
    const twice = firstDuplicate(files.map(({ object }) => object));
    if (twice !== undefined) {
      throw new MigrateRefused(
        'source_invalid',
        `Two files of sql/${kind} are called ${twice}.sql. Rename one of them.`,
      );
    }
    return files;
  });
}

function readBuild(root: string): number {
  const text = readText(root, 'sql/build').text.trim();
  if (!/^[1-9]\d{0,8}$/.test(text)) {
    throw new MigrateRefused(
      'source_invalid',
      `sql/build must hold one positive integer, not ${JSON.stringify(text)}.`,
    );
  }
  return Number(text);
}

/**
 * Reads all SQL of the package.
 * @param root folder that holds `supabase/migrations` and `sql`; the package's own by default
 * @throws MigrateRefused `source_invalid` when a file is misnamed, or two share a version or a name
 */
export function readSource(root: string = packageRoot): Source {
  const code = readCode(root);
  return {
    build: readBuild(root),
    migrations: readMigrations(root),
    code,
    codeChecksum: codeChecksum(code.map(({ path, checksum }) => `${checksum}  ${path}\n`).join('')),
    platform: readText(root, 'sql/platform/plain.sql'),
    seedDueIndexes: readText(root, 'sql/optional/seed-due-indexes.sql'),
  };
}

/** The code file's kind and object as its path tells them, for files that are recorded but no longer there. */
export function describeCodePath(path: string): { kind: CodeKind | undefined; object: string } {
  const kind = kinds.find((candidate) => path.startsWith(`sql/${candidate}/`));
  return { kind, object: objectOf(kind, path) };
}
