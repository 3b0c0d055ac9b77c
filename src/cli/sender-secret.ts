// What is secret of a sender account, as one text that is sealed: a password, a key or a token, and what checks callbacks.
import { z } from 'zod';
import type { Config } from '../config.ts';
import { type SecretBox, secretBox } from '../domain/secret-box.ts';
import type { Database } from './database.ts';
import { secretOf } from './links.ts';
import { CommandProblem, exit } from './problem.ts';

const secretSchema = z.object({
  /** The password of a mail server, the API key of Resend, or the token of Twilio. */
  key: z.string().min(1).max(4_096).optional(),
  /** The signing secret of Resend's webhooks. */
  webhook_secret: z
    .string()
    .regex(/^whsec_[A-Za-z0-9+/=]+$/)
    .optional(),
});

export type SenderSecret = z.infer<typeof secretSchema>;

/** What was sealed; undefined for what is none. */
export function secretIn(text: string): SenderSecret | undefined {
  try {
    return secretSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** @throws CommandProblem `usage` naming what is wrong, never the value */
export function sealable(secret: SenderSecret): string {
  const { success, error } = secretSchema.safeParse(secret);
  if (success) return JSON.stringify(secret);
  const wrong =
    error.issues[0]?.path[0] === 'webhook_secret'
      ? 'The webhook secret begins with whsec_'
      : 'The secret is empty or too long';
  throw new CommandProblem({ code: 'usage', what: `${wrong}.`, why: '', fix: '', exitCode: exit.usage });
}

/** Undefined where there is no secret to seal with. */
export function boxOf(config: Config, database: Pick<Database, 'dataDir'>): SecretBox | undefined {
  const secret = secretOf(config, database);
  return secret === undefined ? undefined : secretBox(secret, config.oldSecrets);
}

/** @throws CommandProblem `secret_impossible` */
export function requireBox(config: Config, database: Pick<Database, 'dataDir'>): SecretBox {
  const box = boxOf(config, database);
  if (box !== undefined) return box;
  throw new CommandProblem({
    code: 'secret_impossible',
    what: 'The secret of a sender account is kept encrypted, and there is no key to encrypt it with.',
    why: 'TOUCHLINE_SECRET is not set. Nothing was changed.',
    fix: 'Set it, to the same value for every command on this database (openssl rand -base64 32).',
    exitCode: exit.refused,
  });
}
