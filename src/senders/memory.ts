// Senders for tests and trials, in this process only: nothing leaves it.
import type { Message, Outcome, Sender } from '../engine/ports.ts';

/** What the sender does with a message instead of accepting it. */
export type Misbehave = (message: Message, signal: AbortSignal) => Outcome | undefined | Promise<Outcome | undefined>;

export interface MemorySender extends Sender {
  /** In the order in which they were accepted. */
  readonly accepted: readonly Message[];
}

const late: Outcome = { kind: 'not_started', provider: 'memory', errorCode: 'deadline_passed' };

const taken = ({ idempotencyKey, attempt }: Message): Outcome => ({
  kind: 'accepted',
  provider: 'memory',
  providerId: `memory-${idempotencyKey}-${attempt}`,
});

/** Accepts everything and keeps nothing, however long it runs. */
export function forgetfulSender(): Sender {
  return { send: async (message, _signal, mayBegin) => (mayBegin?.() === false ? late : taken(message)) };
}

/**
 * Keeps what it accepts.
 * @param misbehave answers first; undefined lets the message be accepted
 * @param onAccept hears each acceptance before it is answered, as a provider's own log would
 */
export function memorySender(
  misbehave?: Misbehave,
  onAccept?: (message: Message) => void | Promise<void>,
): MemorySender {
  const accepted: Message[] = [];
  return {
    accepted,
    async send(message, signal, mayBegin) {
      const instead = await misbehave?.(message, signal);
      if (instead !== undefined) return instead;
      if (mayBegin?.() === false) return late;
      accepted.push(message);
      await onAccept?.(message);
      return taken(message);
    },
  };
}
