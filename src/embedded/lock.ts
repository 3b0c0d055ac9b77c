// A lock between processes that outlives no holder. Node has no flock, so the lock is a symbolic link whose target
// names the holder: made atomically, exclusively and with its content, so that no half-written lock exists.
//
// Taking over from a dead holder is the hard part: two waiters may both see the corpse, and the slower must not remove
// the lock that the faster one has just made. So only the holder of the guard `<lock>.<nonce of the dead holder>` may
// remove that holder's lock, after looking again. The guard is a lock of the same kind, taken over in the same way.
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, readlinkSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { EmbeddedPostgresError, errorCode } from './problem.ts';
import { processIdentity, stillRuns } from './process-identity.ts';

const pollMs = 20;

/**
 * Runs `work` while holding the lock at `path`; waits for a living holder, takes over from a dead one.
 *
 * @param timeoutMs how long to wait for living holders, in milliseconds
 * @throws EmbeddedPostgresError `lock_timeout`, naming the holder
 */
export async function withLock<T>(path: string, timeoutMs: number, work: () => Promise<T>): Promise<T> {
  const mine = await acquire(path, performance.now() + timeoutMs);
  removeOldGuards(path);
  try {
    return await work();
  } finally {
    release(path, mine);
  }
}

async function acquire(path: string, deadlineMs: number): Promise<string> {
  const mine = `${processIdentity(process.pid) ?? process.pid}~${randomBytes(8).toString('hex')}`;
  for (;;) {
    if (place(path, mine)) return mine;
    const held = read(path);
    if (held === null) continue;
    if (!stillRuns(holder(held))) {
      await removeFromDead(path, held, deadlineMs);
    } else if (performance.now() > deadlineMs) {
      throw new EmbeddedPostgresError(
        'lock_timeout',
        `Another process (${holder(held).split(' ', 1)[0]}) has been starting or stopping the embedded Postgres for too long; it holds ${path}. Wait for it or end it, then start again.`,
      );
    } else {
      await sleep(pollMs * (0.5 + Math.random()));
    }
  }
}

async function removeFromDead(path: string, held: string, deadlineMs: number): Promise<void> {
  const guard = `${path}.${nonce(held)}`;
  const mine = await acquire(guard, deadlineMs);
  try {
    if (read(path) === held) unlinkSync(path);
  } finally {
    release(guard, mine);
  }
}

function release(path: string, mine: string): void {
  if (read(path) === mine) unlinkSync(path);
}

/** Guards concern holders that the lock no longer names, so whoever holds the lock may sweep what crashes left. */
function removeOldGuards(path: string): void {
  for (const name of readdirSync(dirname(path))) {
    if (!name.startsWith(`${basename(path)}.`)) continue;
    try {
      unlinkSync(join(dirname(path), name));
    } catch (error) {
      if (errorCode(error) !== 'ENOENT') throw error;
    }
  }
}

function place(path: string, mine: string): boolean {
  try {
    // Windows lets only administrators make links; a file is nearly as good there (see `holder` for its torn write).
    if (process.platform === 'win32') writeFileSync(path, mine, { flag: 'wx' });
    else symlinkSync(mine, path);
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

function read(path: string): string | null {
  try {
    return process.platform === 'win32' ? readFileSync(path, 'utf8') : readlinkSync(path);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}

/** A file still empty belongs to someone between creating and writing it: count it as held, by ourselves for want of a name. */
function holder(held: string): string {
  return held === '' ? String(process.pid) : (held.split('~', 1)[0] ?? '');
}

function nonce(held: string): string {
  return held.slice(held.indexOf('~') + 1);
}
