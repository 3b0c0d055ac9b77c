// One migrate run at a time per database, whoever starts it. The lock belongs to the session, because a run is many
// transactions; and it is polled, because a session that waits inside a statement holds a snapshot all that time.
import { setTimeout as pause } from 'node:timers/promises';
import type { ClientBase } from 'pg';
import { MigrateFailed, MigrateRefused } from './problem.ts';
import { inTransaction } from './transaction.ts';

// 'touchline' and 'migrate', as two numbers nobody else is likely to use.
const classId = 1_952_412_019;
const objectId = 1_835_624_306;
const pollMs = 50;

const deadlock = '40P01';
const mostTries = 5;
const pauseMs = 200;

// The same two numbers are in use in every other database of the server.
const ourLock = `
  locktype = 'advisory' and classid = ${classId} and objid = ${objectId} and objsubid = 2 and granted
  and database = (select oid from pg_catalog.pg_database where datname = pg_catalog.current_database())`;

const holdsLock = `
  select exists (select from pg_catalog.pg_locks where ${ourLock} and pid = pg_catalog.pg_backend_pid()) as held`;

async function tryLock(client: ClientBase): Promise<boolean> {
  const result = await client.query<{ got: boolean }>('select pg_catalog.pg_try_advisory_lock($1, $2) as got', [
    classId,
    objectId,
  ]);
  return result.rows[0]?.got === true;
}

async function describeHolder(client: ClientBase): Promise<string> {
  const result = await client.query<{ pid: number; application_name: string | null; since: string | null }>(
    `select l.pid, a.application_name, pg_catalog.to_char(a.backend_start, 'YYYY-MM-DD HH24:MI:SS TZ') as since
     from pg_catalog.pg_locks l left join pg_catalog.pg_stat_activity a using (pid)
     where ${ourLock} limit 1`,
  );
  const holder = result.rows[0];
  if (holder === undefined) return 'another session';
  return `server process ${holder.pid} (${holder.application_name || 'no name'}, connected since ${holder.since ?? 'unknown'})`;
}

/**
 * Runs `work` under the migration lock of this database.
 * @param waitMs how long to wait for another run
 * @throws MigrateRefused `migration_locked` when another run holds it for longer
 */
export async function withMigrationLock<T>(client: ClientBase, waitMs: number, work: () => Promise<T>): Promise<T> {
  let waitedMs = 0;
  while (!(await tryLock(client))) {
    if (waitedMs >= waitMs) {
      const seconds = Math.round(waitMs / 1000);
      throw new MigrateRefused(
        'migration_locked',
        `Another migrate run has held the lock for ${seconds} s: ${await describeHolder(client)}. Nothing was changed. ` +
          'Wait until it ends; if it hangs, end it with select pg_terminate_backend(<that process>), then run again.',
      );
    }
    await pause(pollMs);
    waitedMs += pollMs;
  }
  try {
    return await work();
  } finally {
    await client.query('select pg_catalog.pg_advisory_unlock($1, $2)', [classId, objectId]).catch(() => undefined);
  }
}

// Inside a transaction every statement reaches the same server session, so the answer holds until its end.
async function assertLockHeld(client: ClientBase): Promise<void> {
  const result = await client.query<{ held: boolean }>(holdsLock);
  if (result.rows[0]?.held === true) return;
  throw new MigrateRefused(
    'pooled_connection',
    'This URL goes through a transaction pooler (Supabase: port 6543), which spreads one run over many server sessions. ' +
      'Use the direct or the session-mode URL (Supabase: port 5432) for migrate.',
  );
}

/**
 * A transaction of a run that proves it is in the very server session that holds the lock. Workers go on meanwhile, and take the locks
 * of tables in an order of theirs: when the server ends a deadlock by ending this transaction, nothing of it is kept, and it begins anew.
 * @throws MigrateRefused `pooled_connection` when a transaction pooler gave us another session
 */
export async function lockedTransaction<T>(client: ClientBase, work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await inTransaction(client, async () => {
        await assertLockHeld(client);
        return work();
      });
    } catch (error) {
      if (tries === mostTries || !(error instanceof MigrateFailed) || error.code !== deadlock) throw error;
      await pause(tries * pauseMs);
    }
  }
}
