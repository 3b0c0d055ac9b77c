// One try of one statement inside the caller's transaction; whatever it did is undone.
import pg from 'pg';

/**
 * What became of a try: `denied` (no privilege), `rls` (a row violates a policy), `rows:N`, or the SQLSTATE.
 */
type Outcome = string;

export interface Try {
  outcome: Outcome;
  rows: Record<string, unknown>[];
  message: string;
  detail: string;
  constraint: string;
}

function outcomeOf(error: unknown): Try {
  if (!(error instanceof pg.DatabaseError)) throw error;
  const { code = '', message, detail = '', constraint = '' } = error;
  const kind = message.includes('row-level security policy') ? 'rls' : 'denied';
  return { outcome: code === '42501' ? kind : code, rows: [], message, detail, constraint };
}

// Without parameters the savepoint travels with the statement: one round trip less, of some tens of thousands.
async function run(client: pg.Client, sql: string, values: unknown[]): Promise<pg.QueryResult> {
  if (values.length === 0) {
    const results: unknown = await client.query(`savepoint attempt; ${sql}`);
    return (Array.isArray(results) ? results.at(-1) : results) as pg.QueryResult;
  }
  await client.query('savepoint attempt');
  return client.query(sql, values);
}

/**
 * Runs one statement in a savepoint and takes it back.
 * @returns what became of it; rejects only when the connection itself is lost
 */
export async function attempt(client: pg.Client, sql: string, values: unknown[] = []): Promise<Try> {
  try {
    const result = await run(client, sql, values);
    return { outcome: `rows:${result.rowCount ?? 0}`, rows: result.rows, message: '', detail: '', constraint: '' };
  } catch (error) {
    return outcomeOf(error);
  } finally {
    await client.query('rollback to savepoint attempt; release savepoint attempt');
  }
}

/** Runs `work` inside a savepoint of the caller's transaction that is always taken back. */
export async function takenBack<T>(client: pg.Client, work: () => Promise<T>): Promise<T> {
  await client.query('savepoint taken_back');
  try {
    return await work();
  } finally {
    await client.query('rollback to savepoint taken_back; release savepoint taken_back');
  }
}

// Clients inside undone(): a transaction in it must not end the one around it.
const begun = new WeakSet<pg.Client>();

/** Runs `work` in a transaction that is always rolled back; inside another one, in a savepoint of that. */
export async function undone<T>(client: pg.Client, work: () => Promise<T>): Promise<T> {
  if (begun.has(client)) return takenBack(client, work);
  await client.query('begin');
  begun.add(client);
  try {
    return await work();
  } finally {
    begun.delete(client);
    await client.query('rollback');
  }
}
