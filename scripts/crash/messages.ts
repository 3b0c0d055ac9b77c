// What the campaign and its worker processes say to each other.
import type { Arming, Fault, Provider } from './points.ts';
import type { VirtualTime } from './virtual-time.ts';

/** How a worker process is started: one JSON argument. */
export interface WorkerOrders {
  name: string;
  databaseUrl: string;
  time: VirtualTime;
  /** What was jumped over stands there. */
  offsetFile: string;
  providers: { smtpPort: number; resendUrl: string; twilioUrl: string };
  /** Where callbacks are heard. */
  callbackBase: string;
}

export type ToWorker =
  /** The time of all has jumped; a clock that was moved by itself goes like the others again. */
  | { kind: 'jump' }
  | { kind: 'skew'; byMs: number }
  /** Claims nothing from here on, and goes on with the rest. */
  | { kind: 'drain' }
  | { kind: 'end' }
  | { kind: 'go_on' }
  | { kind: 'arm'; armings: Arming[] };

export type FromWorker =
  | { kind: 'ready' }
  /** The armed point was reached; before a `kill` or `freeze` the worker says so and does it itself. */
  | { kind: 'reached'; name: string; fault: Fault }
  | { kind: 'error'; words: string };

/** How a provider process is started: one JSON argument. */
export interface ProviderOrders {
  provider: Provider;
  log: string;
  seed: number;
  time: VirtualTime;
  /** What was jumped over stands there. */
  offsetFile: string;
  /** What a slow answer takes, in milliseconds. */
  slowMs: number;
  /** How long a request may take to arrive. */
  requestTimeoutMs: number;
}

/** What a provider is asked: whether a message is in its hands. */
export interface ToProvider {
  kind: 'in_hand';
}

export type FromProvider =
  | { kind: 'ready'; url: string }
  /** So many requests have arrived whole and have no answer. */
  | { kind: 'in_hand'; requests: number };
