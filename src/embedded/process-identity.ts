// A pid alone is no name: the system gives it to another process later. A pid with its start moment is one.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { errorCode } from './problem.ts';

/**
 * The identity of a running process, `pid` or `pid start`, without newlines or `~`.
 * `null` when no such process runs; a zombie does not run, though signals still find it.
 */
export function processIdentity(pid: number): string | null {
  if (!Number.isSafeInteger(pid) || pid <= 0) return null;
  const start = process.platform === 'linux' ? linuxStart(pid) : psStart(pid);
  if (start === 'zombie') return null;
  if (start !== null) return `${pid} ${start}`;
  return signalFinds(pid) ? String(pid) : null;
}

/** Whether the process that once had this identity still runs. In doubt (its start cannot be read) the answer is yes. */
export function stillRuns(identity: string): boolean {
  const [pid = ''] = identity.split(' ', 1);
  const now = processIdentity(Number(pid));
  return now !== null && (now === identity || now === pid || identity === pid);
}

/** The command line of a process, each word followed by `\0` (Linux) or a space; `null` where it cannot be read. */
export function commandLine(pid: number): string | null {
  try {
    if (process.platform === 'linux') return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
    return process.platform === 'win32' ? null : `${ps(pid, 'command=')} `;
  } catch {
    return null;
  }
}

function linuxStart(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The command name in parentheses may itself hold spaces and parentheses: count fields after the last one.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? 'zombie' : `${bootId()}:${fields[19]}`;
  } catch {
    return null;
  }
}

function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return '';
  }
}

function psStart(pid: number): string | null {
  if (process.platform === 'win32') return null;
  try {
    const [state = '', ...start] = ps(pid, 'stat=,lstart=').split(/\s+/);
    return state.startsWith('Z') ? 'zombie' : start.join(' ');
  } catch {
    return null;
  }
}

function ps(pid: number, columns: string): string {
  const args = ['-ww', '-o', columns, '-p', String(pid)];
  return execFileSync('/bin/ps', args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { LC_ALL: 'C' },
  }).trim();
}

function signalFinds(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}
