// Email by SMTP: a few connections to one server, kept between messages, and an outcome for whatever happens on them.
import type { MayBegin, Message, Outcome, Sender } from '../engine/ports.ts';
import type { Check } from './check.ts';
import { Slots } from './slots.ts';
import { type DkimKey, type Mail, mailOf } from './smtp/mail.ts';
import { deadlinePassed, outcomeOf, queueIdOf } from './smtp/outcome.ts';
import { type MailServer, Session, SessionFailed } from './smtp/session.ts';

export type { DkimKey, MailServer };

export interface SmtpOptions {
  server: MailServer;
  /** The address to send from where an account names none. */
  from: string | null;
  dkim?: DkimKey;
  /** Connections at most. Default 5. */
  connections?: number;
}

export interface SmtpSender extends Sender {
  /** Connects and logs in. Sends nothing. */
  check(signal: AbortSignal): Promise<Check>;
  /** Says goodbye on connections that rest. */
  close(): void;
}

// Servers count messages per connection; a hundred is what most allow.
const messagesPerSession = 100;

/** A server may have closed a resting connection meanwhile. Nothing of the message was named then, so a new one is taken. */
function wasStale({ failure: { progress, responseCode, code } }: SessionFailed): boolean {
  if (code === deadlinePassed) return false;
  return progress === 'sender' || (progress === 'recipient' && responseCode === 421);
}

class Connections {
  private readonly resting: Session[] = [];
  private readonly server: MailServer;

  constructor(server: MailServer) {
    this.server = server;
  }

  private takeResting(): Session | undefined {
    let session = this.resting.pop();
    while (session !== undefined && !session.alive) session = this.resting.pop();
    return session;
  }

  private async sendOn(session: Session, mail: Mail, signal: AbortSignal, mayBegin: MayBegin): Promise<Outcome> {
    const response = await session.send(mail, signal, mayBegin);
    if (session.alive && session.messages < messagesPerSession) {
      session.rest();
      this.resting.push(session);
    } else session.quit();
    return { kind: 'accepted', provider: 'smtp', providerId: queueIdOf(response) };
  }

  /** @throws SessionFailed */
  async deliver(mail: Mail, signal: AbortSignal, mayBegin: MayBegin): Promise<Outcome> {
    const session = this.takeResting();
    if (session !== undefined) {
      try {
        return await this.sendOn(session, mail, signal, mayBegin);
      } catch (error) {
        if (signal.aborted || !(error instanceof SessionFailed) || !wasStale(error)) throw error;
      }
    }
    return this.sendOn(await Session.open(this.server, signal), mail, signal, mayBegin);
  }

  close(): void {
    for (const session of this.resting.splice(0)) if (session.alive) session.quit();
  }
}

/** @returns a sender for one server, with connections of its own */
export function smtpSender({ server, from, dkim, connections: most = 5 }: SmtpOptions): SmtpSender {
  const connections = new Connections(server);
  const slots = new Slots(most);
  async function deliver(mail: Mail, signal: AbortSignal, mayBegin: MayBegin): Promise<Outcome> {
    try {
      return await connections.deliver(mail, signal, mayBegin);
    } catch (error) {
      if (error instanceof SessionFailed) return outcomeOf(error.failure);
      throw error;
    }
  }
  async function send(message: Message, signal: AbortSignal, mayBegin: MayBegin = () => true): Promise<Outcome> {
    const mail = await mailOf(message, from, dkim);
    if ('kind' in mail) return mail;
    if (!(await slots.take(signal))) return { kind: 'not_started', provider: 'smtp', errorCode: 'no_connection_free' };
    try {
      return await deliver(mail, signal, mayBegin);
    } finally {
      slots.give();
    }
  }
  async function check(signal: AbortSignal): Promise<Check> {
    try {
      (await Session.open(server, signal)).quit();
      return { ok: true, words: 'The mail server takes the login.' };
    } catch (error) {
      if (!(error instanceof SessionFailed)) throw error;
      return { ok: false, words: outcomeOf(error.failure).errorMessage ?? '' };
    }
  }
  return { send, check, close: () => connections.close() };
}
