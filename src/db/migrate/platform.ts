// What Supabase brings along and a plain Postgres does not: auth.uid() and the three roles.
import type { ClientBase } from 'pg';
import { lockedTransaction } from './lock.ts';
import type { Source } from './source.ts';
import { runFile } from './transaction.ts';

interface Notice {
  message?: string | undefined;
}

/** Whether this server already has Supabase's `auth.uid()`; then nothing of the platform is touched. */
export async function hasPlatform(client: ClientBase): Promise<boolean> {
  const result = await client.query<{ found: boolean }>(
    "select pg_catalog.to_regprocedure('auth.uid()') is not null as found",
  );
  return result.rows[0]?.found === true;
}

/**
 * Makes the platform where it is missing.
 * @param say hears what could not be made as on Supabase, and what that means
 * @returns whether anything was made
 */
export async function ensurePlatform(
  client: ClientBase,
  source: Source,
  say: (line: string) => void,
): Promise<boolean> {
  if (await hasPlatform(client)) return false;
  const forward = ({ message }: Notice): void => {
    if (message?.startsWith('touchline: ')) say(message.slice('touchline: '.length));
  };
  client.on('notice', forward);
  try {
    await lockedTransaction(client, () => runFile(client, source.platform));
  } finally {
    client.off('notice', forward);
  }
  return true;
}
