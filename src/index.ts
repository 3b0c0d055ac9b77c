// The front door of the library: the engine, rows and their unions, errors, migrating. It wires and holds no logic.
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type pg from 'pg';
import { stopEnrollment } from './db/call/enrollments.ts';
import { type CustomerFields, completeJob, type JobAnswer, type JobFields } from './db/call/jobs.ts';
import { withRole } from './db/client.ts';
import { inTransactionOf } from './db/engine/borrowed.ts';
import { engineStore } from './db/engine/store.ts';
import { type Clock, systemClock } from './engine/clock.ts';
import type { MessageLinks } from './engine/compose.ts';
import type { Senders } from './engine/ports.ts';
import { type TickOptions, type TickReport, tick } from './engine/tick.ts';
import type { StopReason } from './generated/rows.ts';

export type { CustomerFields, JobAnswer, JobFields, PlannedTouch } from './db/call/jobs.ts';
export { CommitFailed } from './db/client.ts';
export { NoTransaction } from './db/engine/borrowed.ts';

export {
  type InstallationStatus,
  MigrateFailed,
  type MigrateOptions,
  MigrateRefused,
  type MigrateReport,
  migrate,
  migrationStatus,
} from './db/migrate/index.ts';
export { type Clock, clockAt, systemClock } from './engine/clock.ts';
export type { MessageLinks } from './engine/compose.ts';
export type { Intent, Message, Outcome, OutcomeKind, Sender, Senders } from './engine/ports.ts';
export type { TickOptions, TickReport } from './engine/tick.ts';
export { type ErrorCode, type ErrorRow, errorTable, type Problem, problemOf, TouchlineError } from './errors.ts';
export {
  type ActorKind,
  type ApiKey,
  type ApiScope,
  type AttemptOutcome,
  type AuditLog,
  actorKinds,
  apiScopes,
  attemptOutcomes,
  type Business,
  type BusinessDispatch,
  type BusinessMember,
  type BusinessStatus,
  businessStatuses,
  type Campaign,
  type CampaignChoice,
  type CampaignEnrollment,
  type CampaignStatus,
  type CampaignTouch,
  type CampaignVersion,
  type Channel,
  type ConsentEvent,
  type ConsentForm,
  type ConsentKind,
  type ConsentMethod,
  type ConsentScope,
  type ConsentSource,
  type ConsentStatus,
  type Customer,
  type CustomerStatus,
  campaignChoices,
  campaignStatuses,
  channels,
  consentForms,
  consentKinds,
  consentMethods,
  consentScopes,
  consentSources,
  consentStatuses,
  customerStatuses,
  type DailyStat,
  type DailyStatsChange,
  type DailyStatsChangeMeasure,
  dailyStatsChangeMeasures,
  type EnrollmentStatus,
  type EvidenceCheck,
  enrollmentStatuses,
  type IdempotencyKey,
  type Job,
  type JobDecision,
  type JobDecisionReason,
  type JobSource,
  type JobStatus,
  jobDecisionReasons,
  jobDecisions,
  jobSources,
  jobStatuses,
  type LaneClaim,
  type Link,
  type LinkPurpose,
  linkPurposes,
  type MailboxMessage,
  type MemberRole,
  type MessageEvent,
  type MessageEventKind,
  type MessageTemplate,
  type Moment,
  memberRoles,
  messageEventKinds,
  type OptOutPolicy,
  type OverlapPolicy,
  optOutPolicies,
  overlapPolicies,
  type ReviewFeedback,
  type SendAttempt,
  type SenderAccount,
  type SenderAccountKind,
  type SenderAccountStatus,
  type SendingPolicy,
  type SendingWindow,
  type SendLog,
  type SendLogState,
  type SendLogStatus,
  type ServiceType,
  type StopReason,
  type Suppression,
  type SuppressionReason,
  senderAccountKinds,
  senderAccountStatuses,
  sendLogStates,
  sendLogStatuses,
  serviceTypes,
  stopReasons,
  suppressionReasons,
  type TemplatePurpose,
  type TemplateVersion,
  type TimeZone,
  type TimeZoneSource,
  type TouchBlock,
  type TouchQueue,
  type TouchStatus,
  templatePurposes,
  timeZoneSources,
  touchBlocks,
  touchStatuses,
  type UnknownPolicy,
  unknownPolicies,
  type VersionState,
  versionStates,
  type WebhookEndpoint,
  type WebhookEndpointStatus,
  type WebhookInbox,
  webhookEndpointStatuses,
} from './generated/rows.ts';

const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string };

/** The version of this package. */
export const version: string = manifest.version;

export interface EngineOptions {
  /** Connections as a user who may become touchline_worker: the owner of the schema, or one that was granted the role. */
  pool: pg.Pool;
  /** Who hands over for an account. */
  senders: Senders;
  /** Makes the links of a message. */
  links: MessageLinks;
  /** Shown on attempts. Default: a random name. */
  worker?: string;
  /** Default: the database's own time. */
  clock?: Clock;
}

export interface CompletedJob {
  businessId: string;
  job: JobFields;
  /** Null for a job that is known. */
  customer: CustomerFields | null;
}

export interface Stop {
  businessId: string;
  enrollmentId: string;
  reason: StopReason;
}

/** With `client`, the work is part of the transaction that is open there. */
export interface CallOptions {
  client?: pg.ClientBase;
}

export interface Touchline {
  /** Reports a completed job; who qualifies is enrolled at once. Reporting it again answers the same. */
  completeJob(completed: CompletedJob, options?: CallOptions): Promise<JobAnswer>;
  /** Ends an enrollment; false when it was over already. */
  stop(stop: Stop, options?: CallOptions): Promise<boolean>;
  /** One pass: decides, reconciles, sends what is due. Always on connections of its own, as it sends what it claimed. */
  tick(options?: TickOptions): Promise<TickReport>;
}

/**
 * The engine inside an application.
 * @example
 * const touchline = createEngine({ pool, senders: () => mySender, links: { unsubscribe: ({ sendLogId }) => `${base}/u/${sendLogId}` } });
 * await touchline.completeJob({ businessId, job: { external_id: '4711' }, customer: { external_id: 'c-1', email: 'ann@example.com' } });
 * setInterval(() => touchline.tick(), 60_000);
 */
export function createEngine({ pool, senders, links, worker, clock = systemClock }: EngineOptions): Touchline {
  const engine = { store: engineStore(pool), senders, links, clock, worker: worker ?? `embedded:${randomUUID()}` };
  const within = <T>(options: CallOptions | undefined, work: (client: pg.ClientBase) => Promise<T>): Promise<T> =>
    options?.client === undefined
      ? withRole(pool, { role: 'touchline_worker' }, work)
      : inTransactionOf(options.client, work);
  return {
    completeJob: ({ businessId, job, customer }, options) =>
      within(options, (client) => completeJob(client, businessId, job, customer, clock.now())),
    stop: ({ businessId, enrollmentId, reason }, options) =>
      within(options, (client) => stopEnrollment(client, businessId, enrollmentId, reason, clock.now())),
    tick: (options) => tick(engine, options),
  };
}
