// Processor time of the server's process behind a connection: on a busy machine the steadier figure beside the clock's.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { ClientBase } from 'pg';

/** Microseconds of processor time so far; null where the server is elsewhere or the system does not tell (Linux does). */
export type CpuClock = () => number | null;

/** A clock of the process that serves `client`. */
export async function cpuClockOf(client: ClientBase): Promise<CpuClock> {
  const { rows } = await client.query<{ pid: number }>('select pg_catalog.pg_backend_pid() as pid');
  const folder = `/proc/${rows[0]?.pid}`;
  const isOurs = existsSync(`${folder}/schedstat`) && readFileSync(`${folder}/comm`, 'utf8').startsWith('postgres');
  return () => (isOurs ? Number(readFileSync(`${folder}/schedstat`, 'utf8').split(' ')[0]) / 1000 : null);
}

function parentOf(pid: string): string {
  // The name before it is in brackets and may hold blanks.
  return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[1] ?? '';
}

/** A process that ended meanwhile took nothing more. */
function orZero(read: () => number): number {
  try {
    return read();
  } catch {
    return 0;
  }
}

/** A clock of all processes of the server behind `client` that are running. */
export async function serverCpuClockOf(client: ClientBase): Promise<CpuClock> {
  const { rows } = await client.query<{ pid: number }>('select pg_catalog.pg_backend_pid() as pid');
  const own = `/proc/${rows[0]?.pid}`;
  const isOurs = existsSync(`${own}/schedstat`) && readFileSync(`${own}/comm`, 'utf8').startsWith('postgres');
  if (!isOurs) return () => null;
  const postmaster = parentOf(String(rows[0]?.pid));
  const micros = (pid: string): number =>
    orZero(() =>
      parentOf(pid) === postmaster ? Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1000 : 0,
    );
  return () =>
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .reduce((sum, pid) => sum + micros(pid), 0);
}
