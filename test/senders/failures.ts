// Every way in which senders fail that has a meaning of its own: how it is brought about, and which class it is (delivery.md, outcome
// classes). The conformance suite plays them and prints what follows from each.
import type { Message, Outcome, OutcomeKind, Sender } from '../../src/engine/ports.ts';
import { mailboxSender } from '../../src/senders/mailbox.ts';
import { memorySender } from '../../src/senders/memory.ts';
import { resendSender } from '../../src/senders/resend.ts';
import { smtpSender } from '../../src/senders/smtp.ts';
import { twilioSender } from '../../src/senders/twilio.ts';
import type { Fault } from '../support/fakes/fake-server.ts';
import { apiKey, authToken, type CleanUp, fakeResend, fakeTwilio, from, newSms, ourNumber, sid } from './fakes.ts';
import { catchAll, type Misdeed, type Stage, scripted } from './mail-server.ts';
import { newEmail } from './messages.ts';

export interface Failure {
  sender: 'smtp' | 'resend' | 'twilio' | 'mailbox' | 'memory';
  /** In words, as the table has it. */
  what: string;
  kind: OutcomeKind;
  play(cleanUp: CleanUp): Promise<Outcome>;
}

const never = new AbortController().signal;

function kept<T extends { close(): unknown }>(cleanUp: CleanUp, thing: T): T {
  cleanUp.push(() => thing.close());
  return thing;
}

async function sendLate(sender: Sender, message: Message): Promise<Outcome> {
  return sender.send(message, never, () => false);
}

async function bySmtp(
  cleanUp: CleanUp,
  misdeeds: Partial<Record<Stage, Misdeed>>,
  signal: AbortSignal = never,
): Promise<Outcome> {
  const { server } = kept(cleanUp, await scripted(misdeeds));
  return kept(cleanUp, smtpSender({ server, from })).send(newEmail(), signal);
}

function smtpSays(stage: Stage, reply: string, kind: OutcomeKind): Failure {
  const place = stage === 'dot' ? 'after the final dot' : stage;
  return { sender: 'smtp', what: `${place}: ${reply}`, kind, play: (cleanUp) => bySmtp(cleanUp, { [stage]: reply }) };
}

const cut: Misdeed = (socket) => socket.resetAndDestroy();

function smtpBreaks(stage: Stage, kind: OutcomeKind): Failure[] {
  const place = stage === 'dot' ? 'after the final dot' : stage;
  return [
    { sender: 'smtp', what: `${place}: cut`, kind, play: (cleanUp) => bySmtp(cleanUp, { [stage]: cut }) },
    {
      ...{ sender: 'smtp', what: `${place}: no answer in time`, kind },
      play: (cleanUp) => {
        const giveUp = new AbortController();
        return bySmtp(cleanUp, { [stage]: () => giveUp.abort() }, giveUp.signal);
      },
    },
  ];
}

const cutInBody: Misdeed = (socket) => {
  socket.write('354 go on\r\n');
  socket.pause();
  socket.once('readable', () => socket.resetAndDestroy());
};

const smtp: Failure[] = [
  {
    sender: 'smtp',
    what: 'nothing listens',
    kind: 'account_error',
    async play(cleanUp) {
      const { server, close } = await scripted({});
      await close();
      return kept(cleanUp, smtpSender({ server, from })).send(newEmail(), never);
    },
  },
  {
    sender: 'smtp',
    what: 'TLS: no proof of who it is',
    kind: 'account_error',
    async play(cleanUp) {
      const { server } = kept(cleanUp, await catchAll());
      return kept(cleanUp, smtpSender({ server: { ...server, requireTls: true }, from })).send(newEmail(), never);
    },
  },
  ...smtpBreaks('banner', 'account_error'),
  smtpSays('banner', '554 not welcome', 'account_error'),
  smtpSays('banner', '421 too many connections', 'rate_limited'),
  smtpSays('AUTH', '535 wrong password', 'account_error'),
  smtpSays('AUTH', '454 try later', 'rate_limited'),
  ...smtpBreaks('AUTH', 'account_error'),
  smtpSays('MAIL', '550 sender not allowed', 'account_error'),
  smtpSays('MAIL', '451 try later', 'rate_limited'),
  smtpSays('MAIL', '552 too big', 'rejected'),
  ...smtpBreaks('MAIL', 'account_error'),
  smtpSays('RCPT', '550 no such mailbox', 'rejected'),
  smtpSays('RCPT', '451 greylisted', 'retry'),
  smtpSays('RCPT', '421 slow down', 'rate_limited'),
  ...smtpBreaks('RCPT', 'retry'),
  smtpSays('DATA', '554 no valid recipients', 'rejected'),
  smtpSays('DATA', '451 try later', 'retry'),
  ...smtpBreaks('DATA', 'retry'),
  {
    ...{ sender: 'smtp', what: 'in the message, before the final dot: cut', kind: 'retry' },
    async play(cleanUp) {
      const { server } = kept(cleanUp, await scripted({ DATA: cutInBody }));
      return kept(cleanUp, smtpSender({ server, from })).send(newEmail({ html: 'x'.repeat(12_000_000) }), never);
    },
  },
  smtpSays('dot', '554 looks like spam', 'rejected'),
  smtpSays('dot', '451 queue is full', 'retry'),
  ...smtpBreaks('dot', 'ambiguous'),
  smtpSays('dot', '250 Ok: queued as Q1', 'accepted'),
];

/** What both providers can do to a request. */
const faults: readonly [string, Fault, OutcomeKind][] = [
  ['reset before anything was accepted', 'drop', 'ambiguous'],
  ['accepted, then reset', 'accept_then_drop', 'ambiguous'],
  ['500, nothing accepted', 'error', 'ambiguous'],
  ['500 after accepting', 'error_after_accepting', 'ambiguous'],
  ['2xx with a page of somebody else', 'html', 'ambiguous'],
  ['2xx, cut', 'truncated', 'ambiguous'],
  ['2xx without an id', 'wrong_id', 'ambiguous'],
  ['429 with Retry-After', 'rate_limited', 'rate_limited'],
  ['2xx with an id, slowly', 'slow', 'accepted'],
];

interface Provider {
  sender: 'resend' | 'twilio';
  open(
    cleanUp: CleanUp,
  ): Promise<{ plan(...all: Fault[]): void; close(): Promise<void>; sender: Sender; accepted: readonly unknown[] }>;
  message(): Message;
}

const resend: Provider = {
  sender: 'resend',
  message: newEmail,
  async open(cleanUp) {
    const fake = await fakeResend(cleanUp);
    const sender = kept(cleanUp, resendSender({ apiKey, from, url: fake.url }));
    return { sender, plan: (...all) => fake.plan(...all), close: () => fake.close(), accepted: fake.accepted };
  },
};
const twilio: Provider = {
  sender: 'twilio',
  message: newSms,
  async open(cleanUp) {
    const fake = await fakeTwilio(cleanUp);
    const sender = kept(cleanUp, twilioSender({ sid, authToken, from: ourNumber, url: fake.url }));
    return { sender, plan: (...all) => fake.plan(...all), close: () => fake.close(), accepted: fake.accepted };
  },
};

function withFault({ sender, open, message }: Provider, what: string, fault: Fault, kind: OutcomeKind): Failure {
  return {
    ...{ sender, what, kind },
    async play(cleanUp) {
      const opened = await open(cleanUp);
      opened.plan(fault);
      return opened.sender.send(message(), never);
    },
  };
}

function ofProvider(provider: Provider): Failure[] {
  const { sender, open, message } = provider;
  return [
    {
      ...{ sender, what: 'nothing listens', kind: 'account_error' },
      async play(cleanUp) {
        const opened = await open(cleanUp);
        await opened.close();
        cleanUp.splice(-2, 1);
        return opened.sender.send(message(), never);
      },
    },
    ...faults.map(([what, fault, kind]) => withFault(provider, what, fault, kind)),
    {
      ...{ sender, what: 'no answer in time', kind: 'ambiguous' },
      async play(cleanUp) {
        const { sender: real, plan, accepted } = await open(cleanUp);
        plan('silent');
        const giveUp = new AbortController();
        const outcome = real.send(message(), giveUp.signal);
        while (accepted.length === 0) await new Promise((resolve) => setImmediate(resolve));
        giveUp.abort();
        return outcome;
      },
    },
    {
      ...{ sender, what: 'the deadline passed before the first byte', kind: 'not_started' },
      play: async (cleanUp) => sendLate((await open(cleanUp)).sender, message()),
    },
  ];
}

const resendSays = (status: number, name: string, kind: OutcomeKind): Failure =>
  withFault(resend, `${status} ${name}`, { status, body: { statusCode: status, name, message: name } }, kind);
const twilioSays = (status: number, code: number, words: string, kind: OutcomeKind): Failure =>
  withFault(twilio, `${status}, ${code} (${words})`, { status, body: { status, code, message: words } }, kind);

export const failures: readonly Failure[] = [
  ...smtp,
  ...ofProvider(resend),
  resendSays(422, 'validation_error', 'rejected'),
  resendSays(422, 'invalid_from_address', 'account_error'),
  resendSays(403, 'invalid_api_key', 'account_error'),
  resendSays(409, 'invalid_idempotent_request', 'ambiguous'),
  resendSays(409, 'concurrent_idempotent_requests', 'ambiguous'),
  ...ofProvider(twilio),
  twilioSays(400, 21211, 'no such number', 'rejected'),
  twilioSays(400, 21614, 'not a mobile', 'rejected'),
  twilioSays(400, 21610, 'opted out', 'rejected'),
  twilioSays(401, 20003, 'wrong token', 'account_error'),
  twilioSays(400, 21606, 'not our number', 'account_error'),
  twilioSays(400, 30034, 'number not registered', 'account_error'),
  twilioSays(429, 20429, 'too many requests', 'rate_limited'),
  {
    ...{ sender: 'mailbox', what: 'kept', kind: 'accepted' },
    play: () => mailboxSender(() => Promise.resolve()).send(newEmail(), never),
  },
  {
    ...{ sender: 'mailbox', what: 'the deadline passed before it was kept', kind: 'not_started' },
    play: () =>
      sendLate(
        mailboxSender(() => Promise.resolve()),
        newEmail(),
      ),
  },
  { ...{ sender: 'memory', what: 'kept', kind: 'accepted' }, play: () => memorySender().send(newEmail(), never) },
  {
    ...{ sender: 'memory', what: 'the deadline passed before it was kept', kind: 'not_started' },
    play: () => sendLate(memorySender(), newEmail()),
  },
];
