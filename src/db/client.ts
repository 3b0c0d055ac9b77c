// Connections, and the one way a transaction of ours begins: as a role that owns nothing, with the claims of who is asking.
import pg from 'pg';

/** Who a transaction acts as. Row level security decides what they may see; nobody runs as the owner. */
export type Identity =
  | { role: 'authenticated'; userId: string }
  | { role: 'touchline_worker' }
  | { role: 'service_role' };

export interface PoolOptions {
  /** Shown in pg_stat_activity. Default `touchline`. */
  applicationName?: string;
  /** Connections at most. Default 10. */
  max?: number;
  /** How long to wait for a connection, in milliseconds. Default 10,000. */
  connectTimeoutMs?: number;
  /** How long to wait for an answer before the connection counts as dead, in milliseconds. Default: as long as it takes. */
  answerTimeoutMs?: number;
  /** How long an unused connection is kept, in milliseconds. Default 30,000. */
  idleTimeoutMs?: number;
  /** Hears that the server closed an unused connection; the pool replaces it by itself. */
  onIdleError?: (error: Error) => void;
}

export interface TransactionLimits {
  /** Ends a statement that runs longer, in milliseconds. Default 30,000. */
  statementTimeoutMs?: number;
  /** Ends the session when the program is silent for longer inside the transaction, in milliseconds. Default 60,000. */
  idleTimeoutMs?: number;
}

/** A commit whose outcome is unknown, or that turned out to be a rollback. */
export class CommitFailed extends Error {
  /** `unknown`: the reply was lost, the work may be there. `rolled_back`: a statement failed before and was not noticed. */
  readonly outcome: 'unknown' | 'rolled_back';

  constructor(outcome: 'unknown' | 'rolled_back', message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'CommitFailed';
    this.outcome = outcome;
  }
}

function parseInt8(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value)) return value;
  throw new RangeError(`The bigint ${text} does not fit a JavaScript number; cast it to text in the query.`);
}

type Parse = (text: string) => unknown;

// bigint: a number, or an error when it would lose digits. date: text, as a Date would stand for midnight in this
// process's zone. interval: ISO 8601 text (withRole sets the style). Everything else is pg's own: timestamptz is a Date
// (milliseconds), numeric is text. The parsers belong to the pool, so that an application's own pg is left alone.
const parsers = new Map<number, Parse>([
  [pg.types.builtins.INT8, parseInt8],
  [pg.types.builtins.DATE, String],
  [pg.types.builtins.INTERVAL, String],
]);

const types = {
  getTypeParser(oid: number, format?: 'text' | 'binary'): Parse {
    const own = format === 'binary' ? undefined : parsers.get(oid);
    return own ?? (pg.types.getTypeParser(oid, format ?? 'text') as Parse);
  },
};

/**
 * A pool of connections. No setting travels at connect time, because poolers in transaction mode refuse them; limits are set
 * by `withRole` inside each transaction.
 * @param url a postgres:// URL
 */
export function createPool(url: string, options: PoolOptions = {}): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    application_name: options.applicationName ?? 'touchline',
    max: options.max ?? 10,
    connectionTimeoutMillis: options.connectTimeoutMs ?? 10_000,
    idleTimeoutMillis: options.idleTimeoutMs ?? 30_000,
    ...(options.answerTimeoutMs === undefined ? {} : { query_timeout: options.answerTimeoutMs }),
    keepAlive: true,
    types,
  });
  // Without a listener, a server restart would end the process.
  pool.on('error', options.onIdleError ?? (() => undefined));
  // Neither the pool nor whoever asked for a connection listens while it goes from one to the other, and a server that ends it says so
  // in the same piece in which it says that it is open. The next query fails, which is enough.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

/** Where the connections of a pool of `createPool` lead, with the password in it. */
export function urlOf(pool: pg.Pool): string {
  const url = pool.options.connectionString;
  if (url === undefined) throw new TypeError('This pool was not made from a URL.');
  return url;
}

function claimsOf(identity: Identity): string {
  switch (identity.role) {
    case 'authenticated':
      return JSON.stringify({ sub: identity.userId, role: identity.role });
    case 'service_role':
      return JSON.stringify({ role: identity.role });
    case 'touchline_worker':
      return '';
  }
}

// One round trip. Settings come before the role, which may not set them all; read committed, whatever the default of the
// database is, because our functions refuse anything else.
function beginning(identity: Identity, limits: TransactionLimits): string {
  return [
    'begin isolation level read committed',
    `set local statement_timeout = ${Math.trunc(limits.statementTimeoutMs ?? 30_000)}`,
    `set local idle_in_transaction_session_timeout = ${Math.trunc(limits.idleTimeoutMs ?? 60_000)}`,
    "set local intervalstyle = 'iso_8601'",
    `select pg_catalog.set_config('request.jwt.claims', ${pg.escapeLiteral(claimsOf(identity))}, true)`,
    `set local role ${pg.escapeIdentifier(identity.role)}`,
  ].join('; ');
}

// Classes in which the server refused the commit and says so; in all others (lost connection, shutdown) nobody knows.
function isRefusal(error: unknown): boolean {
  if (!(error instanceof pg.DatabaseError) || error.code === undefined) return false;
  return !/^(?:08|57P|58|XX|40003)/.test(error.code);
}

async function commit(client: pg.PoolClient): Promise<void> {
  const result = await client.query('commit').catch((error: unknown) => {
    // A deferred constraint: the caller wants its own code.
    if (isRefusal(error)) throw error;
    const message = 'The connection failed during commit: the work may or may not have been kept.';
    throw new CommitFailed('unknown', message, error);
  });
  // The server answers ROLLBACK, and no error, when a statement failed and somebody caught its error.
  if (result.command !== 'COMMIT') {
    const message = 'Nothing was kept: a statement of this transaction failed and its error was ignored.';
    throw new CommitFailed('rolled_back', message);
  }
}

async function rollback(client: pg.PoolClient): Promise<boolean> {
  return client.query('rollback').then(
    () => true,
    () => false,
  );
}

/**
 * Runs `work` in one transaction as `identity`.
 * @returns what `work` returns, after the commit
 * @throws what `work` throws, after the rollback; what a deferred constraint says at commit; CommitFailed otherwise. After an
 *   error of the commit the connection is never used again.
 */
export async function withRole<T>(
  pool: pg.Pool,
  identity: Identity,
  work: (client: pg.PoolClient) => Promise<T>,
  limits: TransactionLimits = {},
): Promise<T> {
  const client = await pool.connect();
  let unusable = false;
  // A connection that dies while nobody waits for an answer says so by an event, which ends the process if nobody hears it.
  const markUnusable = (): void => {
    unusable = true;
  };
  client.on('error', markUnusable);
  let committing = false;
  try {
    await client.query(beginning(identity, limits));
    const result = await work(client);
    committing = true;
    await commit(client);
    return result;
  } catch (error) {
    unusable ||= committing || !(await rollback(client));
    throw error;
  } finally {
    client.off('error', markUnusable);
    client.release(unusable);
  }
}
