import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  lchownSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  renameSync,
  rmdirSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { type Account, runsAsRoot, serverAccount } from './account.ts';
import { EmbeddedPostgresError, errorCode } from './problem.ts';

/** Where the data is and who runs the server there (`null`: this process's own account). */
export interface DataPlace {
  dataDir: string;
  account: Account | null;
}

const defaultName = '.touchline';
const rootFallback = '/var/lib/touchline';

/**
 * Decides the data folder and the server's account, and makes the folder.
 * No folder given: `./.touchline`, or `/var/lib/touchline/<hash>` when root's server account cannot reach that.
 *
 * @param wanted the folder somebody chose, absolute or relative to the working directory
 * @throws EmbeddedPostgresError `data_dir_unreachable` for a chosen folder, naming folder, account and cure
 */
export function openDataDir(wanted: string | undefined, say: (line: string) => void): DataPlace {
  const place = choosePlace(wanted, say);
  makeFolder(place.dataDir, place.account);
  return place;
}

function choosePlace(wanted: string | undefined, say: (line: string) => void): DataPlace {
  const dataDir = realFolder(resolve(wanted ?? defaultName));
  const account = serverAccount(ownerOf(dataDir));
  const closed = account === null ? null : firstClosedFolder(account, dataDir);
  if (account === null || closed === null) return { dataDir, account };
  if (wanted !== undefined) throw unreachable(dataDir, account, closed);
  const hash = createHash('sha256').update(dataDir).digest('hex').slice(0, 12);
  const fallback = realFolder(join(rootFallback, hash));
  say(
    `Data folder: ${fallback} (the account "${account.name}", which runs the database for root, cannot reach ${dataDir}).`,
  );
  const fallbackAccount = serverAccount(ownerOf(fallback)) ?? account;
  const closedToo = firstClosedFolder(fallbackAccount, fallback);
  if (closedToo !== null) throw unreachable(fallback, fallbackAccount, closedToo);
  return { dataDir: fallback, account: fallbackAccount };
}

/** The first existing folder on the way to (and including) `path` that `account` may not enter, or `null`. */
export function firstClosedFolder(account: Account, path: string): string | null {
  const way: string[] = [];
  for (let folder = realFolder(path); ; folder = dirname(folder)) {
    way.unshift(folder);
    if (folder === dirname(folder)) break;
  }
  return way.find((folder) => existsSync(folder) && !mayEnter(account, folder)) ?? null;
}

// The server is spawned without supplementary groups, so the mode bits tell the whole truth (ACLs apart).
function mayEnter(account: Account, folder: string): boolean {
  const { uid, gid, mode } = statSync(folder);
  if (uid === account.uid) return (mode & 0o100) !== 0;
  return (mode & (gid === account.gid ? 0o010 : 0o001)) !== 0;
}

/** Resolves links in the part of the path that exists: the server's account walks the real path. */
function realFolder(path: string): string {
  if (existsSync(path)) return realpathSync(path);
  const parent = dirname(path);
  return parent === path ? path : join(realFolder(parent), path.slice(parent.length));
}

/** In a folder of an ordinary user, root must leave nothing that this user's own start could not use. */
export function giveToOwner(path: string, dataDir: string): void {
  if (!runsAsRoot()) return;
  const owner = statSync(dataDir);
  lchownSync(path, owner.uid, owner.gid);
}

function ownerOf(folder: string): number | undefined {
  return statSync(folder, { throwIfNoEntry: false })?.uid;
}

function makeFolder(folder: string, account: Account | null): void {
  if (account === null) mkdirSync(folder, { recursive: true, mode: 0o700 });
  // Root's folder: others may pass through to the cluster, which belongs to the server's account, but not look.
  else makeEnterableFolder(folder, 0o711);
  const ignore = join(folder, '.gitignore');
  if (existsSync(ignore)) return;
  try {
    writeFileSync(ignore, '*\n', { flag: 'wx' });
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
  }
  giveToOwner(ignore, folder);
}

/**
 * As mkdir -p, but with this mode whatever root's umask is. Each folder appears with its mode already set: another
 * process that looks in between must not find it closed and go elsewhere.
 */
export function makeEnterableFolder(folder: string, mode = 0o755): void {
  if (existsSync(folder)) return;
  makeEnterableFolder(dirname(folder));
  const fresh = mkdtempSync(`${folder}.`);
  chmodSync(fresh, mode);
  try {
    renameSync(fresh, folder);
  } catch (error) {
    rmdirSync(fresh);
    if (!existsSync(folder)) throw error;
  }
}

function unreachable(dataDir: string, account: Account, closed: string): EmbeddedPostgresError {
  const why = runsAsRoot() ? 'Postgres refuses to run as root' : 'the folder is closed';
  return new EmbeddedPostgresError(
    'data_dir_unreachable',
    `The account "${account.name}", which runs the database because ${why}, cannot reach the data folder ${dataDir}: ` +
      `${closed} is closed to it. Set TOUCHLINE_DATA_DIR to a folder it can reach (such as ${rootFallback}/data), or open the way: chmod o+x ${closed}`,
  );
}
