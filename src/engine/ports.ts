// What the engine needs from outside: somewhere to keep its work, and somebody who hands messages over.
import type { Channel } from '../generated/rows.ts';
import type { HomeStore } from './at-home.ts';
import type { EvidenceStore } from './evidence.ts';

/** A claimed touch: an intent that is written and may now be handed over, once. Its inputs are frozen. */
export interface Intent {
  businessId: string;
  /** The message's row in send_logs; also the idempotency key towards the provider. */
  sendLogId: string;
  attempt: number;
  enrollmentId: string;
  touchNumber: number;
  channel: Channel;
  customerId: string;
  campaignId: string;
  recipient: string;
  templateVersionId: string;
  /** The template of the subject; null for SMS. */
  subject: string | null;
  /** The template of the body. */
  body: string;
  /** Values by name, as the claim froze them. */
  variables: Readonly<Record<string, string>>;
  sender: IntentSender;
  claimedAt: Date;
  /** Nothing may be written to a socket later than this after the claim was asked for, in milliseconds. */
  deadlineMs: number;
  /** From the first byte to giving up, in milliseconds. */
  ioTimeoutMs: number;
}

/** The account a message leaves through. */
export interface IntentSender {
  senderAccountId: string;
  kind: string;
  fromAddress: string | null;
  settings: Readonly<Record<string, unknown>>;
}

/** A message as a customer sees it, ready to be handed over. */
export interface Message {
  businessId: string;
  /** The same for every attempt at this message: the intent's id. */
  idempotencyKey: string;
  attempt: number;
  enrollmentId: string;
  touchNumber: number;
  channel: Channel;
  recipient: string;
  /** Null for SMS. */
  subject: string | null;
  text: string;
  /** The same words as HTML; null for SMS. */
  html: string | null;
  /** Who an email is from, in words; null for SMS and where the business has no name. */
  fromName: string | null;
  /** Where this customer ends our email; null for SMS. */
  unsubscribeUrl: string | null;
  sender: IntentSender;
}

/**
 * What a provider's answer means (rules.md 20). `accepted`; `rejected`: the message, for good; `retry`: the message, for now;
 * `rate_limited` and `account_error`: the account, no attempt is counted; `ambiguous`: nobody knows; `not_started`: no byte
 * was written; `template_error`: there was nothing to hand over; `absent`: a look-up proved that it never arrived.
 */
export type OutcomeKind =
  | 'accepted'
  | 'rejected'
  | 'retry'
  | 'rate_limited'
  | 'account_error'
  | 'ambiguous'
  | 'not_started'
  | 'template_error'
  | 'absent';

export interface Outcome {
  kind: OutcomeKind;
  provider?: string;
  /** The provider's id of the message. */
  providerId?: string;
  errorCode?: string;
  /** The provider's words. */
  errorMessage?: string;
  retryAfterSeconds?: number;
}

/** An outcome of one attempt at one intent. */
export interface AttemptOutcome extends Outcome {
  businessId: string;
  sendLogId: string;
  attempt: number;
  /** When it was known, on the monotonic clock; absent: nothing was handed over. */
  knownAtMs?: number;
}

/** What a provider's own list says about a message whose outcome nobody knows. */
export type Evidence =
  | { kind: 'accepted'; provider: string; providerId: string }
  /** It never arrived, and nothing of it is still on its way. */
  | { kind: 'absent' }
  /** The list does not tell: it lags, it is down, or more than one message fits. */
  | { kind: 'unknown'; errorCode: string; errorMessage: string };

/** When the attempts at a message can have reached the provider. */
export interface LookUpWindow {
  /** No attempt began earlier. */
  from: Date;
  /** None can have arrived later: the last attempt's deadline and its time from first byte to giving up. */
  to: Date;
  /** The provider has had its grace since then: what it does not list by now never arrived. */
  isOver: boolean;
}

/** Whether the intent's deadline is still ahead. Whoever waited for a slot, a connection or the processor finds out here. */
export type MayBegin = () => boolean;

/** Hands messages of one kind of account to a provider. */
export interface Sender {
  /**
   * Hands one message over. Answers with what is known; anything it throws counts as ambiguous, so it must classify what it can.
   * @param signal aborted when the time from first byte to giving up has passed: reset the connection, then answer
   * @param mayBegin asked as the last thing before the first byte that could hand the message over is written; after a no nothing is,
   *   and the answer is `not_started`
   */
  send(message: Message, signal: AbortSignal, mayBegin?: MayBegin): Promise<Outcome>;
  /**
   * Present where the provider recognises a message by its idempotency key: for so many hours after the first attempt `send` may
   * be called again, and an answer of `accepted` is the one message's. Any other answer says nothing about the earlier attempts.
   */
  replay?: { withinHours: number };
  /** Present where the provider can be asked for what it has. Never throws, and sends nothing. */
  lookUp?(message: Message, window: LookUpWindow, signal: AbortSignal): Promise<Evidence>;
}

/** Finds who hands over for an account; undefined: nobody here can. */
export type Senders = (sender: IntentSender, channel: Channel) => Sender | undefined;

export interface ClaimRequest {
  worker: string;
  /** Made by the worker, new for every claim. */
  claimId: string;
  /** Touches at most, 1–1000. */
  limit: number;
  now: Date | null;
}

/** A message whose state a settle changed. */
export interface SettledMessage {
  businessId: string;
  sendLogId: string;
  state: string;
}

/**
 * The reply to a claim's commit was lost. Nothing of it may be handed over; if it was kept, its intents wait for somebody to say that
 * they were not started (rules.md 10).
 */
export class ClaimUnproved extends Error {
  override readonly name = 'ClaimUnproved';
  readonly intents: readonly Intent[];

  constructor(intents: readonly Intent[], cause: unknown) {
    super('Whether the touches were claimed is not known: the reply to the commit was lost.', { cause });
    this.intents = intents;
  }
}

/** Tells a worker that work may have become due. Only a hint: whoever hears none looks again in time. */
export interface DueHints {
  /** Calls `onHint` for every hint until the signal is aborted; then it resolves. Never rejects. */
  listen(onHint: () => void, signal: AbortSignal): Promise<void>;
}

/** The database as the engine sees it. Every call is one transaction, and resolves only when its commit is known. */
export interface EngineStore extends EvidenceStore, HomeStore {
  /** @throws ClaimUnproved */
  claim(request: ClaimRequest): Promise<Intent[]>;
  settle(claimId: string, outcomes: readonly AttemptOutcome[], now: Date | null): Promise<SettledMessage[]>;
  /**
   * Settles and claims the next batch in one transaction.
   * @throws ClaimUnproved
   */
  settleAndClaim(
    claimId: string,
    outcomes: readonly AttemptOutcome[],
    next: ClaimRequest,
  ): Promise<{ settled: SettledMessage[]; intents: Intent[] }>;
  /** Decides completed jobs that wait for it; answers how many. */
  enrollWaiting(limit: number, now: Date | null): Promise<number>;
  /** Brings home what workers left open; answers how many intents moved. */
  reconcile(limit: number, now: Date | null): Promise<number>;
  /** Corrects lanes that lag; answers how many. */
  sweep(now: Date | null): Promise<number>;
  /** Clears out short-lived rows that mean nothing any more, a step of them once an hour; answers how many. */
  clearOut(limit: number, now: Date | null): Promise<number>;
  /** Adds counts of what was settled to the daily ones; answers how many rows it took. */
  foldCounts(limit: number): Promise<number>;
  /** Lets the planner see how tables have grown, where the server has not counted them itself. */
  refreshStatistics(): Promise<void>;
  /** Milliseconds until the next work is due, 0 when some is due already, null when there is none. */
  msUntilNextDue(now: Date | null): Promise<number | null>;
}
