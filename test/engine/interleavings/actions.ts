// The functions that meet, and what each locks, in order.
import { randomUUID } from 'node:crypto';
import type { Rows, Scene } from './scene.ts';
import type { Statement } from './session.ts';

export interface Action {
  name: string;
  role?: 'service_role';
  /** Rows it waits for when somebody holds them. */
  waitsFor: readonly Rows[];
  /** Rows it passes by when somebody holds them. */
  passes: readonly Rows[];
  /** What the same transaction has done before. */
  before?(scene: Scene): Statement;
  statement(scene: Scene): Statement | Promise<Statement>;
}

/** A call of a function with the business first and the moment last. */
function call(scene: Scene, name: string, ...values: unknown[]): Statement {
  const places = values.map((_, index) => `$${index + 2}`);
  const args = ['$1', ...places, `p_now => $${values.length + 2}`].join(', ');
  return {
    text: `select touchline.${name}(${args}) as answer`,
    values: [scene.business.id, ...values, scene.world.now],
  };
}

const settledRows = ['the enrollment', 'the queue row', 'the message'] as const;
const stoppedRows = ['the enrollment', 'the queue row', 'the refused message'] as const;
const laneRows = ['the email lane', 'the sms lane', 'the campaign'] as const;

/** A claim of so many touches, from at most as many lanes. */
export function claimOf(limit: number): Action {
  return {
    name: 'claim',
    waitsFor: [],
    passes: ['the email lane', 'the sender', 'the queue row', 'the enrollment', 'the customer', 'the refused message'],
    statement: ({ claimId, world }) => ({
      text: 'select * from touchline.claim_due_touches($1, $2, $3, $4)',
      values: ['claimer', claimId, limit, world.now],
    }),
  };
}

/** Another worker's claim. */
export function rivalClaimOf(limit: number): Action {
  return {
    ...claimOf(limit),
    name: 'other claim',
    statement: ({ world }) => ({
      text: 'select * from touchline.claim_due_touches($1, $2, $3, $4)',
      values: ['rival', randomUUID(), limit, world.now],
    }),
  };
}

export const claim = claimOf(10);

/** A worker says the same of all messages that are open, in the order opposite to that of locks. */
export function settle(
  outcome: 'accepted' | 'rejected' | 'retry' | 'ambiguous' | 'not_started',
  name = 'settle',
): Action {
  return {
    name: `${name} (${outcome})`,
    waitsFor: settledRows,
    passes: ['the email lane'],
    statement: async (scene) => {
      const messages = await scene.open();
      if (outcome === 'accepted') await scene.accept(messages);
      const outcomes = messages.map(({ business_id, id, attempt }) => ({
        business_id,
        send_log_id: id,
        attempt,
        outcome,
      }));
      return {
        text: 'select * from touchline.settle_touches($1, $2, $3)',
        values: [messages[0]?.claim_id, JSON.stringify(outcomes), scene.world.now],
      };
    },
  };
}

export const reconcile: Action = {
  name: 'reconcile',
  waitsFor: settledRows,
  passes: ['the claim', 'the email lane'],
  statement: ({ world }) => ({ text: 'select touchline.reconcile_touches(100, $1) as answer', values: [world.now] }),
};

export const stop: Action = {
  name: 'stop',
  waitsFor: stoppedRows,
  passes: [],
  statement: (scene) => call(scene, 'stop_enrollment', scene.person(1).enrollmentId, 'owner_stopped'),
};

export const optOut: Action = {
  name: 'opt-out',
  // The suppression is written after the event, which has its place in the order of intents by then.
  waitsFor: ['the customer', 'the suppression', ...stoppedRows],
  passes: [],
  statement: (scene) => call(scene, 'record_opt_out', 'email', scene.person(1).email, '{}'),
};

/** The same opt-out as a provider reports it, again when it was not answered. */
export function reportedOptOut(name: string): Action {
  const details = { source: 'provider', source_event_id: 'event-1' };
  return {
    ...optOut,
    name,
    statement: (scene) => call(scene, 'record_opt_out', 'email', scene.person(1).email, details),
  };
}

export const reply: Action = {
  name: 'reply',
  waitsFor: ['the customer', ...stoppedRows],
  passes: [],
  statement: (scene) => call(scene, 'record_customer_event', scene.person(1).customerId, 'replied'),
};

export const erase: Action = {
  name: 'erase',
  waitsFor: ['the customer', ...stoppedRows, 'the message', 'the suppression'],
  passes: [],
  statement: (scene) => call(scene, 'erase_customer', scene.person(1).customerId),
};

export const pause: Action = {
  name: 'pause',
  waitsFor: [...laneRows, 'the queue row'],
  passes: [],
  statement: (scene) => call(scene, 'pause_campaign', scene.business.campaign, null),
};

export const resume: Action = {
  name: 'resume',
  waitsFor: [...laneRows, 'the enrollment', 'the queue row'],
  passes: [],
  statement: (scene) => call(scene, 'resume_campaign', scene.business.campaign),
};

export const archive: Action = {
  name: 'archive',
  waitsFor: [...laneRows, ...stoppedRows],
  passes: [],
  statement: (scene) => call(scene, 'archive_campaign', scene.business.campaign),
};

export const suspend: Action = {
  name: 'suspend',
  role: 'service_role',
  waitsFor: ['the email lane', 'the sms lane', 'the business', 'the queue row'],
  passes: [],
  statement: (scene) => call(scene, 'suspend_business', 'unpaid'),
};

export const publish: Action = {
  name: 'publish',
  waitsFor: [...laneRows, 'the draft'],
  passes: [],
  statement: (scene) => call(scene, 'publish_campaign', scene.business.campaign),
};

/** Decides the n-th job that nobody has decided. */
export function enroll(n = 1): Action {
  return {
    name: n === 1 ? 'enroll' : `enroll job ${n}`,
    waitsFor: ['the customer', 'the job', ...stoppedRows],
    passes: ['the email lane'],
    statement: (scene) => call(scene, 'enroll_job', scene.jobs[n - 1]),
  };
}

/** The business gets the settings that its touches wait for. */
export const giveSettings: Action = {
  name: 'settings',
  waitsFor: ['the business', 'the first queue row', 'the second queue row'],
  passes: [],
  statement: ({ business }) => ({
    text: 'select touchline.set_business($1, $2) as answer',
    values: [
      business.id,
      { postal_address: '1 Main Street, Springfield', review_url: 'https://reviews.test/brightwater' },
    ],
  }),
};

/** An application writes a job, and completes it in the same transaction. */
export const complete: Action = {
  name: 'complete',
  role: 'service_role',
  waitsFor: ['the customer'],
  passes: ['the email lane'],
  before: (scene) => ({
    text: 'insert into touchline.jobs (business_id, customer_id, external_id) values ($1, $2, $3)',
    values: [scene.business.id, scene.person(1).customerId, 'job-2'],
  }),
  statement: (scene) =>
    call(
      scene,
      'complete_job',
      { external_id: 'job-2', completed_at: scene.world.now },
      { id: scene.person(1).customerId },
    ),
};

/** All undecided jobs at once, in the order opposite to that of locks. */
export const enrollAll: Action = {
  name: 'enroll all',
  waitsFor: ['the first customer', 'the second customer', 'the job'],
  passes: ['the email lane'],
  statement: (scene) => call(scene, 'enroll_completed', scene.jobs.toReversed(), null),
};

/** Concerns two people: the function waits for either. */
export function ofTwo(action: Action): Action {
  const both = (rows: Rows): Rows[] => {
    const [, noun] = /^the (customer|enrollment|queue row|message)$/.exec(rows) ?? [];
    return noun === undefined ? [rows] : ([`the first ${noun}`, `the second ${noun}`] as Rows[]);
  };
  return { ...action, waitsFor: action.waitsFor.flatMap(both), passes: action.passes.flatMap(both) };
}
