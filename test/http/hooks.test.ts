// Providers report on messages: what is signed and new counts once, in whatever order it comes; everything else changes nothing.
import fc from 'fast-check';
import { Hono } from 'hono';
import { Webhook } from 'standardwebhooks';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { hooksPort } from '../../src/cli/hooks.ts';
import { recordProviderEvent } from '../../src/db/engine/provider-events.ts';
import { callbackMarks, callbackUrl } from '../../src/domain/callback-mark.ts';
import type { ProviderEvent } from '../../src/domain/provider-event.ts';
import { twilioSignature } from '../../src/domain/twilio-signature.ts';
import { addHooks } from '../../src/http/hooks.ts';
import { type Business, later, openWorld, type World } from '../engine/world.ts';
import { expectInvariants } from '../support/invariants.ts';

const publicUrl = 'https://touchline.test';
const marks = callbackMarks('a secret of at least thirty-two signs');
const twilioToken = 'twilio-token-of-the-account';
const resendSecret = `whsec_${Buffer.from('resend-secret-of-the-account').toString('base64')}`;

let world: World;
let business: Business;
let people = 0;

beforeAll(async () => {
  world = await openWorld('hooks');
});
afterAll(async () => {
  await world.close();
});
beforeEach(async () => {
  world.provider(undefined);
  business = await world.business({
    touches: [
      { channel: 'sms', delay_hours: 24 },
      { channel: 'email', delay_hours: 24 },
    ],
  });
});
afterEach(async () => {
  await expectInvariants(world.database, { now: world.now });
});

interface Sent {
  businessId: string;
  sendLogId: string;
  senderAccountId: string;
  enrollmentId: string;
  recipient: string;
  claimId: string;
}

/** A text that is under way: claimed, and not settled. */
async function underWay(from: Business = business): Promise<Sent> {
  people += 1;
  const phone = `+1212555${String(1000 + people)}`;
  await from.completeJob({ phone, consent: true }, { completed_at: later(world.now, -24).toISOString() });
  const claimId = crypto.randomUUID();
  const intents = await world.engine.store.claim({ worker: 'story', claimId, limit: 10, now: world.now });
  const intent = intents.find(({ recipient }) => recipient === phone);
  if (intent === undefined) throw new Error('Nothing was claimed.');
  const { businessId, sendLogId, enrollmentId, recipient, sender } = intent;
  await world.sender.send(
    {
      ...intent,
      idempotencyKey: sendLogId,
      subject: null,
      text: 'x',
      html: null,
      fromName: null,
      unsubscribeUrl: null,
    },
    new AbortController().signal,
  );
  return { businessId, sendLogId, senderAccountId: sender.senderAccountId, enrollmentId, recipient, claimId };
}

function appWith(keys: Partial<Record<string, readonly string[]>> = {}): Hono {
  const app = new Hono();
  const keysOf = async ({ provider, senderAccountId }: { provider: string; senderAccountId: string }) =>
    keys[senderAccountId] ?? [provider === 'twilio' ? twilioToken : resendSecret];
  addHooks(app, hooksPort({ pool: world.database.pool, publicUrl, marks, keysOf, now: () => world.now }));
  return app;
}

function twilioRequest(
  sent: Sent,
  fields: Record<string, string>,
  change: { url?: string; token?: string } = {},
): Request {
  const url = change.url ?? callbackUrl(publicUrl, 'twilio', sent, marks);
  const signature = twilioSignature(change.token ?? twilioToken, url, fields);
  return new Request(url, {
    method: 'POST',
    body: new URLSearchParams(fields).toString(),
    headers: { 'x-twilio-signature': signature, 'content-type': 'application/x-www-form-urlencoded' },
  });
}

const delivered = (sid = 'SM1'): Record<string, string> => ({ MessageSid: sid, MessageStatus: 'delivered' });

function resendRequest(sent: Sent, event: object, id: string = crypto.randomUUID(), secret = resendSecret): Request {
  const body = JSON.stringify(event);
  const at = new Date();
  const signature = new Webhook(secret).sign(id, at, body);
  return new Request(`${publicUrl}/hooks/resend/${sent.senderAccountId}?b=${sent.businessId}`, {
    method: 'POST',
    body,
    headers: { 'svix-id': id, 'svix-timestamp': String(Math.floor(at.getTime() / 1000)), 'svix-signature': signature },
  });
}

async function stateOf({ businessId, sendLogId, enrollmentId }: Sent): Promise<Record<string, unknown>> {
  const { rows } = await world.database.query<Record<string, unknown>>(
    `select l.state, l.status, l.provider_id, e.status as enrollment, e.stop_reason, e.touch_1_status as touch_1,
       e.touch_2_status as touch_2, (select count(*)::integer from touchline.message_events m
         where (m.business_id, m.send_log_id) = (l.business_id, l.id)) as events
     from touchline.send_logs l
     join touchline.campaign_enrollments e on (e.business_id, e.id) = (l.business_id, $3)
     where l.business_id = $1 and l.id = $2`,
    [businessId, sendLogId, enrollmentId],
  );
  return rows[0] ?? {};
}

const nothing = { state: 'sending', status: 'queued', enrollment: 'active', touch_1: 'sending', events: 0 };

describe('a callback of Twilio', () => {
  it('proves that the text was taken, before the worker said anything, and settling it then changes nothing', async () => {
    const sent = await underWay();
    const answer = await appWith().request(twilioRequest(sent, { MessageSid: 'SM1', MessageStatus: 'sent' }));
    expect(answer.status).toBe(204);
    expect(await stateOf(sent)).toMatchObject({ state: 'sent', status: 'sent', provider_id: 'SM1', touch_1: 'sent' });
    const { businessId, sendLogId, claimId } = sent;
    const late = { businessId, sendLogId, attempt: 1, kind: 'ambiguous' } as const;
    expect(await world.engine.store.settle(claimId, [late], world.now)).toEqual([]);
    expect(await stateOf(sent)).toMatchObject({ state: 'sent', touch_1: 'sent', touch_2: 'pending' });
  });

  it('that comes again is answered the same and changes nothing', async () => {
    const sent = await underWay();
    for (const _ of [1, 2, 3]) {
      const answer = await appWith().request(twilioRequest(sent, delivered()));
      expect(answer.status).toBe(204);
    }
    expect(await stateOf(sent)).toMatchObject({ status: 'delivered', events: 1 });
  });

  it('of which two come at once counts once', async () => {
    const sent = await underWay();
    const app = appWith();
    const answers = await Promise.all([1, 2, 3, 4].map(() => app.request(twilioRequest(sent, delivered()))));
    expect(answers.map(({ status }) => status)).toEqual([204, 204, 204, 204]);
    expect(await stateOf(sent)).toMatchObject({ status: 'delivered', events: 1 });
  });

  it.each([
    ['without a signature', (r: Request) => r.headers.delete('x-twilio-signature')],
    ['with a short one', (r: Request) => r.headers.set('x-twilio-signature', 'abc')],
    ['with another one', (r: Request) => r.headers.set('x-twilio-signature', 'A'.repeat(28))],
  ])('%s is refused', async (_, forge) => {
    const sent = await underWay();
    const request = twilioRequest(sent, delivered());
    forge(request);
    expect((await appWith().request(request)).status).toBe(401);
    expect(await stateOf(sent)).toMatchObject(nothing);
  });

  it('signed by another account, or for another message than its address was made for, is refused', async () => {
    const sent = await underWay();
    const other = await underWay(await world.business({ touches: [{ channel: 'sms', delay_hours: 24 }] }));
    const foreign = appWith({ [other.senderAccountId]: ['token-of-the-other'] });
    const byOther = twilioRequest(sent, delivered(), { token: 'token-of-the-other' });
    expect((await foreign.request(byOther)).status).toBe(401);
    // The other account's own address, with its own token and mark, naming this message.
    const url = callbackUrl(publicUrl, 'twilio', other, marks).replace(other.sendLogId, sent.sendLogId);
    const naming = twilioRequest(other, delivered(), { url, token: 'token-of-the-other' });
    expect((await foreign.request(naming)).status).toBe(401);
    expect(await stateOf(sent)).toMatchObject(nothing);
    expect(await stateOf(other)).toMatchObject(nothing);
  });

  it('that is larger than 256 kB is refused unread, also when it does not say how large it is', async () => {
    const sent = await underWay();
    const big = twilioRequest(sent, { ...delivered(), Body: 'x'.repeat(300_000) });
    expect((await appWith().request(big)).status).toBe(413);
    const chunks = new ReadableStream({
      pull: (controller) => controller.enqueue(new Uint8Array(100_000)),
    });
    const init = { method: 'POST', body: chunks, duplex: 'half' } as const;
    const endless = new Request(callbackUrl(publicUrl, 'twilio', sent, marks), init);
    expect((await appWith().request(endless)).status).toBe(413);
    expect(await stateOf(sent)).toMatchObject(nothing);
  });

  it('about a number that sent STOP is an opt-out (21610)', async () => {
    const sent = await underWay();
    const fields = { MessageSid: 'SM1', MessageStatus: 'failed', ErrorCode: '21610' };
    expect((await appWith().request(twilioRequest(sent, fields))).status).toBe(204);
    expect(await stateOf(sent)).toMatchObject({ state: 'sent', status: 'failed', stop_reason: 'opted_out_sms' });
    const { rows } = await world.database.query(
      'select reason from touchline.suppressions where business_id = $1 and address = $2 and lifted_at is null',
      [sent.businessId, sent.recipient],
    );
    expect(rows).toEqual([{ reason: 'opt_out' }]);
  });

  it('about a number that does not exist keeps it from being written to; one that is off does not', async () => {
    const [dead, off] = [await underWay(), await underWay()];
    const fields = { MessageStatus: 'undelivered' };
    await appWith().request(twilioRequest(dead, { MessageSid: 'SM1', ErrorCode: '30005', ...fields }));
    await appWith().request(twilioRequest(off, { MessageSid: 'SM2', ErrorCode: '30003', ...fields }));
    expect(await stateOf(dead)).toMatchObject({ status: 'bounced', stop_reason: 'bounced' });
    expect(await stateOf(off)).toMatchObject({ status: 'failed', enrollment: 'active' });
  });

  it('about a message that is gone is kept and answered', async () => {
    const sent = { ...(await underWay()), sendLogId: crypto.randomUUID() };
    expect((await appWith().request(twilioRequest(sent, delivered('SM-gone')))).status).toBe(204);
    const { rows } = await world.database.query(
      `select processed_at, error_message from touchline.webhook_inbox where event_id = 'SM-gone delivered'`,
    );
    expect(rows).toEqual([{ processed_at: null, error_message: 'There is no such message' }]);
  });

  it('about an erased customer settles the message and keeps nothing of the person', async () => {
    const sent = await underWay();
    const { customer_id: customer } = await customerOf(sent);
    await business.call('touchline.erase_customer', [customer]);
    const fields = { ...delivered(), To: sent.recipient };
    expect((await appWith().request(twilioRequest(sent, fields))).status).toBe(204);
    expect(await stateOf(sent)).toMatchObject({ state: 'sent', status: 'delivered' });
    const { rows } = await world.database.query(
      'select length(body) as length from touchline.webhook_inbox where business_id = $1',
      [sent.businessId],
    );
    expect(rows).toEqual([{ length: 0 }]);
  });
});

async function customerOf({ businessId, sendLogId }: Sent): Promise<{ customer_id: string }> {
  const { rows } = await world.database.query<{ customer_id: string }>(
    'select customer_id from touchline.send_logs where business_id = $1 and id = $2',
    [businessId, sendLogId],
  );
  return rows[0] ?? { customer_id: '' };
}

describe('a webhook of Resend', () => {
  it('that is not signed, is signed with another secret, or was changed on its way is refused', async () => {
    const sent = await underWay();
    const event = { type: 'email.delivered', data: { tags: { touchline_message: sent.sendLogId } } };
    const other = `whsec_${Buffer.from('another secret entirely').toString('base64')}`;
    expect((await appWith().request(resendRequest(sent, event, 'e1', other))).status).toBe(401);
    const signed = resendRequest(sent, event, 'e2');
    const changed = new Request(signed.url, {
      method: 'POST',
      headers: signed.headers,
      body: `${await signed.text()} `,
    });
    expect((await appWith().request(changed)).status).toBe(401);
    const old = resendRequest(sent, event, 'e3');
    old.headers.set('svix-timestamp', '123abc');
    expect((await appWith().request(old)).status).toBe(401);
    expect(await stateOf(sent)).toMatchObject(nothing);
  });

  it('that names no message of ours, or one of another business, changes nothing there', async () => {
    const sent = await underWay();
    const other = await underWay(await world.business({ touches: [{ channel: 'sms', delay_hours: 24 }] }));
    const event = {
      type: 'email.bounced',
      data: { tags: { touchline_message: other.sendLogId }, bounce: { type: 'Permanent' } },
    };
    expect((await appWith().request(resendRequest(sent, event))).status).toBe(204);
    expect((await appWith().request(resendRequest(sent, { type: 'email.delivered', data: null }))).status).toBe(204);
    expect((await appWith().request(resendRequest(sent, { type: 'contact.created' }))).status).toBe(204);
    expect(await stateOf(sent)).toMatchObject(nothing);
    expect(await stateOf(other)).toMatchObject(nothing);
  });
});

describe('the address of a callback', () => {
  it('of no account is not there', async () => {
    const sent = await underWay();
    const app = appWith({ [sent.senderAccountId]: [] });
    expect((await app.request(twilioRequest(sent, delivered()))).status).toBe(404);
    expect((await app.request(`${publicUrl}/hooks/twilio/nobody?b=x`, { method: 'POST' })).status).toBe(404);
    expect((await app.request(`${publicUrl}/hooks/other/${sent.senderAccountId}`, { method: 'POST' })).status).toBe(
      404,
    );
  });

  it('answers 503 while the database is away, so that the provider comes again', async () => {
    const sent = await underWay();
    const app = new Hono();
    const away = { account: () => Promise.reject(new Error('connect ECONNREFUSED')), record: async () => undefined };
    addHooks(app, away);
    const answer = await app.request(twilioRequest(sent, delivered()));
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('30');
    const lost = new Error('terminating connection');
    const dying = new Hono();
    addHooks(dying, { account: async () => ({ isGenuine: () => true }), record: () => Promise.reject(lost) });
    expect((await dying.request(twilioRequest(sent, delivered()))).status).toBe(503);
  });
});

describe('events in any order, any number of times', () => {
  const ends: readonly Pick<ProviderEvent, 'kind' | 'bounceClass' | 'isOptOut' | 'errorCode'>[] = [
    { kind: 'bounced', bounceClass: 'permanent' },
    { kind: 'bounced', bounceClass: 'transient' },
    { kind: 'failed', errorCode: '30007' },
    { kind: 'failed', errorCode: '21610', isOptOut: true },
    { kind: 'complained' },
  ];
  type Step = { settle: 'accepted' | 'ambiguous' } | { event: number };

  async function play(steps: readonly Step[], events: readonly Partial<ProviderEvent>[]): Promise<unknown> {
    const sent = await underWay();
    const { businessId, sendLogId, senderAccountId, claimId } = sent;
    for (const step of steps) {
      if ('settle' in step) {
        const outcome = { businessId, sendLogId, attempt: 1, kind: step.settle, provider: 'twilio', providerId: 'SM1' };
        await world.engine.store.settle(claimId, [outcome], world.now);
        continue;
      }
      const { kind = 'accepted', ...rest } = events[step.event] ?? {};
      const event = { ...rest, kind, eventId: `${sendLogId} ${step.event}`, sendLogId, providerId: 'SM1' };
      const came = { provider: 'twilio', businessId, senderAccountId, headers: {}, body: Buffer.from('x') };
      await recordProviderEvent(world.database.pool, { ...event, ...came }, world.now);
    }
    return stateOf(sent);
  }

  it('end in one state', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...ends),
        fc.constantFrom('accepted' as const, 'ambiguous' as const),
        fc.infiniteStream(fc.nat()),
        fc.array(fc.nat({ max: 4 }), { maxLength: 2 }),
        async (end, settle, choices, repeated) => {
          const events = [
            { kind: 'accepted' as const },
            { kind: 'accepted' as const },
            { kind: 'delivered' as const },
            end,
          ];
          const all: Step[] = [...events.map((_, event) => ({ event })), { settle }];
          const steps = [...all, ...repeated.map((index) => all[index] ?? { settle })];
          const order = steps
            .map((step) => ({ step, place: choices.next().value ?? 0 }))
            .toSorted((a, b) => a.place - b.place)
            .map(({ step }) => step);
          expect(await play(order, events)).toEqual(await play(all, events));
        },
      ),
      { numRuns: 60 },
    );
  }, 120_000);
});
