// TLS of the SMTP sender: what it trusts, whom it refuses and with which words, and that a password never goes in the open.
// Whoever runs a mail server under an authority of their own gives it to Node by NODE_EXTRA_CA_CERTS, which is read when a process
// starts: so each sending process here is one of its own.
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Outcome } from '../../src/engine/ports.ts';
import type { MailServer } from '../../src/senders/smtp.ts';
import { selfSigned } from '../support/certificate.ts';
import { type CatchAll, catchAll, scripted } from './mail-server.ts';

const login = { user: 'ann', password: 'correct horse' };
const here = selfSigned(['localhost', '127.0.0.1']);
const elsewhere = selfSigned(['mail.elsewhere.example']);

let folder: string;
const cleanUp: (() => unknown)[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'smtp-tls-'));
});
afterAll(() => rm(folder, { recursive: true }));
afterEach(async () => {
  for (const close of cleanUp.splice(0).toReversed()) await close();
});

/** A server that wants a login, and keeps how each came. */
async function inbox(secure: boolean, { cert, key }: typeof here): Promise<CatchAll & { logins: string[] }> {
  const logins: string[] = [];
  const server = await catchAll({
    ...{ secure, cert, key, authOptional: false, disabledCommands: [] },
    // A login without TLS would be taken, so that it is the sender who keeps it back.
    allowInsecureAuth: true,
    onAuth: ({ username, password }, session, done) => {
      logins.push(`${session.secure ? 'secret' : 'in the open'}: ${username} ${password}`);
      done(null, { user: username });
    },
  });
  cleanUp.push(() => server.close());
  return { ...server, logins };
}

/** Sends one mail from a process that trusts `trusted` besides the public authorities. */
async function sendFrom(server: MailServer, trusted?: typeof here): Promise<Outcome> {
  const program = join(import.meta.dirname, 'send-one.ts');
  const authority = join(folder, 'authority.pem');
  await writeFile(authority, trusted?.cert ?? '');
  const { NODE_EXTRA_CA_CERTS: _none, ...env } = process.env;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--import', 'tsx', program, JSON.stringify({ ...server, ...login })],
    { env: trusted === undefined ? env : { ...env, NODE_EXTRA_CA_CERTS: authority } },
  );
  return JSON.parse(stdout) as Outcome;
}

describe.each([
  ['SMTPS', true],
  ['STARTTLS', false],
])('%s', (_name, secure) => {
  const tls = { secure, requireTls: !secure };

  test('under a certificate that the process trusts delivers, with its login', async () => {
    const { server, received, logins } = await inbox(secure, here);
    expect(await sendFrom({ ...server, ...tls }, here)).toMatchObject({ kind: 'accepted', providerId: 'Q1' });
    expect(received).toHaveLength(1);
    expect(logins).toEqual(['secret: ann correct horse']);
  });

  test('under one that nobody vouches for is refused in words, before the login', async () => {
    const { server, received, logins } = await inbox(secure, here);
    const outcome = await sendFrom({ ...server, ...tls });
    expect(outcome).toMatchObject({ kind: 'account_error', provider: 'smtp' });
    expect(outcome.errorMessage).toMatch(/self-signed certificate/i);
    expect([received, logins]).toEqual([[], []]);
  });

  test('under one of another host is refused in words, although the process trusts it', async () => {
    const { server, received, logins } = await inbox(secure, elsewhere);
    const outcome = await sendFrom({ ...server, ...tls }, elsewhere);
    expect(outcome).toMatchObject({ kind: 'account_error', provider: 'smtp' });
    expect(outcome.errorMessage).toMatch(/does not match certificate|not in the cert|altnames/i);
    expect([received, logins]).toEqual([[], []]);
  });
});

test('where a server offers no TLS the password is kept back, and the account says so', async () => {
  let heard = '';
  const server = await scripted({
    EHLO: (socket) => {
      socket.on('data', (data) => {
        heard += data.toString('latin1');
      });
      socket.write('250-test\r\n250 AUTH PLAIN LOGIN\r\n');
    },
  });
  cleanUp.push(() => server.close());
  const outcome = await sendFrom({ ...server.server, requireTls: true });
  expect(outcome).toMatchObject({ kind: 'account_error' });
  expect(outcome.errorMessage).toMatch(/STARTTLS|TLS/);
  expect(heard).not.toMatch(/AUTH/i);
});

test('where somebody in between takes the offer of TLS away the password is kept back too', async () => {
  const { server, logins } = await inbox(false, here);
  const stripped = await catchAll({ authOptional: true, disabledCommands: ['STARTTLS'], allowInsecureAuth: true });
  cleanUp.push(() => stripped.close());
  expect(await sendFrom({ ...stripped.server, requireTls: true }, here)).toMatchObject({ kind: 'account_error' });
  expect(stripped.received).toEqual([]);
  expect(await sendFrom({ ...server, requireTls: true }, here)).toMatchObject({ kind: 'accepted' });
  expect(logins).toEqual(['secret: ann correct horse']);
});
