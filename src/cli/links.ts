// The links of messages and what they do when somebody follows them.
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../config.ts';
import { recordOptOut } from '../db/call/enrollments.ts';
import { type UnsubscribeTokens, unsubscribeTokens } from '../domain/unsubscribe-token.ts';
import type { MessageLinks } from '../engine/compose.ts';
import { problemOf } from '../errors.ts';
import type { UnsubscribePort } from '../http/unsubscribe.ts';
import type { Database } from './database.ts';

const isCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;

/** The secret kept beside the embedded database, made the first time it is needed; only its owner can read it. */
function keptSecret(dataDir: string): string {
  const file = join(dataDir, 'secret');
  try {
    writeFileSync(file, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error;
  }
  return readFileSync(file, 'utf8').trim();
}

type Secrets = Pick<Config, 'secret' | 'oldSecrets'>;

/** What everything is signed and sealed with; undefined for a database of one's own without TOUCHLINE_SECRET. */
export function secretOf(
  { secret }: Pick<Secrets, 'secret'>,
  { dataDir }: Pick<Database, 'dataDir'>,
): string | undefined {
  return secret ?? (dataDir === undefined ? undefined : keptSecret(dataDir));
}

/** Undefined where nothing can sign links. */
export function tokensOf(secrets: Secrets, database: Pick<Database, 'dataDir'>): UnsubscribeTokens | undefined {
  const signing = secretOf(secrets, database);
  return signing === undefined ? undefined : unsubscribeTokens(signing, secrets.oldSecrets);
}

/** @param base where customers reach the server */
export function linksOf(tokens: UnsubscribeTokens, base: string): MessageLinks {
  const root = base.replace(/\/+$/, '');
  return {
    unsubscribe: ({ businessId, channel, recipient, sendLogId }) =>
      `${root}/u/${tokens.make({ businessId, channel, address: recipient, sendLogId })}`,
  };
}

/** Following a link opts the address out. A business that is gone writes to nobody any more. */
export function unsubscribePort(tokens: UnsubscribeTokens, { run }: Database): UnsubscribePort {
  return {
    unsubscribe: async (token) => {
      const target = tokens.read(token);
      if (target === undefined) return;
      const { businessId, channel, address } = target;
      try {
        await run((client) => recordOptOut(client, businessId, channel, address, { source: 'unsubscribe_link' }));
      } catch (error) {
        if (problemOf(error).code !== 'not_found') throw error;
      }
    },
  };
}
