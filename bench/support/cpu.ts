// Processor time of the server's process behind a connection: on a busy machine the steadier figure beside the clock's.
import { existsSync, readFileSync } from 'node:fs';
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
