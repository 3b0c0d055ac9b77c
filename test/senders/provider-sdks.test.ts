// The official libraries of Twilio and Resend against our fakes and our signatures: the fakes speak the real protocol, and what we
// verify is what the providers sign.
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { Resend } from 'resend';
import { Webhook } from 'standardwebhooks';
import twilio from 'twilio';
import { afterEach, describe, expect, it } from 'vitest';
import { callbackMarks } from '../../src/domain/callback-mark.ts';
import { isSignedBySvix } from '../../src/domain/svix-signature.ts';
import { isSignedByTwilio, twilioSignature } from '../../src/domain/twilio-signature.ts';
import { apiKey, authToken, type CleanUp, cleanUpAll, fakeResend, fakeTwilio, from, ourNumber, sid } from './fakes.ts';

const cleanUp: CleanUp = [];
afterEach(() => cleanUpAll(cleanUp));

const email = { from, to: ['zoe@example.test'], subject: 'Thank you', text: 'How did it go?' };

describe('the library of Resend on our fake', () => {
  const open = async (key = apiKey): Promise<Resend> => {
    const { url } = await fakeResend(cleanUp);
    return new Resend(key, { baseUrl: url });
  };

  it('sends, asks for what it sent, and gets one id for one key', async () => {
    const resend = await open();
    const idempotencyKey = randomUUID();
    const first = await resend.emails.send(email, { idempotencyKey });
    const second = await resend.emails.send(email, { idempotencyKey });
    expect(first.error).toBeNull();
    expect(second.data).toEqual(first.data);
    expect((await resend.emails.get(first.data?.id ?? '')).data).toMatchObject({ subject: 'Thank you', from });
  });

  it('reads its errors', async () => {
    const resend = await open();
    const idempotencyKey = randomUUID();
    await resend.emails.send(email, { idempotencyKey });
    const other = await resend.emails.send({ ...email, text: 'Other words' }, { idempotencyKey });
    expect(other.error).toMatchObject({ name: 'invalid_idempotent_request', statusCode: 409 });
    expect((await (await open('re_other')).emails.send(email)).error).toMatchObject({ name: 'invalid_api_key' });
    expect((await resend.emails.send({ ...email, to: 'nobody' })).error).toMatchObject({ name: 'validation_error' });
  });
});

type Ask = twilio.RequestClient['request'];

/** The official library's way to its server, which is the fake instead of api.twilio.com. */
function redirected(base: string): twilio.RequestClient {
  const client = new twilio.RequestClient();
  const ask: Ask = client.request.bind(client);
  const instead: Ask = (options) => ask({ ...options, uri: options.uri.replace('https://api.twilio.com', base) });
  return Object.assign(client, { request: instead });
}

describe('the library of Twilio on our fake', () => {
  it('creates messages, lists them by recipient and day, and reads errors', async () => {
    const fake = await fakeTwilio(cleanUp, { optedOut: ['+12125550103'] });
    const client = twilio(sid, authToken, { httpClient: redirected(fake.url) });
    const made = await client.messages.create({ to: '+12125550101', from: ourNumber, body: 'Thank you' });
    expect(made).toMatchObject({ sid: fake.accepted[0]?.sid, status: 'queued', errorCode: null });
    const listed = await client.messages.list({ to: '+12125550101', dateSent: new Date(), limit: 20 });
    expect(listed).toMatchObject([{ sid: made.sid, body: 'Thank you', direction: 'outbound-api' }]);
    expect(listed[0]?.dateCreated).toBeInstanceOf(Date);
    const refused = client.messages.create({ to: '+12125550103', from: ourNumber, body: 'Thank you' });
    await expect(refused).rejects.toMatchObject({ code: 21610, status: 400 });
    expect((await client.api.v2010.accounts(sid).fetch()).status).toBe('active');
  });
});

describe('the signature of Twilio', () => {
  const address = 'https://follow-up.example.test/hooks/twilio/0190a000?b=1&m=2&s=x%2By';
  const forms: Record<string, string | string[]>[] = [
    { MessageSid: 'SM1', MessageStatus: 'delivered', To: '+12125550101' },
    {},
    { b: 'ü', a: '', Z: 'a b&c' },
    { MediaUrl: ['b', 'a', 'b'] },
  ];

  it.each(forms)('of %j is the one the library makes and accepts', (form) => {
    const signature = twilioSignature(authToken, address, form);
    expect(signature).toBe(twilio.getExpectedTwilioSignature(authToken, address, form));
    expect(twilio.validateRequest(authToken, signature, address, form)).toBe(true);
    expect(isSignedByTwilio(authToken, signature, address, form)).toBe(true);
  });

  it('does not fit another token, address or form, nor anything that is no signature', () => {
    const form = { MessageStatus: 'delivered' };
    const signature = twilioSignature(authToken, address, form);
    expect(isSignedByTwilio('other', signature, address, form)).toBe(false);
    expect(isSignedByTwilio(authToken, signature, `${address}&x=1`, form)).toBe(false);
    expect(isSignedByTwilio(authToken, signature, address, { MessageStatus: 'sent' })).toBe(false);
    for (const wrong of ['', 'x', signature.slice(1), `${signature}=`]) {
      expect(isSignedByTwilio(authToken, wrong, address, form)).toBe(false);
    }
  });
});

describe('the signature of Resend’s webhooks', () => {
  const secret = `whsec_${Buffer.from('a secret of thirty-two characters').toString('base64')}`;
  const body = Buffer.from('{"type":"email.delivered","to":"ü"}');
  const signed = (at = new Date(), id = 'msg_1'): Record<string, string> => ({
    'svix-id': id,
    'svix-timestamp': String(Math.floor(at.getTime() / 1000)),
    'svix-signature': new Webhook(secret).sign(id, at, body),
  });
  const holds = (headers: Record<string, string>, bytes: Buffer = body, key = secret): boolean =>
    isSignedBySvix(key, bytes, (name) => headers[name]);

  it('is that of Standard Webhooks under the names of Svix', () => {
    expect(holds(signed())).toBe(true);
    const two = { ...signed(), 'svix-signature': `v1,AAAA ${signed()['svix-signature']}` };
    expect(holds(two)).toBe(true);
    const resend = new Resend(apiKey);
    const headers = {
      id: 'msg_1',
      timestamp: signed()['svix-timestamp'] ?? '',
      signature: signed()['svix-signature'] ?? '',
    };
    expect(resend.webhooks.verify({ payload: body.toString(), headers, webhookSecret: secret })).toMatchObject({
      type: 'email.delivered',
    });
  });

  it('does not hold for other bytes, another id, another secret, an old moment, or nothing', () => {
    expect(holds(signed(), Buffer.from(`${body} `))).toBe(false);
    expect(holds(signed(), Buffer.from([0xff, ...body]))).toBe(false);
    expect(holds({ ...signed(), 'svix-id': 'msg_2' })).toBe(false);
    expect(holds(signed(), body, `whsec_${Buffer.from('another secret').toString('base64')}`)).toBe(false);
    expect(holds(signed(new Date(Date.now() - 600_000)))).toBe(false);
    for (const missing of Object.keys(signed())) expect(holds({ ...signed(), [missing]: '' })).toBe(false);
    expect(holds(signed(), body, 'no secret')).toBe(false);
  });
});

describe('the mark of a callback address', () => {
  const target = { businessId: randomUUID(), senderAccountId: randomUUID(), sendLogId: randomUUID() };
  const marks = callbackMarks('first secret');

  it('fits its message alone, and goes on to fit when the secret was replaced', () => {
    const mark = marks.make(target);
    expect(marks.matches(target, mark)).toBe(true);
    expect(callbackMarks('second secret', ['first secret']).matches(target, mark)).toBe(true);
    expect(callbackMarks('second secret').matches(target, mark)).toBe(false);
    for (const name of Object.keys(target)) {
      expect(marks.matches({ ...target, [name]: randomUUID() }, mark)).toBe(false);
    }
    for (const wrong of ['', mark.slice(1), `${mark}A`, `${mark}=`, 'ü']) {
      expect(marks.matches(target, wrong)).toBe(false);
    }
  });
});

describe('callbacks of the fakes', () => {
  async function receiver(): Promise<{
    url: string;
    heard: { headers: Record<string, unknown>; url: string; body: string }[];
  }> {
    const heard: { headers: Record<string, unknown>; url: string; body: string }[] = [];
    const server = createServer((request, response) => {
      void text(request).then((body) => {
        heard.push({ headers: request.headers, url: request.url ?? '', body });
        response.end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    cleanUp.push(() => server.close());
    const address = server.address();
    return { url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`, heard };
  }

  it('come early, twice and in the wrong order when they are told to, and are signed', async () => {
    const { url, heard } = await receiver();
    const fake = await fakeTwilio(cleanUp, { callbacks: { early: true, times: 2, reversed: true } });
    const client = twilio(sid, authToken, { httpClient: redirected(fake.url) });
    const statusCallback = `${url}/hooks?a=1&b=2`;
    await client.messages.create({ to: '+12125550101', from: ourNumber, body: 'Hi', statusCallback });
    const once = ['delivered', 'sent', 'queued'];
    const forms = heard.map(({ body }) => Object.fromEntries(new URLSearchParams(body)));
    expect(forms.map(({ MessageStatus }) => MessageStatus)).toEqual([...once, ...once]);
    heard.forEach(({ headers, url: path }, index) => {
      const signature = String(headers['x-twilio-signature']);
      expect(twilio.validateRequest(authToken, signature, `${url}${path}`, forms[index] ?? {})).toBe(true);
    });
  });

  it('of Resend are signed as Svix signs', async () => {
    const { url, heard } = await receiver();
    const secret = `whsec_${Buffer.from('a secret of thirty-two characters').toString('base64')}`;
    const fake = await fakeResend(cleanUp, { webhook: { url, secret, plan: { early: true } } });
    await new Resend(apiKey, { baseUrl: fake.url }).emails.send(email);
    expect(heard.map(({ body }) => (JSON.parse(body) as { type: string }).type)).toEqual([
      'email.sent',
      'email.delivered',
    ]);
    for (const { headers, body } of heard) {
      expect(isSignedBySvix(secret, Buffer.from(body), (name) => headers[name]?.toString())).toBe(true);
    }
  });
});
