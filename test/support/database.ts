// A database of its own for every test file: a copy of a migrated template, which is made once per run.
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import type { TestServer } from './test-server.ts';

/** What `testDatabase` makes. */
export interface TestDatabaseOptions {
  /** Appears in the database's name, to be recognised in logs. */
  name?: string;
  /** A database whose clock the tests set. Default false. */
  virtualClock?: boolean;
}

/** A database that belongs to one test or test file. */
export interface TestDatabase {
  name: string;
  url: string;
  /** Connections as the owner of everything, who is not subject to row level security. */
  pool: pg.Pool;
  /** One statement as the owner. */
  query<Row extends pg.QueryResultRow = pg.QueryResultRow>(
    sql: string,
    params?: unknown[],
  ): Promise<pg.QueryResult<Row>>;
  /**
   * Runs `work` in one transaction as `role`, with the JWT claims a request would carry (`null`: none).
   * Commits, or rolls back and rethrows when `work` fails.
   */
  asRole<T>(
    role: string,
    claims: Record<string, unknown> | null,
    work: (client: pg.PoolClient) => Promise<T>,
  ): Promise<T>;
  /** Closes the pool and drops the database; whoever else is still connected is thrown out. */
  drop(): Promise<void>;
}

/**
 * A fresh copy of the migrated template.
 * @param server default: the one of the test run; a script opens its own
 */
export async function testDatabase(
  options: string | TestDatabaseOptions = {},
  server: TestServer = inject('touchlineTestServer'),
): Promise<TestDatabase> {
  const { name, virtualClock = false } = typeof options === 'string' ? { name: options } : options;
  const template = await templateFor(server, virtualClock);
  return await createDatabase(server, name, `template ${pg.escapeIdentifier(template)}`);
}

/** A database without Touchline in it. */
export async function emptyDatabase(name?: string): Promise<TestDatabase> {
  return await createDatabase(inject('touchlineTestServer'), name, 'template template0');
}

/** A copy of a database as it is now, like a backup that is restored beside it. Whoever is connected to the original is thrown out. */
export async function copyDatabase(original: TestDatabase, name?: string): Promise<TestDatabase> {
  const server = inject('touchlineTestServer');
  await asAdmin(server, (admin) =>
    admin.query(
      'select pg_catalog.pg_terminate_backend(pid, 5000) from pg_catalog.pg_stat_activity where datname = $1',
      [original.name],
    ),
  );
  return await createDatabase(server, name, `template ${pg.escapeIdentifier(original.name)}`);
}

async function createDatabase(server: TestServer, label: string | undefined, template: string): Promise<TestDatabase> {
  const readable = (label ?? 'db')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .slice(0, 24);
  const name = `${server.prefix}${readable}_${randomBytes(4).toString('hex')}`;
  await asAdmin(server, (admin) => admin.query(`create database ${pg.escapeIdentifier(name)} ${template}`));
  const url = urlOf(server, name);
  const pool = new pg.Pool({ connectionString: url, max: 20 });
  // An idle connection that the server ends (a test killed it, or the run is over) is no failure of the test.
  pool.on('error', () => undefined);
  return {
    name,
    url,
    pool,
    query: (sql, params) => pool.query(sql, params),
    asRole: (role, claims, work) => asRole(pool, role, claims, work),
    drop: async () => {
      if (!pool.ended) await pool.end();
      await asAdmin(server, (admin) =>
        admin.query(`drop database if exists ${pg.escapeIdentifier(name)} with (force)`),
      );
    },
  };
}

async function asRole<T>(
  pool: pg.Pool,
  role: string,
  claims: Record<string, unknown> | null,
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    await client.query("select pg_catalog.set_config('request.jwt.claims', $1, true)", [
      claims === null ? '' : JSON.stringify(claims),
    ]);
    await client.query(`set local role ${pg.escapeIdentifier(role)}`);
    const result = await work(client);
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw error;
  } finally {
    client.release();
  }
}

const templates = new Map<boolean, Promise<string>>();

function templateFor(server: TestServer, virtualClock: boolean): Promise<string> {
  const known = templates.get(virtualClock) ?? ensureTemplate(server, virtualClock);
  templates.set(virtualClock, known);
  return known;
}

/**
 * The template's name; the first caller of the run makes it while the others wait. It gets its name only when it is
 * complete, and nobody is connected to it then: `create database … template` refuses a template in use.
 */
async function ensureTemplate(server: TestServer, virtualClock: boolean): Promise<string> {
  const template = `${server.prefix}template${virtualClock ? '_virtual_clock' : ''}`;
  await asAdmin(server, async (admin) => {
    if (await exists(admin, template)) return;
    // One lock for both templates: migrating also makes roles, which all databases of the server share.
    await admin.query('select pg_catalog.pg_advisory_lock(pg_catalog.hashtext($1))', [server.prefix]);
    if (await exists(admin, template)) return;
    const making = `${template}_making`;
    await admin.query(`drop database if exists ${pg.escapeIdentifier(making)} with (force)`);
    await admin.query(`create database ${pg.escapeIdentifier(making)} template template0`);
    await migrateInto(urlOf(server, making), virtualClock);
    await admin.query(`alter database ${pg.escapeIdentifier(making)} rename to ${pg.escapeIdentifier(template)}`);
  });
  return template;
}

async function migrateInto(url: string, virtualClock: boolean): Promise<void> {
  const { migrate } = await import('../../src/db/migrate/index.ts');
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await migrate(client, { virtualClock });
  } finally {
    await client.end();
  }
}

async function exists(admin: pg.Client, database: string): Promise<boolean> {
  const { rowCount } = await admin.query('select from pg_catalog.pg_database where datname = $1', [database]);
  return rowCount === 1;
}

async function asAdmin<T>(server: TestServer, work: (admin: pg.Client) => Promise<T>): Promise<T> {
  const admin = new pg.Client({ connectionString: server.adminUrl });
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.end();
  }
}

function urlOf(server: TestServer, database: string): string {
  const url = new URL(server.adminUrl);
  url.pathname = `/${encodeURIComponent(database)}`;
  return url.href;
}
