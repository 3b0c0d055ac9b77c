// The built-in mailbox: a sender that keeps messages where they can be looked at. Nothing leaves the database.
import type { Message, Outcome, Sender } from '../engine/ports.ts';

/** Where the messages are kept. Resolves when the message is there for good; repeating an attempt changes nothing. */
export type Keep = (message: Message) => Promise<void>;

export function mailboxSender(keep: Keep): Sender {
  return {
    async send(message, _signal, mayBegin): Promise<Outcome> {
      if (mayBegin?.() === false) return { kind: 'not_started', provider: 'mailbox', errorCode: 'deadline_passed' };
      // A commit whose reply was lost is asked for again: the second answer proves the first.
      await keep(message).catch(() => keep(message));
      const providerId = `mailbox-${message.idempotencyKey}-${message.attempt}`;
      return { kind: 'accepted', provider: 'mailbox', providerId };
    },
  };
}
