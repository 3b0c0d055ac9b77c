// Work inside somebody else's transaction: our role for as long as it takes, then theirs again.
import type pg from 'pg';

/** The given client has no open transaction, so nothing could be undone together with the caller's own work. */
export class NoTransaction extends Error {
  override readonly name = 'NoTransaction';

  constructor() {
    super('There is no open transaction on this client. Run "begin" on it first, or leave the client out.');
  }
}

async function roleOf(client: pg.ClientBase): Promise<string> {
  const { rows } = await client.query<{ role: string }>("select pg_catalog.current_setting('role') as role");
  return rows[0]?.role ?? 'none';
}

/**
 * Runs `work` in the transaction that is open on `client`, as the worker's role. When it fails, the caller's transaction is
 * aborted and has to be rolled back, as after any failed statement; the role goes back with it.
 * @throws NoTransaction
 */
export async function inTransactionOf<T>(
  client: pg.ClientBase,
  work: (client: pg.ClientBase) => Promise<T>,
): Promise<T> {
  const before = await roleOf(client);
  await client.query('set local role touchline_worker');
  // Outside a transaction SET LOCAL is forgotten at once, with no more than a warning.
  if ((await roleOf(client)) !== 'touchline_worker') throw new NoTransaction();
  const result = await work(client);
  await client.query("select pg_catalog.set_config('role', $1, true)", [before]);
  return result;
}
