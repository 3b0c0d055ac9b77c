// Facts about the Postgres server behind a connection.
import type { Pool } from 'pg';

export interface Server {
  /** Like `17.10`. */
  version: string;
  major: number;
  minor: number;
}

export async function readServer(client: Pick<Pool, 'query'>): Promise<Server> {
  const result = await client.query<{ number: number }>(
    "select pg_catalog.current_setting('server_version_num')::int as number",
  );
  const number = result.rows[0]?.number ?? 0;
  const [major, minor] = [Math.trunc(number / 10_000), number % 10_000];
  return { version: `${major}.${minor}`, major, minor };
}
