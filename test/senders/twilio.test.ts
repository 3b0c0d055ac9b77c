// Twilio: what arrives, what every answer means, and what its list of messages proves (delivery.md; F31, F36).
import { afterEach, describe, expect, it } from 'vitest';
import { callbackMarks, callbackUrl } from '../../src/domain/callback-mark.ts';
import type { Evidence, LookUpWindow, Message, Outcome } from '../../src/engine/ports.ts';
import { type TwilioOptions, type TwilioSender, twilioSender } from '../../src/senders/twilio.ts';
import { readAcceptances } from '../support/fakes/acceptance-file.ts';
import type { Fault } from '../support/fakes/fake-server.ts';
import type { FakeTwilio } from '../support/fakes/twilio.ts';
import { authToken, type CleanUp, cleanUpAll, fakeTwilio, logIn, newSms, ourNumber, sid } from './fakes.ts';

const cleanUp: CleanUp = [];
afterEach(() => cleanUpAll(cleanUp));

function senderFor(url: string, more: Partial<TwilioOptions> = {}): TwilioSender {
  const sender = twilioSender({ sid, authToken, from: ourNumber, url, ...more });
  cleanUp.push(() => sender.close());
  return sender;
}

const never = new AbortController().signal;
const send = (sender: TwilioSender, message: Message = newSms()): Promise<Outcome> => sender.send(message, never);

async function opened(
  options: Parameters<typeof fakeTwilio>[1] = {},
  more: Partial<TwilioOptions> = {},
): Promise<{ fake: FakeTwilio; sender: TwilioSender }> {
  const fake = await fakeTwilio(cleanUp, options);
  return { fake, sender: senderFor(fake.url, more) };
}

const marks = callbackMarks('a secret of more than thirty-two characters');
const callbackOf = ({ businessId, idempotencyKey: sendLogId, sender: { senderAccountId } }: Message): string =>
  callbackUrl('https://follow-up.example.test/', 'twilio', { businessId, senderAccountId, sendLogId }, marks);

describe('an SMS that is accepted', () => {
  it('arrives with its words, from our number, and names its message in the callback address', async () => {
    const log = await logIn(cleanUp);
    const { fake, sender } = await opened({ log }, { callbackUrl: callbackOf });
    const message = newSms();
    const outcome = await send(sender, message);
    const [sms] = fake.accepted;
    expect(outcome).toEqual({ kind: 'accepted', provider: 'twilio', providerId: sms?.sid });
    expect(sms).toMatchObject({
      to: message.recipient,
      from: ourNumber,
      messagingServiceSid: null,
      body: message.text,
    });
    const [line] = await readAcceptances(log);
    const { businessId, idempotencyKey: sendLogId, sender: account } = message;
    expect(line).toMatchObject({ businessId, sendLogId, senderAccountId: account.senderAccountId });
    expect(line?.providerId).toBe(sms?.sid);
  });

  it('leaves through the messaging service where there is one, and through the number of an account before it', async () => {
    const messagingServiceSid = `MG${'0b'.repeat(16)}`;
    const { fake, sender } = await opened({}, { messagingServiceSid });
    const message = newSms();
    await send(sender, message);
    await send(sender, { ...message, sender: { ...message.sender, fromAddress: '+12125550177' } });
    expect(fake.accepted).toMatchObject([
      { from: null, messagingServiceSid },
      { from: '+12125550177', messagingServiceSid: null },
    ]);
  });

  it('has a callback address whose parameters are sorted', () => {
    const { search } = new URL(callbackOf(newSms()));
    const names = [...new URLSearchParams(search).keys()];
    expect(names).toEqual(names.toSorted());
  });
});

const coded = (status: number, code: number): Fault => ({
  status,
  body: { status, code, message: `words about ${code}`, more_info: 'https://www.twilio.com/docs/errors' },
});

describe('an answer that says no', () => {
  it.each<[number, number, Outcome['kind']]>([
    [400, 21211, 'rejected'],
    [400, 21614, 'rejected'],
    [400, 21612, 'rejected'],
    [400, 21408, 'rejected'],
    [400, 21617, 'rejected'],
    [400, 99999, 'rejected'],
    [400, 30034, 'account_error'],
    [400, 30032, 'account_error'],
    [400, 21606, 'account_error'],
    [400, 21608, 'account_error'],
    [401, 20003, 'account_error'],
    [403, 20005, 'account_error'],
    [404, 20404, 'account_error'],
    [429, 20429, 'rate_limited'],
    [400, 21611, 'rate_limited'],
    [400, 30023, 'rate_limited'],
    [409, 20409, 'ambiguous'],
    [500, 20500, 'ambiguous'],
    [503, 21610, 'ambiguous'],
  ])('%i with code %i → %s, with its words', async (status, code, kind) => {
    const { fake, sender } = await opened();
    fake.plan(coded(status, code));
    expect(await send(sender)).toMatchObject({ kind, errorCode: String(code), errorMessage: `words about ${code}` });
  });

  it('a number that told Twilio to stop is an opt-out', async () => {
    const message = newSms();
    const { sender } = await opened({ optedOut: [message.recipient] });
    expect(await send(sender, message)).toMatchObject({ kind: 'rejected', errorCode: 'opted_out' });
  });

  it('429 waits as long as it says', async () => {
    const { fake, sender } = await opened();
    fake.plan('rate_limited');
    expect(await send(sender)).toMatchObject({ kind: 'rate_limited', retryAfterSeconds: 7 });
  });

  it('a wrong token pauses the account', async () => {
    const { fake } = await opened();
    expect(await send(senderFor(fake.url, { authToken: 'other' }))).toMatchObject({ kind: 'account_error' });
    expect(await senderFor(fake.url, { authToken: 'other' }).check(never)).toEqual({
      ok: false,
      words: 'Authenticate',
    });
    expect(await senderFor(fake.url).check(never)).toMatchObject({ ok: true });
  });

  it.each<[Partial<Message>, Partial<TwilioOptions>, Partial<Outcome>]>([
    [{ recipient: '+1212555010a' }, {}, { kind: 'rejected', errorCode: 'recipient_invalid' }],
    [{}, { from: null }, { kind: 'account_error', errorCode: 'from_address_invalid' }],
  ])('%j with %j is refused before anything is written', async (changes, options, outcome) => {
    const { fake, sender } = await opened({}, options);
    expect(await send(sender, newSms(changes))).toMatchObject(outcome);
    expect(fake.submissions).toBe(0);
  });
});

function windowNow(isOver = true): LookUpWindow {
  const now = Date.now();
  return { from: new Date(now - 5_000), to: new Date(now + 30_000), isOver };
}

const lookUp = (sender: TwilioSender, message: Message, window = windowNow()): Promise<Evidence> =>
  sender.lookUp(message, window, never);

describe('a look-up', () => {
  it.each<Fault>(['accept_then_drop', 'error_after_accepting', 'html', 'truncated', 'wrong_id'])(
    'finds what was accepted though the answer (%s) did not tell',
    async (fault) => {
      const { fake, sender } = await opened();
      const message = newSms();
      fake.plan(fault);
      expect(await send(sender, message)).toMatchObject({ kind: 'ambiguous' });
      const providerId = fake.accepted[0]?.sid;
      expect(await lookUp(sender, message)).toEqual({ kind: 'accepted', provider: 'twilio', providerId });
    },
  );

  it.each<Fault>(['drop', 'error'])(
    'proves that nothing arrived (%s) when the grace is over, and not before',
    async (fault) => {
      const { fake, sender } = await opened();
      const message = newSms();
      fake.plan(fault);
      expect(await send(sender, message)).toMatchObject({ kind: 'ambiguous' });
      expect(await lookUp(sender, message, windowNow(false))).toMatchObject({ errorCode: 'not_listed_yet' });
      expect(await lookUp(sender, message)).toEqual({ kind: 'absent' });
    },
  );

  it('does not take what lags for what is absent', async () => {
    const { sender } = await opened({ listLagMs: 60_000 });
    const message = newSms();
    await send(sender, message);
    expect(await lookUp(sender, message, windowNow(false))).toMatchObject({ kind: 'unknown' });
  });

  it('knows nothing when two messages fit', async () => {
    const { sender } = await opened();
    const message = newSms();
    await send(sender, message);
    await send(sender, message);
    expect(await lookUp(sender, message)).toMatchObject({ kind: 'unknown', errorCode: 'several_fit' });
  });

  it('is not misled by messages to others, from other numbers, with other words, or of another day', async () => {
    const { fake, sender } = await opened();
    const message = newSms();
    await send(sender, newSms({ recipient: '+12125550102' }));
    await send(sender, { ...message, sender: { ...message.sender, fromAddress: '+12125550177' } });
    await send(sender, newSms({ text: 'Something else' }));
    await send(sender, message);
    for (const sms of fake.accepted.slice(3)) sms.at.setUTCDate(sms.at.getUTCDate() - 1);
    expect(await lookUp(sender, message)).toEqual({ kind: 'absent' });
  });

  it('does not call absent what may be there with words that were changed on the way, or deleted', async () => {
    const { fake, sender } = await opened();
    const message = newSms();
    await send(sender, message);
    const [sms] = fake.accepted;
    for (const body of ['Hi Zoë, how did it go? - Ann', `Sent from your Twilio trial account - ${message.text}`, '']) {
      if (sms !== undefined) sms.body = body;
      expect(await lookUp(sender, message)).toMatchObject({ kind: 'unknown', errorCode: 'words_differ' });
    }
  });

  it('knows nothing when the list has more pages, cannot be read, or does not answer', async () => {
    const { fake, sender } = await opened();
    const message = newSms();
    for (let count = 0; count <= 1_000; count += 1) {
      const at = new Date(Date.now() - 86_400_000);
      fake.accepted.push({
        ...{ sid: `SM${'0c'.repeat(16)}`, to: message.recipient, from: ourNumber, at },
        body: 'x',
        messagingServiceSid: null,
        statusCallback: null,
      });
    }
    expect(await lookUp(sender, message)).toMatchObject({ kind: 'unknown', errorCode: 'list_too_long' });
    expect(await lookUp(senderFor(fake.url, { authToken: 'other' }), message)).toMatchObject({ errorCode: 'http_401' });
    fake.accepted.splice(1, Number.POSITIVE_INFINITY, { ...newEntry(message), sid: 'what?' });
    expect(await lookUp(sender, message)).toMatchObject({ errorCode: 'unreadable_answer' });
    await fake.close();
    cleanUp.splice(1, 1);
    // Whether the connection that rested was seen to end before it is taken is a matter of luck.
    const errorCode = expect.stringMatching(/^ECONN(?:REFUSED|RESET)$/);
    expect(await lookUp(sender, message)).toMatchObject({ kind: 'unknown', errorCode });
  });
});

function newEntry({ recipient, text }: Message): FakeTwilio['accepted'][number] {
  const nothing = { messagingServiceSid: null, statusCallback: null };
  return { sid: '', to: recipient, from: ourNumber, body: text, at: new Date(), ...nothing };
}
