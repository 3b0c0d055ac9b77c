// The two that are compared: the engine's worker with its SMTP sender, and nodemailer's own pool with the same mails.
import nodemailer from 'nodemailer';
import type pg from 'pg';
import { engineStore } from '../../src/db/engine/store.ts';
import { clockAt } from '../../src/engine/clock.ts';
import type { Message } from '../../src/engine/ports.ts';
import type { Engine } from '../../src/engine/process-batch.ts';
import { type DkimKey, type MailServer, smtpSender } from '../../src/senders/smtp.ts';
import { work } from '../../src/worker/loop.ts';

/** How both send. */
export interface Way {
  server: MailServer;
  dkim: DkimKey | undefined;
  connections: number;
}

const from = 'hello@brightwater.example';
/** Mails under way at once: enough for the connections to be busy while a claim is on its way to the disk and back. */
const slots = 500;

/** The worker, from claim to settle, until it has sent `count` mails. Answers what was sent. */
export async function runWorker(pool: pg.Pool, way: Way, now: string, count: number): Promise<Message[]> {
  const { server, dkim, connections } = way;
  const sender = smtpSender({ server, from, connections, ...(dkim === undefined ? {} : { dkim }) });
  const sent: Message[] = [];
  const stop = new AbortController();
  const engine: Engine = {
    store: engineStore(pool),
    worker: 'bench',
    senders: () => ({
      send: async (message, signal) => {
        const outcome = await sender.send(message, signal);
        if (outcome.kind !== 'accepted') throw new Error(`A mail was not accepted: ${outcome.errorMessage}`);
        sent.push(message);
        if (sent.length === count) stop.abort();
        return outcome;
      },
    }),
    links: { unsubscribe: ({ sendLogId }) => `https://follow-up.example.test/u/${sendLogId}` },
    clock: clockAt(() => new Date(now)),
  };
  const failed: unknown[] = [];
  const onError = (error: unknown): void => {
    failed.push(error);
    stop.abort();
  };
  await work(engine, { signal: stop.signal, slots, onError });
  sender.close();
  if (failed.length > 0) throw failed[0];
  return sent;
}

/** nodemailer alone: these mails, ready as they are, through its pool. */
export async function runNodemailer({ server, dkim, connections }: Way, messages: readonly Message[]): Promise<number> {
  const { host, port } = server;
  const transport = nodemailer.createTransport({
    ...{ pool: true, maxConnections: connections, host, port, secure: false, ignoreTLS: true },
    ...(dkim === undefined
      ? {}
      : { dkim: { domainName: dkim.domain, keySelector: dkim.selector, privateKey: dkim.privateKey } }),
  });
  let next = 0;
  const sendSome = async (): Promise<void> => {
    for (let message = messages[next++]; message !== undefined; message = messages[next++]) {
      const { subject, text, html, recipient, fromName, unsubscribeUrl, idempotencyKey } = message;
      await transport.sendMail({
        ...{
          from: { name: fromName ?? '', address: from },
          to: recipient,
          subject: subject ?? '',
          text,
          html: html ?? '',
        },
        baseBoundary: idempotencyKey,
        messageId: `<${idempotencyKey}@brightwater.example>`,
        headers: { 'List-Unsubscribe': `<${unsubscribeUrl}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' },
      });
    }
  };
  await Promise.all(Array.from({ length: slots }, sendSome));
  transport.close();
  return messages.length;
}
