// SMTP: what arrives, and what every failure of a mail server means (delivery.md, outcome classes; F32, F33, S26).
import { generateKeyPairSync } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import type { Message, Outcome } from '../../src/engine/ports.ts';
import { type SmtpOptions, type SmtpSender, smtpSender } from '../../src/senders/smtp.ts';
import { type CatchAll, catchAll, type Misdeed, type Scripted, type Stage, scripted } from './mail-server.ts';
import { emailOf, newEmail, unsubscribeUrl } from './messages.ts';

const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of cleanUp.splice(0).toReversed()) await close();
});

const from = 'hello@brightwater.example';

function senderFor(server: SmtpOptions['server'], more: Partial<SmtpOptions> = {}): SmtpSender {
  const sender = smtpSender({ server, from, ...more });
  cleanUp.push(() => sender.close());
  return sender;
}

async function inbox(): Promise<CatchAll> {
  const server = await catchAll();
  cleanUp.push(() => server.close());
  return server;
}

async function failing(misdeeds: Partial<Record<Stage, Misdeed>>): Promise<Scripted> {
  const server = await scripted(misdeeds);
  cleanUp.push(() => server.close());
  return server;
}

const never = new AbortController().signal;
const send = (sender: SmtpSender, message: Message = newEmail()): Promise<Outcome> => sender.send(message, never);

describe('a mail that is accepted', () => {
  it('arrives with both parts, the same words in each, and the footer that no template can leave out', async () => {
    const { server, received } = await inbox();
    expect(await send(senderFor(server), emailOf())).toEqual({
      kind: 'accepted',
      provider: 'smtp',
      providerId: 'Q1',
    });
    const [{ mail, recipients, raw } = { mail: undefined, recipients: [], raw: '' }] = received;
    expect(recipients).toEqual(['zoe@example.test']);
    expect(raw).toContain('multipart/alternative');
    expect(mail?.subject).toBe('Thank you, Zoë');
    expect(mail?.from).toMatchObject({ address: from, name: 'Ann & Sons <Plumbing>' });
    expect(mail?.to).toMatchObject([{ address: 'zoe@example.test' }]);
    expect(mail?.text).toContain('Hi Zoë,\n\nhow did it go?\nSay so: https://reviews.example.test/ann?a=1&b=2.');
    for (const part of [mail?.text, mail?.html]) {
      expect(part).toContain('1 Main Street, Springfield');
      expect(part).toContain(unsubscribeUrl);
    }
    expect(mail?.html).toContain('Ann &amp; Sons &lt;Plumbing&gt;');
    expect(mail?.html).toContain('href="https://reviews.example.test/ann?a=1&amp;b=2"');
    expect(mail?.html).toMatch(/<html lang="en">[\s\S]*<table role="presentation"/);
  });

  it('has a Message-ID made of the intent, the same for every attempt', async () => {
    const { server, received } = await inbox();
    const sender = senderFor(server);
    for (const attempt of [1, 2]) await send(sender, emailOf({ attempt }));
    const ids = received.map(({ mail }) => mail.messageId);
    expect(ids).toEqual(Array(2).fill('<0190a000-0000-7000-8000-000000000002@brightwater.example>'));
  });

  it('can be ended with one click, and the signature covers both headers that say so', async () => {
    const { server, received } = await inbox();
    const { privateKey } = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
      publicKeyEncoding: { type: 'spki', format: 'pem' },
    });
    const dkim = { domain: 'brightwater.example', selector: 'touch', privateKey };
    await send(senderFor(server, { dkim }));
    const headers = new Map(received[0]?.mail.headers.map(({ key, value }) => [key, value]));
    expect(headers.get('list-unsubscribe')).toBe(`<${unsubscribeUrl}>`);
    expect(headers.get('list-unsubscribe-post')).toBe('List-Unsubscribe=One-Click');
    const signature = headers.get('dkim-signature') ?? '';
    expect(signature).toMatch(/d=brightwater\.example;[\s\S]*s=touch;/);
    const signed = (/\bh=([^;]*)/.exec(signature)?.[1] ?? '').toLowerCase().replaceAll(/\s/g, '').split(':');
    expect(signed).toEqual(
      expect.arrayContaining(['from', 'subject', 'message-id', 'list-unsubscribe', 'list-unsubscribe-post']),
    );
  });

  it('goes over a connection that is kept, and over a new one when the server closed it meanwhile', async () => {
    const server = await failing({});
    const sender = senderFor(server.server, { connections: 1 });
    await Promise.all([send(sender), send(sender), send(sender)]);
    expect(server.connections()).toBe(1);
    const closing = await failing({ dot: (socket) => socket.end('250 ok queued as LAST\r\n') });
    const other = senderFor(closing.server, { connections: 1 });
    for (const _ of [1, 2]) expect(await send(other)).toMatchObject({ kind: 'accepted', providerId: 'LAST' });
    expect(closing.connections()).toBe(2);
  });

  it('has the address of its account where the account has one', async () => {
    const { server, received } = await inbox();
    const message = newEmail();
    await send(senderFor(server), { ...message, sender: { ...message.sender, fromAddress: 'ann@plumbing.example' } });
    expect(received[0]?.from).toBe('ann@plumbing.example');
    expect(received[0]?.mail.messageId).toContain('@plumbing.example>');
  });
});

const cut: Misdeed = (socket) => socket.resetAndDestroy();

describe('a server that fails', () => {
  const cases: [Stage, string, Misdeed, Outcome['kind']][] = [
    ['banner', 'cut', cut, 'account_error'],
    ['banner', '554', '554 5.7.1 your network is not welcome', 'account_error'],
    ['banner', '421', '421 too many connections', 'rate_limited'],
    ['EHLO', 'cut', cut, 'account_error'],
    ['AUTH', '535', '535 5.7.8 bad credentials', 'account_error'],
    ['AUTH', '454', '454 4.7.0 temporary failure', 'rate_limited'],
    ['AUTH', 'cut', cut, 'account_error'],
    ['MAIL', '550', '550 5.7.1 sender not allowed', 'account_error'],
    ['MAIL', '530', '530 authentication required', 'account_error'],
    ['MAIL', '451', '451 4.3.2 try later', 'rate_limited'],
    ['MAIL', '552', '552 5.3.4 message too big', 'rejected'],
    ['MAIL', 'cut', cut, 'account_error'],
    ['RCPT', '550', '550 5.1.1 no such mailbox', 'rejected'],
    ['RCPT', '530', '530 authentication required', 'account_error'],
    ['RCPT', '451', '451 4.7.1 greylisted', 'retry'],
    ['RCPT', '421', '421 4.7.0 slow down', 'rate_limited'],
    ['RCPT', 'cut', cut, 'retry'],
    ['DATA', '554', '554 no valid recipients', 'rejected'],
    ['DATA', '451', '451 try later', 'retry'],
    ['DATA', '503', '503 bad sequence', 'retry'],
    ['DATA', 'cut', cut, 'retry'],
    ['dot', '554', '554 5.7.1 looks like spam', 'rejected'],
    ['dot', '451', '451 4.3.0 queue is full', 'retry'],
    ['dot', '421', '421 closing', 'rate_limited'],
    ['dot', 'cut', cut, 'ambiguous'],
    ['dot', 'half a reply, then cut', (socket) => void socket.end('550 5.7'), 'ambiguous'],
    ['dot', 'something that is no reply', 'what?', 'ambiguous'],
    ['dot', 'a reply that never ends', (socket) => void socket.write('250-'.repeat(30_000)), 'ambiguous'],
    ['dot', 'multi-line', '550-5.7.1 no\r\n550 5.7.1 really not', 'rejected'],
  ];

  it.each(cases)('at %s with %s', async (stage, _name, misdeed, kind) => {
    const { server } = await failing({ [stage]: misdeed });
    const outcome = await send(senderFor(server));
    expect(outcome).toMatchObject({ kind, provider: 'smtp' });
    expect(outcome.errorMessage).not.toBe('');
  });

  it('in the middle of the message has accepted nothing: its end was never sent', async () => {
    const { server } = await failing({
      DATA: (socket) => {
        socket.write('354 go on\r\n');
        socket.pause();
        socket.once('readable', () => socket.resetAndDestroy());
      },
    });
    const html = 'x'.repeat(12_000_000);
    expect(await send(senderFor(server), newEmail({ html }))).toMatchObject({ kind: 'retry' });
  });

  it('and is not there: nothing was handed over', async () => {
    const { server, close } = await scripted({});
    await close();
    expect(await send(senderFor(server))).toMatchObject({ kind: 'account_error', errorCode: 'ESOCKET' });
  });

  it('and cannot prove who it is: nothing was handed over', async () => {
    const secure = await catchAll({ secure: true });
    cleanUp.push(() => secure.close());
    expect(await send(senderFor({ ...secure.server, secure: true }))).toMatchObject({ kind: 'account_error' });
    const plain = await inbox();
    expect(await send(senderFor({ ...plain.server, requireTls: true }))).toMatchObject({ kind: 'account_error' });
    expect(plain.received).toEqual([]);
  });

  it('keeps its words', async () => {
    const { server } = await failing({ RCPT: '550 5.1.1 no such mailbox' });
    expect(await send(senderFor(server))).toMatchObject({
      errorCode: '550',
      errorMessage: '550 5.1.1 no such mailbox',
    });
  });
});

describe('a sender that is told to give up', () => {
  const silences: [Stage, Outcome['kind']][] = [
    ['banner', 'account_error'],
    ['MAIL', 'account_error'],
    ['RCPT', 'retry'],
    ['dot', 'ambiguous'],
  ];

  it.each(silences)('while the server is silent at %s answers at once with what is known', async (stage, kind) => {
    const giveUp = new AbortController();
    const { server } = await failing({ [stage]: () => giveUp.abort() });
    expect(await senderFor(server).send(newEmail(), giveUp.signal)).toMatchObject({ kind });
  });

  it('resets the connection: the server gets no goodbye and no buffered rest', async () => {
    const giveUp = new AbortController();
    let heard: (how: string) => void = () => undefined;
    const ended = new Promise<string>((resolve) => {
      heard = resolve;
    });
    const { server } = await failing({
      dot: (socket) => {
        socket.on('error', (error) => heard('code' in error ? String(error.code) : ''));
        socket.on('end', () => heard('closed in order'));
        giveUp.abort();
      },
    });
    await senderFor(server).send(newEmail(), giveUp.signal);
    expect(await ended).toBe('ECONNRESET');
  });

  it('has started nothing for messages that still wait for a connection', async () => {
    const giveUp = new AbortController();
    const { server } = await failing({ dot: () => giveUp.abort() });
    const sender = senderFor(server, { connections: 1 });
    const outcomes = await Promise.all([1, 2, 3].map(() => sender.send(newEmail(), giveUp.signal)));
    expect(outcomes.map(({ kind }) => kind)).toEqual(['ambiguous', 'not_started', 'not_started']);
  });
});

describe('a deadline that passes', () => {
  it.each<[string, number, string[]]>([
    ['before MAIL FROM', 1, []],
    ['while the server thinks about MAIL, RCPT and DATA', 2, ['MAIL', 'RCPT', 'DATA']],
  ])('%s: nothing of the message is written', async (_when, refusedAt, heard) => {
    const stages: string[] = [];
    let written = 0;
    const note =
      (stage: string, reply: string): Misdeed =>
      (socket) => {
        stages.push(stage);
        socket.write(`${reply}\r\n`);
      };
    const { server } = await failing({
      MAIL: note('MAIL', '250 ok'),
      RCPT: note('RCPT', '250 ok'),
      DATA: note('DATA', '354 go on'),
      body: () => {
        written += 1;
      },
      dot: () => {
        written += 1;
      },
    });
    let asked = 0;
    const mayBegin = (): boolean => {
      asked += 1;
      return asked < refusedAt;
    };
    const outcome = await senderFor(server).send(newEmail(), never, mayBegin);
    expect(outcome).toMatchObject({ kind: 'not_started', errorCode: 'deadline_passed' });
    expect([stages, written]).toEqual([heard, 0]);
  });
});

describe('what would add a recipient or a header (S26)', () => {
  const recipients = [
    'a@example.test\r\nRCPT TO:<b@example.test>',
    'a@example.test, b@example.test',
    '"a@evil.example"@example.test',
    'a@example.test>\u0000',
    'a b@example.test',
    '@example.test',
    'a@example..test',
    `${'a'.repeat(65)}@example.test`,
  ];

  it.each(recipients)('recipient %j is refused before anything is connected', async (recipient) => {
    const { server, connections } = await failing({});
    expect(await send(senderFor(server), newEmail({ recipient }))).toMatchObject({
      kind: 'rejected',
      errorCode: 'recipient_invalid',
    });
    expect(connections()).toBe(0);
  });

  it.each<[string, Partial<Message>]>([
    ['subject', { subject: 'Hello\r\nBcc: b@example.test' }],
    ['name', { fromName: 'Ann\nBcc: b@example.test' }],
    ['link', { unsubscribeUrl: 'https://a.test/\r\nX: y' }],
    ['subject', { subject: 'Hello\u0000' }],
  ])('a control character in the %s is refused', async (_place, changes) => {
    const { server, connections } = await failing({});
    expect(await send(senderFor(server), newEmail(changes))).toMatchObject({
      kind: 'rejected',
      errorCode: 'header_invalid',
    });
    expect(connections()).toBe(0);
  });

  it('without an address to send from the account pauses, not the message', async () => {
    const { server } = await failing({});
    for (const wrong of [null, 'nobody', 'a@b.test\r\nX: y']) {
      expect(await send(senderFor(server, { from: wrong }))).toMatchObject({
        kind: 'account_error',
        errorCode: 'from_address_invalid',
      });
    }
  });
});
