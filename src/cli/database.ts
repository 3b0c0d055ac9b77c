// The database of a command: the one of DATABASE_URL, or the embedded one, which is attached to or started.
import type pg from 'pg';
import { createPool, type TransactionLimits, withRole } from '../db/client.ts';
import { type MigrateReport, migrate, migrationStatus, refuseLostRoles } from '../db/migrate/index.ts';
import { redactUrl } from '../domain/redact-url.ts';
import { startEmbedded } from '../embedded/index.ts';
import { CommandProblem, exit } from './problem.ts';
import { counted } from './words.ts';

/**
 * What a command needs the schema to be. `current`: the embedded one is brought there, somebody's own must be there already.
 * `migrated`: both are brought there. `any`: the command looks for itself.
 */
export type Need = 'current' | 'migrated' | 'any';

export interface DatabaseSource {
  databaseUrl: string | undefined;
  dataDir: string | undefined;
}

export interface Database {
  pool: pg.Pool;
  /** One transaction as the operator: role service_role, which owns nothing. */
  run<T>(work: (client: pg.PoolClient) => Promise<T>, limits?: TransactionLimits): Promise<T>;
  /** Without the password. */
  shownUrl: string;
  embedded: boolean;
  dataDir: string | undefined;
  /** Ends all connections; the embedded server stops when nobody else uses it. */
  close(): Promise<void>;
}

// What the first connection can run into, in words. The rest is said by the server itself.
const causes: Record<string, string> = {
  ECONNREFUSED: 'Nothing listens there',
  ENOTFOUND: 'There is no such host',
  EAI_AGAIN: 'The host name cannot be looked up',
  ETIMEDOUT: 'It does not answer',
  ECONNRESET: 'It ended the connection',
  EHOSTUNREACH: 'There is no way to that host',
  ENETUNREACH: 'There is no way to that host',
};

function unreachable(url: string, error: unknown): CommandProblem {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
  const message = error instanceof Error ? error.message : String(error);
  return new CommandProblem(
    {
      code: 'database_unreachable',
      what: `The database ${redactUrl(url)} cannot be reached.`,
      why: `${causes[code] ?? (message || code)}.`.replace(/\.\.$/, '.'),
      fix: 'Check DATABASE_URL or --database-url, and that the server runs; without either, the embedded Postgres is used.',
      exitCode: exit.failed,
    },
    error,
  );
}

/** One connection as whoever the URL names, who owns the schema: for migrating and looking, never for work. */
export async function withOwner<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    return await work(client);
  } finally {
    client.release();
  }
}

async function connectOnce(pool: pg.Pool, url: string): Promise<void> {
  try {
    (await pool.connect()).release();
  } catch (error) {
    throw unreachable(url, error);
  }
}

/** Whether migrations and code of the database are those of this package, and what is not. */
async function schemaState(
  pool: pg.Pool,
): Promise<{ pending: string[]; code: 'current' | 'changed' | 'absent' | 'newer'; appliedBuild: number | null }> {
  const { migrations, code } = await withOwner(pool, (client) => migrationStatus(client));
  const pending = migrations.filter(({ state }) => state === 'pending').map(({ name }) => name);
  return { pending, code: code.state, appliedBuild: code.appliedBuild };
}

function notMigrated(pending: number): CommandProblem {
  return new CommandProblem({
    code: 'schema_not_current',
    what: 'The schema of this database is not that of this version of Touchline.',
    why:
      pending > 0
        ? `${counted(pending, 'migration')} ${pending === 1 ? 'is' : 'are'} pending.`
        : 'Its functions are those of an older build.',
    fix: 'Run touchline migrate (touchline migrate --status shows what is pending).',
    exitCode: exit.refused,
  });
}

/** What a run of migrate did, in one line; undefined when it changed nothing. */
export function describeReport({ applied, code, appliedBuild }: MigrateReport): string | undefined {
  const parts = [
    ...(applied.length > 0 ? [counted(applied.length, 'migration')] : []),
    ...(code === 'applied' ? [`code build ${appliedBuild}`] : []),
  ];
  return parts.length > 0 ? `Brought the database up to date: ${parts.join(', ')}.` : undefined;
}

async function ensureSchema(pool: pg.Pool, mayMigrate: boolean, say: (line: string) => void): Promise<void> {
  await withOwner(pool, refuseLostRoles);
  const { pending, code, appliedBuild } = await schemaState(pool);
  if (code === 'newer') {
    say(
      `This database has the code of build ${appliedBuild}, newer than this program. Update this installation of touchline.`,
    );
  }
  if (pending.length === 0 && (code === 'current' || code === 'newer')) return;
  if (!mayMigrate) throw notMigrated(pending.length);
  const line = describeReport(await withOwner(pool, (client) => migrate(client)));
  if (line !== undefined) say(line);
}

// Where nobody could give it BYPASSRLS (some hosted servers), every list is empty; that must not look like the truth.
async function warnOfBlindness(pool: pg.Pool, say: (line: string) => void): Promise<void> {
  const found = await pool.query(
    "select from pg_catalog.pg_roles where rolname = 'service_role' and not rolbypassrls and not rolsuper",
  );
  if (found.rowCount === 0) return;
  say(
    'Role service_role has no BYPASSRLS here, so lists stay empty. As a superuser: alter role service_role bypassrls;',
  );
}

async function locate(
  source: DatabaseSource,
  say: (line: string) => void,
): Promise<{ url: string; embedded: boolean; dataDir: string | undefined; stop: () => Promise<void> }> {
  if (source.databaseUrl !== undefined) {
    return { url: source.databaseUrl, embedded: false, dataDir: undefined, stop: () => Promise.resolve() };
  }
  const server = await startEmbedded({ say, ...(source.dataDir === undefined ? {} : { dataDir: source.dataDir }) });
  return { url: server.url, embedded: true, dataDir: server.dataDir, stop: () => server.stop() };
}

/**
 * Opens the database of a command; call `close` whatever happens afterwards. It may be called again.
 * @throws CommandProblem `database_unreachable`, `schema_not_current`; EmbeddedPostgresError; MigrateRefused; MigrateFailed
 */
export async function openDatabase(source: DatabaseSource, need: Need, say: (line: string) => void): Promise<Database> {
  const { url, embedded, dataDir, stop } = await locate(source, say);
  const pool = createPool(url);
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closing ??= pool.end().finally(stop);
    return closing;
  };
  try {
    await connectOnce(pool, url);
    if (need !== 'any') {
      await ensureSchema(pool, embedded || need === 'migrated', say);
      await warnOfBlindness(pool, say);
    }
  } catch (error) {
    await close();
    throw error;
  }
  const run: Database['run'] = (work, limits) => withRole(pool, { role: 'service_role' }, work, limits);
  return { pool, run, shownUrl: redactUrl(url), embedded, dataDir, close };
}
