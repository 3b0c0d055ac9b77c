// Resend: what arrives, what every answer means, and what a second request with the same key proves (delivery.md; F31, F33).
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { Message, Outcome } from '../../src/engine/ports.ts';
import { type ResendOptions, type ResendSender, resendSender } from '../../src/senders/resend.ts';
import { readAcceptances } from '../support/fakes/acceptance-file.ts';
import type { Fault } from '../support/fakes/fake-server.ts';
import type { FakeResend } from '../support/fakes/resend.ts';
import { apiKey, type CleanUp, cleanUpAll, fakeResend, from, logIn } from './fakes.ts';
import { emailOf, newEmail, unsubscribeUrl } from './messages.ts';

const cleanUp: CleanUp = [];
afterEach(() => cleanUpAll(cleanUp));

function senderFor(url: string, more: Partial<ResendOptions> = {}): ResendSender {
  const sender = resendSender({ apiKey, from, url, ...more });
  cleanUp.push(() => sender.close());
  return sender;
}

const never = new AbortController().signal;
const send = (sender: ResendSender, message: Message = newEmail()): Promise<Outcome> => sender.send(message, never);

async function opened(
  options: Parameters<typeof fakeResend>[1] = {},
): Promise<{ fake: FakeResend; sender: ResendSender }> {
  const fake = await fakeResend(cleanUp, options);
  return { fake, sender: senderFor(fake.url) };
}

describe('an email that is accepted', () => {
  it('arrives with both parts, the name of the business, and the headers that end it with one click', async () => {
    const { fake, sender } = await opened();
    const message = emailOf();
    const outcome = await send(sender, message);
    const [email] = fake.accepted;
    expect(outcome).toEqual({ kind: 'accepted', provider: 'resend', providerId: email?.id });
    expect(email).toMatchObject({
      from: `"Ann & Sons <Plumbing>" <${from}>`,
      to: ['zoe@example.test'],
      subject: 'Thank you, Zoë',
      text: message.text,
      html: message.html,
      headers: { 'List-Unsubscribe': `<${unsubscribeUrl}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' },
    });
  });

  it('comes from the address of its account where the account has one', async () => {
    const { fake, sender } = await opened();
    const message = newEmail({ fromName: null });
    await send(sender, { ...message, sender: { ...message.sender, fromAddress: 'ann@plumbing.example' } });
    expect(fake.accepted[0]?.from).toBe('ann@plumbing.example');
  });

  it('is one email however often it is sent: the same bytes under the same key, whatever the attempt', async () => {
    const { fake, sender } = await opened();
    const message = newEmail();
    const outcomes: Outcome[] = [];
    for (const attempt of [1, 2, 3]) outcomes.push(await send(sender, { ...message, attempt }));
    expect(new Set(outcomes.map(({ providerId }) => providerId)).size).toBe(1);
    expect(fake.accepted).toHaveLength(1);
  });

  it('is known again by a provider that was killed and started', async () => {
    const log = await logIn(cleanUp);
    const message = newEmail();
    const { fake, sender } = await opened({ log });
    const first = await send(sender, message);
    await fake.close();
    cleanUp.pop();
    const second = await opened({ log });
    expect((await send(second.sender, message)).providerId).toBe(first.providerId);
    expect(await readAcceptances(log)).toHaveLength(1);
  });
});

describe('an answer that does not tell', () => {
  const faults: [Fault, number][] = [
    ['accept_then_drop', 1],
    ['error_after_accepting', 1],
    ['html', 1],
    ['truncated', 1],
    ['wrong_id', 1],
    ['drop', 0],
    ['error', 0],
  ];

  it.each(faults)('%s is ambiguous, and sending again with the key makes it known', async (fault, accepted) => {
    const { fake, sender } = await opened();
    fake.plan(fault);
    const message = newEmail();
    expect(await send(sender, message)).toMatchObject({ kind: 'ambiguous', provider: 'resend' });
    expect(fake.accepted).toHaveLength(accepted);
    expect(await send(sender, message)).toMatchObject({ kind: 'accepted', providerId: fake.accepted[0]?.id });
    expect(fake.accepted).toHaveLength(1);
  });

  it('a key that is known with other words stays ambiguous, under a code of its own', async () => {
    const { sender } = await opened();
    const message = newEmail();
    await send(sender, message);
    expect(await send(sender, { ...message, text: 'Other words' })).toMatchObject({
      kind: 'ambiguous',
      errorCode: 'invalid_idempotent_request',
    });
  });

  it('a request that meets the first one while it runs is ambiguous, and told apart', async () => {
    const { fake, sender } = await opened({
      chooseFault: () => ({
        status: 409,
        body: { statusCode: 409, name: 'concurrent_idempotent_requests', message: 'Same idempotency key used.' },
      }),
    });
    expect(await send(sender)).toMatchObject({ kind: 'ambiguous', errorCode: 'concurrent_idempotent_requests' });
    expect(fake.accepted).toEqual([]);
  });

  it('given up while the server is silent, the connection is reset and the outcome unknown', async () => {
    const giveUp = new AbortController();
    const server = createServer();
    const ended = new Promise<string>((resolve) => {
      server.on('connection', (socket) => {
        socket.on('error', (error) => resolve('code' in error ? String(error.code) : ''));
        socket.on('end', () => resolve('closed in order'));
        socket.once('data', () => giveUp.abort());
      });
    });
    cleanUp.push(() => server.close());
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    const outcome = await senderFor(`http://127.0.0.1:${port}`).send(newEmail(), giveUp.signal);
    expect(outcome).toMatchObject({ kind: 'ambiguous', errorCode: 'timeout' });
    expect(await ended).toBe('ECONNRESET');
  });
});

const named = (status: number, name: string, headers: Record<string, string> = {}): Fault => ({
  status,
  body: { statusCode: status, name, message: `words about ${name}` },
  headers,
});

describe('an answer that says no', () => {
  it.each<[number, string, Outcome['kind']]>([
    [400, 'validation_error', 'rejected'],
    [422, 'validation_error', 'rejected'],
    [422, 'missing_required_field', 'rejected'],
    [404, 'not_found', 'rejected'],
    [422, 'invalid_from_address', 'account_error'],
    [401, 'missing_api_key', 'account_error'],
    [401, 'restricted_api_key', 'account_error'],
    [403, 'invalid_api_key', 'account_error'],
    [403, 'validation_error', 'account_error'],
    [405, 'method_not_allowed', 'account_error'],
    [451, 'security_error', 'account_error'],
    [302, 'found', 'account_error'],
    [429, 'rate_limit_exceeded', 'rate_limited'],
    [429, 'daily_quota_exceeded', 'rate_limited'],
    [408, 'request_timeout', 'ambiguous'],
    [409, 'anything_else', 'ambiguous'],
    [500, 'application_error', 'ambiguous'],
    [503, 'rate_limit_exceeded', 'ambiguous'],
  ])('%i %s → %s, with its words', async (status, name, kind) => {
    const { fake, sender } = await opened();
    fake.plan(named(status, name));
    expect(await send(sender)).toMatchObject({ kind, errorCode: name, errorMessage: `words about ${name}` });
    expect(fake.accepted).toEqual([]);
  });

  it.each([400, 404, 422])('%i in another form than Resend’s says nothing about the message', async (status) => {
    const { fake, sender } = await opened();
    fake.plan({ status, body: '<html>proxy</html>' });
    expect(await send(sender)).toMatchObject({ kind: 'account_error', errorCode: `http_${status}` });
  });

  const date = 'Mon, 02 Mar 2026 15:00:00 GMT';
  it.each<[string, number | undefined]>([
    ['7', 7],
    ['0', 1],
    ['1000000000', 86_400],
    ['soon', undefined],
    ['-3', undefined],
    ['', undefined],
    ['Mon, 02 Mar 2026 15:02:00 GMT', 120],
    ['Mon, 02 Mar 2026 14:00:00 GMT', 1],
  ])('Retry-After "%s" waits %s seconds', async (value, seconds) => {
    const { fake, sender } = await opened();
    fake.plan(named(429, 'rate_limit_exceeded', { 'retry-after': value, date }));
    expect((await send(sender)).retryAfterSeconds).toBe(seconds);
  });
});

describe('a message that was not started', () => {
  it('because nothing listens: the account waits', async () => {
    const { fake, sender } = await opened();
    await fake.close();
    cleanUp.splice(-2, 1);
    expect(await send(sender)).toMatchObject({ kind: 'account_error', errorCode: 'ECONNREFUSED' });
  });

  it('because there is no such host', async () => {
    expect(await send(senderFor('http://nowhere.invalid'))).toMatchObject({ kind: 'account_error' });
  });

  it('because the server cannot prove who it is, or speaks no TLS', async () => {
    const { fake } = await opened();
    const secure = senderFor(fake.url.replace('http:', 'https:'));
    expect(await send(secure)).toMatchObject({ kind: 'account_error' });
    expect(fake.submissions).toBe(0);
  });

  it('because it still waited for a connection when it was given up', async () => {
    const { fake, sender } = await opened({ chooseFault: () => 'silent' });
    const giveUp = new AbortController();
    const outcomes = [1, 2, 3, 4, 5, 6].map(() => sender.send(newEmail(), giveUp.signal));
    while (fake.accepted.length < 4) await new Promise((resolve) => setImmediate(resolve));
    giveUp.abort();
    const kinds = (await Promise.all(outcomes)).map(({ kind }) => kind);
    expect(kinds).toEqual([...Array(4).fill('ambiguous'), ...Array(2).fill('not_started')]);
  });

  it('because its deadline passed while it waited for a connection', async () => {
    const { fake, sender } = await opened();
    const late = { kind: 'not_started', errorCode: 'deadline_passed' };
    expect(await sender.send(newEmail(), never, () => false)).toMatchObject(late);
    await send(sender);
    expect(await sender.send(newEmail(), never, () => false)).toMatchObject(late);
    expect(fake.submissions).toBe(1);
  });

  it.each<[Partial<Message>, Partial<Outcome>]>([
    [{ recipient: 'a@example.test, b@example.test' }, { kind: 'rejected', errorCode: 'recipient_invalid' }],
    [{ subject: 'Hello\r\nBcc: b@example.test' }, { kind: 'rejected', errorCode: 'header_invalid' }],
  ])('because of %j', async (changes, outcome) => {
    const { fake, sender } = await opened();
    expect(await send(sender, newEmail(changes))).toMatchObject(outcome);
    expect(fake.submissions).toBe(0);
  });

  it('because there is no address to send from: the account pauses', async () => {
    const { fake } = await opened();
    expect(await send(senderFor(fake.url, { from: null }))).toMatchObject({ kind: 'account_error' });
    expect(fake.submissions).toBe(0);
  });
});

describe('a key', () => {
  it('can be tried without sending anything', async () => {
    const { fake, sender } = await opened();
    expect(await sender.check(never)).toMatchObject({ ok: true });
    expect(await senderFor(fake.url, { apiKey: 're_other' }).check(never)).toEqual({
      ok: false,
      words: 'API key is invalid',
    });
    expect(fake.accepted).toEqual([]);
  });
});
