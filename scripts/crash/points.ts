// The crash points of delivery.md by name. A worker process of the crash campaign is armed with one of them: when it passes the
// point for the n-th time, the fault happens there. The product knows nothing of them: they sit in what the campaign wraps
// around its connections, senders and sockets.

/** Where a fault can happen, in the order of one touch. */
const crashPoints = [
  'before_claim_commit',
  'claim_reply_lost',
  'before_fence',
  'before_first_byte',
  'partly_written',
  'response_not_received',
  'before_settle',
  'before_settle_commit',
  'settle_reply_lost',
  'after_settle',
  'before_evidence_written',
] as const;
export type CrashPoint = (typeof crashPoints)[number];

/** `kill`: SIGKILL; `freeze`: SIGSTOP for longer than the horizon; `crash_database`: stop in immediate mode; `cut`: the
 * connection to the database breaks. */
const faults = ['kill', 'freeze', 'crash_database', 'cut'] as const;
export type Fault = (typeof faults)[number];

/** Providers whose protocols differ in what can be proved afterwards. */
export const providers = ['smtp', 'resend', 'twilio'] as const;
export type Provider = (typeof providers)[number];

export interface Arming {
  point: CrashPoint;
  fault: Fault;
  /** Whose message must be on its way; undefined: a point between the worker and the database. */
  provider?: Provider;
  /** How many times the point is passed before. */
  after: number;
}

const atDatabase: ReadonlySet<CrashPoint> = new Set([
  'before_claim_commit',
  'claim_reply_lost',
  'before_fence',
  'before_settle_commit',
  'settle_reply_lost',
  'after_settle',
]);

/** Where a connection to the database can break with an effect of its own. */
const canCut: ReadonlySet<CrashPoint> = new Set([
  'before_claim_commit',
  'claim_reply_lost',
  'before_settle_commit',
  'settle_reply_lost',
]);

/** Evidence is asked of providers that have some. */
const providersAt = (point: CrashPoint): readonly (Provider | undefined)[] => {
  if (atDatabase.has(point)) return [undefined];
  return point === 'before_evidence_written' ? ['resend', 'twilio'] : providers;
};

/** Every combination that means something: each is met at least once by a campaign. */
export const armings: readonly Omit<Arming, 'after'>[] = crashPoints.flatMap((point) =>
  faults
    .filter((fault) => fault !== 'cut' || canCut.has(point))
    .flatMap((fault) =>
      providersAt(point).map((provider) => (provider === undefined ? { point, fault } : { point, fault, provider })),
    ),
);

/** The name by which an arming is counted. */
export const nameOf = ({ point, fault, provider }: Omit<Arming, 'after'>): string =>
  [point, fault, ...(provider === undefined ? [] : [provider])].join(' ');
