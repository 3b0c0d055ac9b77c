// What Postgres itself wrote about its server, `postmaster.pid`, and whether to believe it.
import { readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { errorCode } from './problem.ts';
import { commandLine, processIdentity } from './process-identity.ts';

/** The content of postmaster.pid. `port` and `status` are written later than `pid`; all are unknown in an empty file. */
export interface PostmasterFile {
  pid: number | null;
  port: number | null;
  status: 'starting' | 'ready' | 'stopping' | 'standby' | null;
}

const statuses = ['starting', 'ready', 'stopping', 'standby'] as const;

/** Path of postmaster.pid. */
export function postmasterFile(pgData: string): string {
  return join(pgData, 'postmaster.pid');
}

/** Reads postmaster.pid; `null` when there is none, so no server runs or a clean stop ended it. */
export function readPostmaster(pgData: string): PostmasterFile | null {
  try {
    const lines = readFileSync(postmasterFile(pgData), 'utf8').split('\n');
    const status = lines[7]?.trim();
    return {
      pid: positive(lines[0]),
      port: positive(lines[3]),
      status: statuses.find((known) => known === status) ?? null,
    };
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}

/**
 * Who has the pid: `gone` nobody · `corpse` a dead process its parent has not yet taken note of · `stranger` a process
 * that is not this cluster's server · `server` it is · `unknown` a living process about which nothing can be read.
 */
export function judgePid(pid: number, pgData: string): 'gone' | 'corpse' | 'stranger' | 'server' | 'unknown' {
  if (processIdentity(pid) === null) return signalReaches(pid) ? 'corpse' : 'gone';
  const command = commandLine(pid);
  if (command === null) return 'unknown';
  const isPostgres = /(?:^|[/\\])postgres(?:\.exe)?[\0 ]/.test(command);
  const isHere = command.includes(`${pgData}\0`) || command.includes(`${pgData} `) || workingFolder(pid) === pgData;
  return isPostgres && isHere ? 'server' : 'stranger';
}

function signalReaches(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function workingFolder(pid: number): string | null {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return null;
  }
}

function positive(line: string | undefined): number | null {
  const value = Number(line?.trim());
  return Number.isSafeInteger(value) && value > 0 ? value : null;
}
