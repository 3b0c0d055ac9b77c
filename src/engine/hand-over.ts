// One intent to one provider: render, pass the fence, send, and know what the answer means. Never throws.
import { TemplateError } from '../domain/template/problem.ts';
import type { Clock } from './clock.ts';
import { compose, type MessageLinks } from './compose.ts';
import type { Meter } from './meter.ts';
import type { AttemptOutcome, Intent, MayBegin, Message, Outcome, Sender, Senders } from './ports.ts';

export interface HandOver {
  senders: Senders;
  links: MessageLinks;
  clock: Clock;
  /** Counts. */
  meter?: Meter;
}

const words = (error: unknown): string => (error instanceof Error ? error.message : String(error));

// A sender that is told to give up knows whether anything was handed over; it gets this long to say so.
const lastWordMs = 250;
// One for all: without a reason every abort makes an error with its stack, a tenth of what a mail costs.
const reason = 'over';

async function sendWithin(
  sender: Sender,
  message: Message,
  ioTimeoutMs: number,
  clock: Clock,
  mayBegin: MayBegin,
): Promise<Outcome> {
  const giveUp = new AbortController();
  const settled = new AbortController();
  const timeOut = clock.sleep(ioTimeoutMs, settled.signal).then(async (): Promise<Outcome> => {
    giveUp.abort(reason);
    await clock.sleep(lastWordMs, settled.signal);
    return { kind: 'ambiguous', errorCode: 'timeout', errorMessage: `No answer within ${ioTimeoutMs} ms.` };
  });
  try {
    // Whoever wins: a sender that does not react to the signal must not hold the slot.
    return await Promise.race([sender.send(message, giveUp.signal, mayBegin), timeOut]);
  } catch (error) {
    return { kind: 'ambiguous', errorCode: 'sender_failed', errorMessage: words(error) };
  } finally {
    settled.abort(reason);
  }
}

function render(intent: Intent, links: MessageLinks): Message | Outcome {
  try {
    return compose(intent, links);
  } catch (error) {
    const code = error instanceof TemplateError ? error.code : 'render_failed';
    return { kind: 'template_error', errorCode: code, errorMessage: words(error) };
  }
}

/**
 * Hands one intent over, unless its deadline has passed: then no byte is written.
 * @param deadlineAtMs on the monotonic clock, counted from before the claim was asked for: a worker that was frozen meanwhile
 *   finds it passed (delivery.md, the fence)
 */
export async function handOver(
  intent: Intent,
  deadlineAtMs: number,
  { senders, links, clock, meter }: HandOver,
): Promise<AttemptOutcome> {
  const { businessId, sendLogId, attempt } = intent;
  const outcome = async (): Promise<Outcome> => {
    const message = render(intent, links);
    if ('kind' in message) return message;
    const sender = senders(intent.sender, intent.channel);
    if (sender === undefined) {
      const reason = `This worker has no sender of kind ${intent.sender.kind} for ${intent.channel}.`;
      return { kind: 'account_error', errorCode: 'no_sender', errorMessage: reason };
    }
    const mayBegin = (): boolean => clock.monotonicMs() < deadlineAtMs;
    if (!mayBegin()) return { kind: 'not_started', errorCode: 'deadline_passed' };
    return sendWithin(sender, message, intent.ioTimeoutMs, clock, mayBegin);
  };
  const known = { businessId, sendLogId, attempt, ...(await outcome()), knownAtMs: clock.monotonicMs() };
  meter?.handedOver(intent, known);
  return known;
}
