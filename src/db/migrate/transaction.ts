// One file or one set of files, all or nothing.
import type { ClientBase } from 'pg';
import { failedFile } from './problem.ts';
import type { SourceText } from './source.ts';

// Held for the transaction only, because a caller's connection keeps its own settings. An empty search_path proves that
// every name in our files says its schema; a migration may take long, but must never wait long in front of everybody.
const settings = "set local search_path = ''; set local lock_timeout = '4s'; set local statement_timeout = 0;";

/** Runs `work` in a transaction of its own; on an error everything is rolled back and the error goes on. */
export async function inTransaction<T>(client: ClientBase, work: () => Promise<T>): Promise<T> {
  await client.query(`begin isolation level read committed; ${settings}`);
  try {
    const result = await work();
    await client.query('commit');
    return result;
  } catch (error) {
    // On a lost connection this fails too, and the first error is the one that says why.
    await client.query('rollback').catch(() => undefined);
    throw error;
  }
}

/**
 * Runs a whole file as one query.
 * @throws MigrateFailed with file, line, cause and cure
 */
export async function runFile(client: ClientBase, file: SourceText): Promise<void> {
  try {
    await client.query(file.text);
  } catch (error) {
    throw failedFile(file, error);
  }
}

const sessionSettings = ['lock_timeout', 'statement_timeout', 'search_path', 'check_function_bodies'];

/** Runs `work` and gives the session back as it was: migrations say `set lock_timeout` for whoever runs them by hand. */
export async function keepingSettings<T>(client: ClientBase, work: () => Promise<T>): Promise<T> {
  const before = await client.query<{ name: string; value: string }>(
    'select name, pg_catalog.current_setting(name) as value from pg_catalog.unnest($1::text[]) as name',
    [sessionSettings],
  );
  try {
    return await work();
  } finally {
    await client
      .query('select pg_catalog.set_config(name, value, false) from unnest($1::text[], $2::text[]) as s(name, value)', [
        before.rows.map(({ name }) => name),
        before.rows.map(({ value }) => value),
      ])
      .catch(() => undefined);
  }
}
