// What the engine needs of the database to resolve outcomes that nobody knows.
import type { Intent, OutcomeKind, SettledMessage } from './ports.ts';

/** A message of unknown outcome, handed to one worker to look for evidence. */
export interface UnknownIntent extends Intent {
  firstAttemptAt: Date;
  /** The last attempt's deadline and its time from first byte to giving up have passed then. */
  attemptsOverAt: Date;
  /** The provider has had its grace since then: what it does not list by now never arrived. */
  isOver: boolean;
}

/**
 * What looking brought: `accepted`; `absent`: it never arrived; `unknown`: look again later; `none`: no evidence will come, so that
 * the business's policy decides at the horizon.
 */
export interface Finding {
  businessId: string;
  sendLogId: string;
  attempt: number;
  kind: 'accepted' | 'absent' | 'unknown' | 'none';
  provider?: string;
  providerId?: string;
  errorCode?: string;
  errorMessage?: string;
  /** What a replay was answered; absent: nothing was submitted. */
  replay?: OutcomeKind;
  retryAfterSeconds?: number;
}

interface ReplayRequest {
  worker: string;
  /** New for every call. */
  claimId: string;
  messages: readonly { businessId: string; sendLogId: string }[];
  /** From the first attempt on, the provider recognises its key for so long. */
  withinHours: number;
  now: Date | null;
}

/** A replay that is written down and may be submitted, once. */
interface BegunReplay {
  sendLogId: string;
  attempt: number;
}

/** Every call is one transaction, and resolves only when its commit is known. */
export interface EvidenceStore {
  /** Messages for which it is time to look, each for one worker. */
  claimUnknowns(limit: number, now: Date | null): Promise<UnknownIntent[]>;
  /** Writes down attempts before they are made; answers those that every guard of a claim still allows. */
  beginReplays(request: ReplayRequest): Promise<BegunReplay[]>;
  settleEvidence(findings: readonly Finding[], now: Date | null): Promise<SettledMessage[]>;
}
