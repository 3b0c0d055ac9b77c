// The time of the crash campaign: it jumps to what is due next, and never while a provider has a message in hand. What is accepted
// beyond a jump, no look-up of that time finds, and it would go again: a duplicate of the campaign's own making.
import { once } from 'node:events';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PassingOptions, passTime } from '../../scripts/crash/passing-time.ts';
import { startSmtp } from '../../scripts/crash/smtp-provider.ts';
import { twilioSender } from '../../src/senders/twilio.ts';
import { openWorld, type World } from '../engine/world.ts';
import { authToken, type CleanUp, cleanUpAll, logIn, newSms, ourNumber, sid } from '../senders/fakes.ts';
import { FakeTwilio } from '../support/fakes/twilio.ts';

const cleanUp: CleanUp = [];
let world: World;

beforeAll(async () => {
  world = await openWorld('passing-time');
  const business = await world.business({ touches: [{ channel: 'email', delay_hours: 24 }] });
  await business.completeJob();
});
afterAll(async () => {
  await world.close();
  await cleanUpAll(cleanUp);
});

/** How far it jumps, and how often the providers were asked before. */
async function jumpOf(isIdle: (asked: number) => boolean): Promise<{ aheadMs: number; asked: number }> {
  const stop = new AbortController();
  const time = { originMs: Date.now(), speed: 1, offsetMs: world.now.getTime() - Date.now() };
  let asked = 0;
  let aheadMs = 0;
  const options: PassingOptions = {
    ...{ pool: world.database.pool, time, quietMs: 1_000, signal: stop.signal, drainMs: 0 },
    areProvidersIdle: () => {
      asked += 1;
      return Promise.resolve(isIdle(asked));
    },
    jumpTo: (offsetMs) => {
      aheadMs = offsetMs - time.offsetMs;
      stop.abort();
    },
    onProgress: () => undefined,
  };
  await passTime(options);
  return { aheadMs, asked };
}

describe('the time of the crash campaign', () => {
  it('jumps ten minutes beyond what is due next', async () => {
    const { aheadMs, asked } = await jumpOf(() => true);
    expect(asked).toBe(1);
    expect(Math.abs(aheadMs - 24 * 3_600_000 - 600_000)).toBeLessThan(60_000);
  });

  it('waits while a message is in the hands of a provider', async () => {
    const { aheadMs, asked } = await jumpOf((times) => times === 4);
    expect(asked).toBe(4);
    expect(aheadMs).toBeGreaterThan(0);
  });

  it('is told by a provider what it has accepted and not answered', async () => {
    const fake = await FakeTwilio.start({ sid, authToken, log: await logIn(cleanUp), slowMs: 60_000 });
    fake.plan('slow');
    const sender = twilioSender({ sid, authToken, from: ourNumber, url: fake.url });
    expect(fake.inHand).toBe(0);
    const answered = sender.send(newSms(), new AbortController().signal);
    await expect.poll(() => fake.accepted.length).toBe(1);
    expect(fake.inHand).toBe(1);
    await fake.close();
    expect(await answered).toMatchObject({ kind: 'ambiguous' });
    await expect.poll(() => fake.inHand).toBe(0);
    sender.close();
  });

  it('is told by a provider of what it goes on accepting after its client is gone', async () => {
    const fake = await FakeTwilio.start({ sid, authToken, log: await logIn(cleanUp), slowMs: 1_000 });
    cleanUp.push(() => fake.close());
    fake.plan('slow');
    const sender = twilioSender({ sid, authToken, from: ourNumber, url: fake.url });
    const giveUp = new AbortController();
    const answered = sender.send(newSms(), giveUp.signal);
    await expect.poll(() => fake.submissions).toBe(1);
    giveUp.abort();
    await answered;
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(fake.inHand).toBe(1);
    await expect.poll(() => fake.inHand, { timeout: 5_000 }).toBe(0);
    sender.close();
  });

  it('is told by a provider of half a request until it cuts it, and no more of an answered one', async () => {
    const fake = await FakeTwilio.start({ sid, authToken, log: await logIn(cleanUp), requestTimeoutMs: 2_000 });
    cleanUp.push(() => fake.close());
    const socket = connect(Number(new URL(fake.url).port), '127.0.0.1').on('error', () => undefined);
    await once(socket, 'connect');
    expect(fake.inHand).toBe(0);
    socket.write('GET /nothing HTTP/1.1\r\nhost: twilio\r\n\r\n');
    await once(socket, 'data');
    await expect.poll(() => fake.inHand).toBe(0);
    socket.write('POST /2010-04-01/Accounts/x/Messages.json HTTP/1.1\r\n');
    await expect.poll(() => fake.inHand).toBe(1);
    await once(socket.resume(), 'close');
    await expect.poll(() => fake.inHand).toBe(0);
    expect(fake.accepted).toEqual([]);
  });

  it('is told by a mail server of a mail that was announced, until it is answered or cut', async () => {
    const server = await startSmtp(await logIn(cleanUp), { chooseFault: () => undefined, patienceMs: 2_000 });
    cleanUp.push(() => server.close());
    const socket = connect(server.port, '127.0.0.1').on('error', () => undefined);
    const replies = createInterface({ input: socket })[Symbol.asyncIterator]();
    const say = async (line: string): Promise<unknown> => {
      socket.write(`${line}\r\n`);
      return (await replies.next()).value;
    };
    await replies.next();
    await say('EHLO worker');
    expect(server.inHand).toBe(0);
    for (const line of ['MAIL FROM:<a@example.test>', 'RCPT TO:<b@example.test>', 'DATA']) {
      await say(line);
      expect(server.inHand, line).toBe(1);
    }
    expect(await say('Subject: Hi\r\n\r\nHello\r\n.')).toMatch(/^250 /);
    await expect.poll(() => server.inHand).toBe(0);
    await say('MAIL FROM:<a@example.test>');
    expect(server.inHand).toBe(1);
    await once(socket, 'close');
    await expect.poll(() => server.inHand).toBe(0);
  });
});
