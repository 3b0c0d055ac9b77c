// Every metric that a process of Touchline tells, and nothing besides: docs/metrics.md is this list with what to make of it.

interface Metric {
  name: string;
  type: 'counter' | 'gauge' | 'histogram';
  help: string;
  labels?: readonly string[];
  /** Upper bounds of a histogram, in seconds. */
  buckets?: readonly number[];
}

// A commit takes milliseconds, an outcome waits 250 ms for company, and beyond ten seconds only the order of magnitude matters.
const seconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60] as const;

export const metrics = {
  build: {
    name: 'touchline_build_info',
    type: 'gauge',
    help: 'Always 1; the version is a label.',
    labels: ['version'],
  },
  databaseUp: {
    name: 'touchline_database_up',
    type: 'gauge',
    help: 'Whether this process could read the state of the queue for this answer, 1 or 0; at 0 what comes from the database is left out.',
  },
  safeMode: {
    name: 'touchline_safe_mode',
    type: 'gauge',
    help: 'Whether nothing is sent from this database until somebody has looked, 1 or 0.',
  },
  lag: {
    name: 'touchline_queue_lag_seconds',
    type: 'gauge',
    help: 'Seconds for which the touch that waits longest has been due although its lane may send; 0: none is.',
  },
  dueUnclaimed: {
    name: 'touchline_due_unclaimed_seconds',
    type: 'gauge',
    help: 'Seconds for which a lane that may send has had something due without any claim of it; 0: none has, or safe mode.',
  },
  dueLanes: {
    name: 'touchline_due_lanes',
    type: 'gauge',
    help: 'Lanes (business and channel) that have something due, whether or not they may send.',
  },
  blockedLanes: {
    name: 'touchline_blocked_lanes',
    type: 'gauge',
    help: 'Lanes that are left out because a claim of theirs failed.',
  },
  backlog: {
    name: 'touchline_backlog_touches',
    type: 'gauge',
    help: 'Touches that are due and not claimed, by business: the 20 longest, and "other" for all the rest.',
    labels: ['business'],
  },
  backlogCapped: {
    name: 'touchline_backlog_capped',
    type: 'gauge',
    help: 'Whether more is due than touchline_backlog_touches counts (10,000 per lane, of 1,000 lanes, 100,000 in all), 1 or 0.',
  },
  unproved: {
    name: 'touchline_unproved_touches',
    type: 'gauge',
    help: 'Touches whose outcome nobody knows: unknown (evidence or the policy decides) or held (a person does); 100,000 at most.',
    labels: ['state'],
  },
  pausedAccounts: {
    name: 'touchline_paused_accounts',
    type: 'gauge',
    help: 'Sender accounts in use that are paused.',
    labels: ['channel', 'kind'],
  },
  claims: {
    name: 'touchline_claims_total',
    type: 'counter',
    help: 'Claims of this process: with touches, with nothing, failed, or unproved (the reply to the commit was lost).',
    labels: ['result'],
  },
  claimedTouches: {
    name: 'touchline_claimed_touches_total',
    type: 'counter',
    help: 'Touches that this process claimed.',
    labels: ['channel'],
  },
  claimLatency: {
    name: 'touchline_claim_latency_seconds',
    type: 'histogram',
    help: 'Seconds from asking for a claim to its known commit; the settle that rides along is in it.',
    buckets: seconds,
  },
  attempts: {
    name: 'touchline_attempts_total',
    type: 'counter',
    help: 'Attempts of this process to hand a message over that ended, by kind of sender account and outcome class.',
    labels: ['sender', 'channel', 'outcome'],
  },
  settleLatency: {
    name: 'touchline_settle_latency_seconds',
    type: 'histogram',
    help: 'Seconds from knowing what became of an attempt to the commit that records it.',
    buckets: seconds,
  },
  failedSettles: {
    name: 'touchline_failed_settles_total',
    type: 'counter',
    help: 'Settles that failed; their outcomes are kept and settled later.',
  },
  slots: {
    name: 'touchline_worker_slots',
    type: 'gauge',
    help: 'Send slots of the worker in this process; 0: it has none.',
  },
  slotsUsed: {
    name: 'touchline_worker_slots_used',
    type: 'gauge',
    help: 'Send slots in which a message is being handed over.',
  },
  connections: {
    name: 'touchline_pool_connections',
    type: 'gauge',
    help: 'Open database connections of this process, by pool.',
    labels: ['pool'],
  },
  idleConnections: {
    name: 'touchline_pool_idle_connections',
    type: 'gauge',
    help: 'Open database connections that nobody uses at this moment, by pool.',
    labels: ['pool'],
  },
  waiting: {
    name: 'touchline_pool_waiting',
    type: 'gauge',
    help: 'Callers that wait for a database connection, by pool.',
    labels: ['pool'],
  },
  memory: { name: 'process_resident_memory_bytes', type: 'gauge', help: 'Memory of this process, in bytes.' },
  processor: {
    name: 'process_cpu_seconds_total',
    type: 'counter',
    help: 'Processor time of this process, user and system, in seconds.',
  },
  started: {
    name: 'process_start_time_seconds',
    type: 'gauge',
    help: 'When this process started, in seconds since 1970.',
  },
} as const satisfies Record<string, Metric>;
