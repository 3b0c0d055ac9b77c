// Which processes use the server of a data folder: one file each, named by chance, holding the process identity.
// All calls happen while the folder's lock is held, so an unreadable file is what a crash left.
import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { giveToOwner } from './data-dir.ts';
import { processIdentity, stillRuns } from './process-identity.ts';

/** Notes this process as a user; the result is the file to hand to `leave`. */
export function enter(dataDir: string): string {
  mkdirSync(folder(dataDir), { recursive: true, mode: 0o755 });
  giveToOwner(folder(dataDir), dataDir);
  const file = join(folder(dataDir), `${process.pid}-${randomBytes(6).toString('hex')}`);
  writeFileSync(file, processIdentity(process.pid) ?? String(process.pid), { flag: 'wx', mode: 0o644 });
  giveToOwner(file, dataDir);
  return file;
}

/** Takes the note away; returns how many other users still run. Notes of processes that died are removed too. */
export function leave(dataDir: string, file: string): number {
  rmSync(file, { force: true });
  return countUsers(dataDir);
}

/** How many users of the server still run. */
function countUsers(dataDir: string): number {
  let running = 0;
  for (const name of entries(dataDir)) {
    const file = join(folder(dataDir), name);
    if (stillRuns(readFileSync(file, 'utf8'))) running += 1;
    else rmSync(file, { force: true });
  }
  return running;
}

function entries(dataDir: string): string[] {
  try {
    return readdirSync(folder(dataDir));
  } catch {
    return [];
  }
}

function folder(dataDir: string): string {
  return join(dataDir, 'users');
}
