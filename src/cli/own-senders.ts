// Senders of the accounts that businesses have of their own: made when their first message leaves, from what the database has of
// them, and kept for a minute. An account that its provider turns away is read again for the next message.
import type { SecretOwner } from '../domain/secret-box.ts';
import type { Clock } from '../engine/clock.ts';
import type { Evidence, IntentSender, LookUpWindow, MayBegin, Message, Outcome, Sender } from '../engine/ports.ts';
import type { OpenSender } from './make-sender.ts';

/** Makes the sender of an account as it is now, or says why there is none. */
type MakeOwn = (account: SecretOwner) => Promise<OpenSender | Outcome>;

interface Kept {
  sender: OpenSender;
  madeAtMs: number;
}

const keptMs = 60_000;
// Each holds connections; businesses whose turn comes again are made again.
const mostKept = 200;
const replayHours = 20;

export class OwnSenders {
  private readonly make: MakeOwn;
  private readonly clock: Clock;
  private readonly kept = new Map<string, Kept>();
  private readonly making = new Map<string, Promise<OpenSender | Outcome>>();

  constructor(make: MakeOwn, clock: Clock) {
    this.make = make;
    this.clock = clock;
  }

  private forget(key: string): void {
    this.kept.get(key)?.sender.close();
    this.kept.delete(key);
  }

  private async makeOnce(key: string, account: SecretOwner): Promise<OpenSender | Outcome> {
    const sender = await this.make(account);
    if ('kind' in sender) return sender;
    this.forget(key);
    const [oldest] = this.kept.keys();
    if (oldest !== undefined && this.kept.size >= mostKept) this.forget(oldest);
    this.kept.set(key, { sender, madeAtMs: this.clock.monotonicMs() });
    return sender;
  }

  private async senderOf(message: Message): Promise<OpenSender | Outcome> {
    const { businessId, sender: account } = message;
    const key = `${businessId} ${account.senderAccountId}`;
    const kept = this.kept.get(key);
    if (kept !== undefined && this.clock.monotonicMs() - kept.madeAtMs < keptMs) return kept.sender;
    // Of messages that come together the first one makes it.
    const making =
      this.making.get(key) ??
      this.makeOnce(key, { businessId, senderAccountId: account.senderAccountId }).finally(() =>
        this.making.delete(key),
      );
    this.making.set(key, making);
    return making;
  }

  private async send(message: Message, signal: AbortSignal, mayBegin?: MayBegin): Promise<Outcome> {
    const sender = await this.senderOf(message);
    if ('kind' in sender) return sender;
    const outcome = await sender.send(message, signal, mayBegin);
    if (outcome.kind === 'account_error') this.forget(`${message.businessId} ${message.sender.senderAccountId}`);
    return outcome;
  }

  private async lookUp(message: Message, window: LookUpWindow, signal: AbortSignal): Promise<Evidence> {
    const nothing = { kind: 'unknown', errorCode: 'no_sender', errorMessage: 'The account cannot be asked.' } as const;
    const sender = await this.senderOf(message).catch(() => nothing);
    return 'kind' in sender ? nothing : ((await sender.lookUp?.(message, window, signal)) ?? nothing);
  }

  /** What sends for accounts of this kind. What evidence it can give is known from the kind. */
  senderFor({ kind }: IntentSender): Sender {
    return {
      send: (...all) => this.send(...all),
      ...(kind === 'resend' ? { replay: { withinHours: replayHours } } : {}),
      ...(kind === 'twilio' ? { lookUp: (...all) => this.lookUp(...all) } : {}),
    };
  }

  close(): void {
    for (const key of [...this.kept.keys()]) this.forget(key);
  }
}
