// What a piece of work wrote to the log of the server: bytes and records.
import type pg from 'pg';

/** The one connection that works: a client, or a pool of one. */
type Worker = Pick<pg.ClientBase, 'query'> | pg.Pool;

export interface Wal {
  bytes: number;
  records: number;
}

async function written(client: Worker): Promise<Wal> {
  // A connection's own counts reach the server's when it has been idle for a while, or when it asks.
  await client.query('select pg_catalog.pg_stat_force_next_flush()');
  const { rows } = await client.query<{ bytes: string; records: string }>(
    `select pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_current_wal_insert_lsn(), '0/0')::text as bytes,
       (select w.wal_records::text from pg_catalog.pg_stat_wal w) as records`,
  );
  return { bytes: Number(rows[0]?.bytes), records: Number(rows[0]?.records) };
}

/** The log that the server writes while `work` runs, by whomever; `client` does the work. */
export async function walOf(client: Worker, work: () => Promise<unknown>): Promise<Wal> {
  const before = await written(client);
  await work();
  const after = await written(client);
  return { bytes: after.bytes - before.bytes, records: after.records - before.records };
}

/** Transactions of everybody that were written down durably while `work` ran; null where the server cannot read its own log. */
export async function commitsOf(client: pg.ClientBase, work: () => Promise<unknown>): Promise<number | null> {
  const hasReader = await client.query('create extension if not exists pg_walinspect with schema public').then(
    () => true,
    () => false,
  );
  const here = async (): Promise<string> => {
    const { rows } = await client.query<{ lsn: string }>('select pg_catalog.pg_current_wal_flush_lsn()::text as lsn');
    return rows[0]?.lsn ?? '';
  };
  const from = await here();
  await work();
  if (!hasReader) return null;
  const { rows } = await client.query<{ commits: number }>(
    `select coalesce(pg_catalog.sum(s.count), 0)::integer as commits
     from public.pg_get_wal_stats($1, $2, true) s where s."resource_manager/record_type" like 'Transaction/COMMIT%'`,
    [from, await here()],
  );
  return rows[0]?.commits ?? null;
}
