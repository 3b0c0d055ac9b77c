// Points between a worker and the database: around the commits of claims and settles.
import type pg from 'pg';
import { type Armed, Cut } from './arm.ts';
import type { CrashPoint } from './points.ts';

type Query = (...args: unknown[]) => Promise<unknown>;

const pointsOf: Readonly<Record<string, { before: CrashPoint; after: CrashPoint }>> = {
  touchline_claim: { before: 'before_claim_commit', after: 'claim_reply_lost' },
  touchline_settle: { before: 'before_settle_commit', after: 'settle_reply_lost' },
};

const nameIn = (query: unknown): string | undefined =>
  typeof query === 'object' && query !== null && 'name' in query && typeof query.name === 'string'
    ? query.name
    : undefined;

/** Breaks the connection as a network would: neither side says goodbye. */
function breakOff(client: pg.PoolClient): void {
  const { connection } = client as unknown as { connection: { stream: { destroy(): void } } };
  connection.stream.destroy();
}

function armClient(client: pg.PoolClient, armed: Armed): void {
  const query = client.query.bind(client) as Query;
  let calls: string[] = [];
  const passAll = async (side: 'before' | 'after'): Promise<void> => {
    for (const name of calls) {
      const points = pointsOf[name];
      if (points !== undefined) await armed.pass(points[side]);
    }
  };
  const commit = async (args: unknown[]): Promise<unknown> => {
    try {
      await passAll('before');
      const result = await query(...args);
      await passAll('after');
      return result;
    } catch (error) {
      if (error instanceof Cut) breakOff(client);
      throw error;
    } finally {
      calls = [];
    }
  };
  const armedQuery: Query = (...args) => {
    const [first] = args;
    if (first === 'commit') return commit(args);
    if (typeof first === 'string' && first.startsWith('begin')) calls = [];
    const name = nameIn(first);
    if (name !== undefined) calls.push(name);
    return query(...args);
  };
  Object.assign(client, { query: armedQuery });
}

/** The same pool, whose commits pass the points. */
export function armedPool(pool: pg.Pool, armed: Armed): pg.Pool {
  const connect = pool.connect.bind(pool) as () => Promise<pg.PoolClient>;
  const known = new WeakSet<pg.PoolClient>();
  const armedConnect = async (): Promise<pg.PoolClient> => {
    const client = await connect();
    if (!known.has(client)) {
      known.add(client);
      armClient(client, armed);
    }
    return client;
  };
  Object.assign(pool, { connect: armedConnect });
  return pool;
}
