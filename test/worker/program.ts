// `touchline work` as a process of its own, sending to a post office, and what a database says of it afterwards.
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type pg from 'pg';
import { expect } from 'vitest';
import { logAcceptances } from '../support/acceptance-log.ts';
import { violations } from '../support/violations.ts';
import type { PostOffice } from './post-office.ts';

const program = fileURLToPath(new URL('../../bin/touchline.js', import.meta.url));

export interface WorkProcess {
  child: ChildProcess;
  /** Resolves with the exit code, or the signal that ended it. */
  ended: Promise<number | string>;
  /** Resolves when it has written that. */
  says(pattern: RegExp): Promise<void>;
  /** Everything it has written. */
  text(): string;
}

/** Starts it; it ends when the test says so. */
export function launchWork(databaseUrl: string, office: PostOffice, slots: number): WorkProcess {
  const env = {
    PATH: '/usr/bin:/bin',
    DATABASE_URL: databaseUrl,
    SMTP_URL: office.url,
    SMTP_FROM: 'hello@example.test',
    PUBLIC_URL: 'https://follow-up.example.test',
    TOUCHLINE_SECRET: 's'.repeat(32),
  };
  const child = spawn(process.execPath, [program, 'work', '--slots', String(slots)], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
  }
  return {
    child,
    ended: once(child, 'exit').then(([code, signal]) => (code ?? signal) as number | string),
    says: async (pattern) => {
      while (!pattern.test(text)) {
        const [event] = await Promise.race([once(child.stderr, 'data'), once(child, 'exit').then(() => [null])]);
        if (event === null && !pattern.test(text)) throw new Error(`It ended before it said ${pattern}: ${text}`);
      }
    },
    text: () => text,
  };
}

/** How many messages are in which state. */
export async function statesIn(client: pg.ClientBase | pg.Pool): Promise<Record<string, number>> {
  const { rows } = await client.query<{ state: string; count: number }>(
    'select state, count(*)::integer as count from touchline.send_logs group by state order by state',
  );
  return Object.fromEntries(rows.map(({ state, count }) => [state, count]));
}

/** Writes down what the post office took, as a provider's own log would have it, and asks every invariant. */
export async function expectSound(client: pg.ClientBase, office: PostOffice): Promise<void> {
  const { rows } = await client.query(
    `select l.business_id as "businessId", l.id as "sendLogId", l.campaign_enrollment_id as "enrollmentId",
       l.touch_number as "touchNumber", l.attempt, l.channel, l.recipient, l.id::text as "idempotencyKey",
       l.sent_at as "acceptedAt", l.sender_account_id as "senderAccountId"
     from touchline.send_logs l`,
  );
  const byRecipient = new Map(rows.map((row) => [row.recipient as string, row]));
  await logAcceptances(
    client,
    office.taken.map((recipient) => {
      const bodyHash = createHash('sha256').update(recipient).digest('hex');
      return {
        ...byRecipient.get(recipient),
        acceptedAt: byRecipient.get(recipient)?.acceptedAt ?? new Date(),
        bodyHash,
      };
    }),
  );
  await client.query('begin');
  const broken = await violations(client, { now: new Date() });
  await client.query('rollback');
  expect(broken).toEqual([]);
}
