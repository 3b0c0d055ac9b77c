// How the whole queue stands, for whoever watches over it: told by any process that reaches the database, also when no worker lives.
import type { Channel } from '../generated/rows.ts';

/** The due and unclaimed touches of a business. */
interface Backlog {
  businessId: string;
  touches: number;
}

/** Accounts in use that are paused. */
interface PausedAccounts {
  channel: Channel;
  kind: string;
  accounts: number;
}

export interface QueueState {
  /** Whether nothing may be sent from this database until somebody has looked. */
  isSafeMode: boolean;
  /** How long the touch that waits longest has waited although its lane may send, in seconds; 0: none does. */
  lagSeconds: number;
  /** How long a lane that may send has had something due without any claim of it, in seconds; 0 in safe mode, where none is made. */
  dueUnclaimedSeconds: number;
  /** Lanes that have something due, whether or not they may send. */
  dueLanes: number;
  /** Lanes that are left out because a claim of theirs failed. */
  blockedLanes: number;
  /** Those that are longest, longest first; businesses with nothing due are left out. */
  backlogs: readonly Backlog[];
  /** The touches of all other businesses together. */
  otherBacklog: number;
  /** Whether more is due than is counted. */
  isBacklogCapped: boolean;
  /** Touches whose outcome nobody knows, and that evidence or the policy decides. */
  unknown: number;
  /** Touches whose outcome nobody knows, and that a person decides. */
  held: number;
  pausedAccounts: readonly PausedAccounts[];
}
