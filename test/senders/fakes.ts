// Fake providers for stories: closed and their logs thrown away when a test ends.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Intent, Message } from '../../src/engine/ports.ts';
import { FakeResend, type FakeResendOptions } from '../support/fakes/resend.ts';
import { FakeTwilio, type FakeTwilioOptions } from '../support/fakes/twilio.ts';
import { newEmail } from './messages.ts';

export const sid = `AC${'0a'.repeat(16)}`;
export const authToken = 'token-of-a-test';
export const apiKey = 're_test';
export const from = 'hello@brightwater.example';
export const ourNumber = '+12125550199';

/** What is to be undone, last first. */
export type CleanUp = (() => unknown)[];

export async function cleanUpAll(cleanUp: CleanUp): Promise<void> {
  for (const close of cleanUp.splice(0).toReversed()) await close();
}

export async function logIn(cleanUp: CleanUp): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'touchline-fake-'));
  cleanUp.push(() => rm(folder, { recursive: true }));
  return join(folder, 'accepted.jsonl');
}

export async function fakeResend(cleanUp: CleanUp, options: Partial<FakeResendOptions> = {}): Promise<FakeResend> {
  const fake = await FakeResend.start({ log: await logIn(cleanUp), apiKey, ...options });
  cleanUp.push(() => fake.close());
  return fake;
}

export async function fakeTwilio(cleanUp: CleanUp, options: Partial<FakeTwilioOptions> = {}): Promise<FakeTwilio> {
  const fake = await FakeTwilio.start({ log: await logIn(cleanUp), sid, authToken, ...options });
  cleanUp.push(() => fake.close());
  return fake;
}

/** An SMS under an id of its own. */
export function newSms(changes: Partial<Message> & Partial<Pick<Intent, 'recipient'>> = {}): Message {
  const sms = { channel: 'sms', subject: null, html: null, fromName: null, unsubscribeUrl: null } as const;
  return { ...newEmail({ recipient: '+12125550101', text: 'Hi Zoë, how did it go? – Ann' }), ...sms, ...changes };
}
