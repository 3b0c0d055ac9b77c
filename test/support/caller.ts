// Calls functions of the SQL surface as somebody, each call in a transaction of its own.
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { TestDatabase } from './database.ts';

/** How the database refused a call. */
interface Refusal {
  code: string;
  message: string;
  detail: string;
  hint: string;
}

export interface Caller {
  /** What the function returns. Objects and arrays travel as JSON. */
  call<T = unknown>(name: string, ...args: unknown[]): Promise<T>;
  /** How it refuses; fails when it does not. */
  refusal(name: string, ...args: unknown[]): Promise<Refusal>;
  /** Rows that this caller reads. */
  rows<Row extends pg.QueryResultRow>(sql: string, ...params: unknown[]): Promise<Row[]>;
}

function asParameter(value: unknown): unknown {
  return typeof value === 'object' && value !== null && !(value instanceof Date) ? JSON.stringify(value) : value;
}

/** The statement that calls a function of the surface, and its parameters. */
export function callOf(name: string, args: readonly unknown[]): { text: string; values: unknown[] } {
  const places = args.map((_, index) => `$${index + 1}`).join(', ');
  return { text: `select touchline.${name}(${places}) as value`, values: args.map(asParameter) };
}

function caller(database: TestDatabase, role: string, claims: Record<string, unknown> | null): Caller {
  const call = <T>(name: string, ...args: unknown[]): Promise<T> =>
    database.asRole(role, claims, async (client) => (await client.query(callOf(name, args))).rows[0]?.value as T);
  return {
    call,
    refusal: (name, ...args) =>
      call(name, ...args).then(
        (value) => {
          throw new Error(`${name} did not refuse; it returned ${JSON.stringify(value)}`);
        },
        (error: unknown) => {
          if (!(error instanceof pg.DatabaseError)) throw error;
          const { code = '', message, detail = '', hint = '' } = error;
          return { code, message, detail, hint };
        },
      ),
    rows: (sql, ...params) => database.asRole(role, claims, async (client) => (await client.query(sql, params)).rows),
  };
}

/** A user with this id, as a request would bring them. */
export function signedIn(database: TestDatabase, userId: string): Caller {
  return caller(database, 'authenticated', { sub: userId, role: 'authenticated' });
}

export function operator(database: TestDatabase): Caller {
  return caller(database, 'service_role', { role: 'service_role' });
}

export function worker(database: TestDatabase): Caller {
  return caller(database, 'touchline_worker', null);
}

/** A business in New York and its owner, who may do everything there. */
export async function newBusiness(
  database: TestDatabase,
  profile: Record<string, unknown> = {},
): Promise<{ id: string; ownerId: string; owner: Caller }> {
  const ownerId = randomUUID();
  const id = await operator(database).call<string>('add_business', ownerId, {
    name: 'Hudson Heating',
    time_zone: 'America/New_York',
    ...profile,
  });
  return { id, ownerId, owner: signedIn(database, ownerId) };
}

/** Waits until somebody waits for a lock that `client` holds. */
export async function blockedBehind(database: TestDatabase, client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query<{ pid: number }>('select pg_catalog.pg_backend_pid() as pid');
  const waiting = 'select from pg_catalog.pg_stat_activity a where $1 = any (pg_catalog.pg_blocking_pids(a.pid))';
  while ((await database.query(waiting, [rows[0]?.pid])).rowCount === 0);
}
