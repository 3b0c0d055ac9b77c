// What every sender must do, whoever takes the messages.
import { readFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { recordMailboxMessage } from '../../src/db/engine/mailbox.ts';
import type { Message, Sender } from '../../src/engine/ports.ts';
import { mailboxSender } from '../../src/senders/mailbox.ts';
import { memorySender } from '../../src/senders/memory.ts';
import { smtpSender } from '../../src/senders/smtp.ts';
import { openWorld, type World } from '../engine/world.ts';
import { tableOfFailures } from './failure-table.ts';
import { failures } from './failures.ts';
import { type CleanUp, cleanUpAll } from './fakes.ts';
import { catchAll } from './mail-server.ts';

/** A sender and how to see what it accepted: subject, text and recipient, in order. */
interface Subject {
  sender: Sender;
  seen(): Promise<Pick<Message, 'subject' | 'text' | 'recipient'>[]>;
  close(): Promise<void>;
}

let world: World;
let messages: Message[];

beforeAll(async () => {
  world = await openWorld('conformance');
  const claimed: Message[] = [];
  world.provider((message) => {
    claimed.push(message);
    return { kind: 'ambiguous' };
  });
  const business = await world.business({ touches: [{ channel: 'email', delay_hours: 1 }] });
  for (const name of ['ann', 'bob']) await business.completeJob({ external_id: name, email: `${name}@example.test` });
  world.at('2026-03-02T16:00:00Z');
  await world.tick();
  messages = claimed;
});
afterAll(() => world.close());

const never = new AbortController().signal;

async function mailbox(): Promise<Subject> {
  const keep = (message: Message): Promise<void> => recordMailboxMessage(world.database.pool, message, world.now);
  const seen = async (): ReturnType<Subject['seen']> => {
    const { rows } = await world.database.query<Message>(
      'select subject, text, recipient from touchline.mailbox_messages order by recipient',
    );
    return rows.map(({ subject, text, recipient }) => ({ subject, text, recipient }));
  };
  return { sender: mailboxSender(keep), seen, close: () => Promise.resolve() };
}

async function smtp(): Promise<Subject> {
  const { server, received, close } = await catchAll();
  const sender = smtpSender({ server, from: 'hello@brightwater.example', connections: 1 });
  const seen = (): ReturnType<Subject['seen']> =>
    Promise.resolve(
      received.map(({ mail, recipients }) => ({
        subject: mail.subject ?? null,
        text: mail.text ?? '',
        recipient: recipients.join(),
      })),
    );
  return {
    sender,
    seen,
    close: async () => {
      sender.close();
      await close();
    },
  };
}

function memory(): Promise<Subject> {
  const sender = memorySender();
  const seen = (): ReturnType<Subject['seen']> => Promise.resolve([...sender.accepted]);
  return Promise.resolve({ sender, seen, close: () => Promise.resolve() });
}

describe.each([
  ['mailbox', mailbox],
  ['smtp', smtp],
  ['memory', memory],
])('%s', (name, open) => {
  test('accepts a message for its recipient, with an id, and what it accepts is whole', async () => {
    const subject = await open();
    try {
      const sorted = messages.toSorted((a, b) => a.recipient.localeCompare(b.recipient));
      expect(sorted).toHaveLength(2);
      for (const message of sorted) {
        const outcome = await subject.sender.send(message, never);
        expect(outcome).toMatchObject({ kind: 'accepted', provider: name });
        expect(outcome.providerId).toMatch(/\S/);
      }
      const parts = (all: Awaited<ReturnType<Subject['seen']>>): string[] =>
        all.map(({ subject: title, text, recipient }) => `${recipient}: ${title}: ${text.trim()}`);
      expect(parts(await subject.seen())).toEqual(parts(sorted));
    } finally {
      await subject.close();
    }
  });
});

describe('a failure', () => {
  const cleanUp: CleanUp = [];
  afterEach(() => cleanUpAll(cleanUp));

  test.each(failures.map((failure) => [failure.sender, failure.what, failure] as const))(
    'of %s: %s',
    async (sender, _what, { kind, play }) => {
      const outcome = await play(cleanUp);
      expect(outcome).toMatchObject({ kind, provider: sender });
    },
  );

  test('is in the table of docs/senders.md with what follows from it', async () => {
    const lines = await tableOfFailures(world.database);
    console.log(lines.join('\n'));
    const page = await readFile(new URL('../../docs/senders.md', import.meta.url), 'utf8');
    const [, block = ''] = /<!-- failures -->\n([\s\S]*?)\n<!-- \/failures -->/.exec(page) ?? [];
    expect(block.split('\n')).toEqual(lines);
  });
});

describe('the mailbox', () => {
  const count = async (): Promise<number> =>
    (await world.database.query('select from touchline.mailbox_messages')).rowCount ?? 0;

  test('records one attempt once, however often it is told', async () => {
    const { sender } = await mailbox();
    const [message] = messages;
    if (message === undefined) throw new Error('No message was claimed.');
    const before = await count();
    const outcomes = await Promise.all([1, 2, 3].map(() => sender.send(message, never)));
    expect(new Set(outcomes.map(({ providerId }) => providerId)).size).toBe(1);
    expect(await count()).toBe(before);
  });

  test('proves a message whose commit got no answer by asking again', async () => {
    const [message] = messages;
    if (message === undefined) throw new Error('No message was claimed.');
    let asked = 0;
    const sender = mailboxSender(async (one) => {
      await recordMailboxMessage(world.database.pool, one, world.now);
      asked += 1;
      if (asked === 1) throw new Error('Connection terminated unexpectedly');
    });
    expect(await sender.send(message, never)).toMatchObject({ kind: 'accepted' });
    expect(asked).toBe(2);
  });

  test('takes claimed messages only', async () => {
    const { sender } = await mailbox();
    const [message] = messages;
    if (message === undefined) throw new Error('No message was claimed.');
    await expect(sender.send({ ...message, attempt: 9 }, never)).rejects.toThrow('There is no such message');
    await expect(sender.send({ ...message, idempotencyKey: message.businessId }, never)).rejects.toThrow();
  });

  test('forgets a message when its row is wiped', async () => {
    const before = await count();
    await world.database.query("update touchline.send_logs set recipient = null where recipient = 'ann@example.test'");
    expect(await count()).toBe(before - 1);
  });
});
