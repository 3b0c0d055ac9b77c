// Makes a tree of binaries that the server's account can run. The installed package often is not one: under root's
// closed home another account cannot read it, and `npm ci --ignore-scripts` leaves out the links between its libraries.
import { randomBytes } from 'node:crypto';
import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs';
import { copyFile, readdir, rename, rm, symlink } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import type { Account } from './account.ts';
import type { BinaryPackage } from './binaries.ts';
import { firstClosedFolder, makeEnterableFolder } from './data-dir.ts';
import { EmbeddedPostgresError, errorCode } from './problem.ts';
import { processIdentity } from './process-identity.ts';

/** Paths of the programs, runnable by the server's account. */
export interface Programs {
  initdb: string;
  postgres: string;
  pgCtl: string;
}

interface Link {
  target: string;
  source: string;
}

/**
 * Returns runnable programs: the package in place if it is complete and ours, else a copy made once (58 MB).
 * Many processes may do so at once: each copies into a folder of its own, and the first rename wins.
 *
 * @throws EmbeddedPostgresError `unsupported_platform` when no folder can take the copy; ENOSPC is passed on
 */
export async function stage(binaries: BinaryPackage, account: Account | null): Promise<Programs> {
  const native = join(binaries.root, 'native');
  const links = readLinks(binaries.root);
  if (process.platform === 'win32' || (account === null && isRunnable(binaries.root, links))) return programs(native);
  const refusals: string[] = [];
  for (const parent of stagingFolders(account)) {
    const target = join(parent, `touchline-postgres-${binaries.label}-${process.geteuid?.() ?? 0}`);
    try {
      openStagingFolder(parent, account);
      await stageInto(native, links, target);
      return programs(join(target, 'native'));
    } catch (error) {
      if (errorCode(error) === 'ENOSPC' || errorCode(error) === 'EDQUOT') throw error;
      refusals.push(`${parent}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  throw new EmbeddedPostgresError(
    'unsupported_platform',
    `No folder can take a runnable copy of the embedded Postgres (${refusals.join('; ')}). Make one writable, or set DATABASE_URL.`,
  );
}

function stagingFolders(account: Account | null): string[] {
  const lasting = account === null ? join(homedir(), '.cache', 'touchline') : '/var/lib/touchline';
  return [...new Set([lasting, tmpdir(), '/tmp'])];
}

function openStagingFolder(folder: string, account: Account | null): void {
  if (account === null) mkdirSync(folder, { recursive: true });
  else makeEnterableFolder(folder);
  const closed = account === null ? null : firstClosedFolder(account, folder);
  if (closed !== null) throw new Error(`${closed} is closed to the account "${account?.name}"`);
}

async function stageInto(native: string, links: Link[], target: string): Promise<void> {
  const files = await filesOf(native);
  if (existsSync(target)) {
    verifyOwner(target);
    if (isComplete(native, files, links, target)) return;
    // Sweepers of temporary folders remove old files one by one: put the rest out of the way and copy again.
    await rename(target, `${target}.${ownMark()}.old`).catch(ignoreMissing);
  }
  await removeLeftovers(target);
  const fresh = `${target}.${ownMark()}.new`;
  try {
    await copyTree(native, files, links, fresh);
    await rename(fresh, target).catch((error: unknown) => {
      if (errorCode(error) !== 'ENOTEMPTY' && errorCode(error) !== 'EEXIST') throw error;
    });
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
  verifyOwner(target);
}

async function copyTree(native: string, files: string[], links: Link[], fresh: string): Promise<void> {
  for (const folder of new Set(files.map((file) => dirname(join(fresh, 'native', file))))) {
    mkdirSync(folder, { recursive: true });
    // The umask may have closed any folder on the way down.
    for (let open = folder; open.startsWith(fresh); open = dirname(open)) chmodSync(open, 0o755);
  }
  const queue = [...files];
  const copyNext = async (): Promise<void> => {
    for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
      const copy = join(fresh, 'native', file);
      await copyFile(join(native, file), copy, constants.COPYFILE_FICLONE);
      chmodSync(copy, file.startsWith('bin') ? 0o755 : 0o644);
    }
  };
  await Promise.all(Array.from({ length: 8 }, copyNext));
  for (const link of links) {
    const path = join(fresh, link.target);
    await symlink(relative(dirname(path), join(fresh, link.source)), path);
  }
}

/** Regular files below `native`, without static libraries (1.9 MB) that nothing runs. */
async function filesOf(native: string): Promise<string[]> {
  const entries = await readdir(native, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.a'))
    .map((entry) => relative(native, join(entry.parentPath, entry.name)));
}

function isComplete(native: string, files: string[], links: Link[], target: string): boolean {
  const sizeOf = (path: string) => statSync(path, { throwIfNoEntry: false })?.size;
  return (
    files.every((file) => sizeOf(join(target, 'native', file)) === sizeOf(join(native, file))) &&
    links.every((link) => existsSync(join(target, link.target)))
  );
}

/** A tree in a shared temporary folder may be someone's trap: it must be ours, and closed to other writers. */
function verifyOwner(target: string): void {
  const found = lstatSync(target);
  if (!found.isDirectory() || found.uid !== process.geteuid?.() || (found.mode & 0o022) !== 0) {
    throw new Error(`${target} belongs to someone else`);
  }
}

/** Removes copies that a process began and did not live to finish. */
async function removeLeftovers(target: string): Promise<void> {
  for (const name of await readdir(dirname(target))) {
    const path = join(dirname(target), name);
    const pid = path.startsWith(`${target}.`) ? /\.(\d+)-[0-9a-f]+\.(new|old)$/.exec(path)?.[1] : undefined;
    if (pid === undefined || (Number(pid) !== process.pid && processIdentity(Number(pid)) !== null)) continue;
    if (Number(pid) === process.pid && path.endsWith('.new')) continue;
    rmSync(path, { recursive: true, force: true });
  }
}

function ownMark(): string {
  return `${process.pid}-${randomBytes(4).toString('hex')}`;
}

function ignoreMissing(error: unknown): void {
  if (errorCode(error) !== 'ENOENT') throw error;
}

function isRunnable(root: string, links: Link[]): boolean {
  try {
    for (const program of Object.values(programs(join(root, 'native')))) accessSync(program, constants.X_OK);
    return links.every((link) => existsSync(join(root, link.target)));
  } catch {
    return false;
  }
}

function programs(native: string): Programs {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const path = (name: string) => join(native, 'bin', `${name}${suffix}`);
  return { initdb: path('initdb'), postgres: path('postgres'), pgCtl: path('pg_ctl') };
}

function readLinks(root: string): Link[] {
  const list = join(root, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return [];
  const links: unknown = JSON.parse(readFileSync(list, 'utf8'));
  return Array.isArray(links)
    ? links.map(({ source, target }) => ({ source: String(source), target: String(target) }))
    : [];
}
