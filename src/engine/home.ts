// What the home page needs of the database, for one person who is signed in. Every call is one transaction in their name: row level
// security decides what they see, and the functions what they may do. Ids that are unknown or another's answer undefined, or
// throw TouchlineError `not_found`.
import type {
  Channel,
  EnrollmentStatus,
  JobDecision,
  JobDecisionReason,
  StopReason,
  TouchStatus,
} from '../generated/rows.ts';

/** A page of a list, newest first; `nextCursor` is opaque and null on the last page. */
export interface Page<Row> {
  rows: Row[];
  nextCursor: string | null;
}

export interface BusinessSummary {
  id: string;
  name: string;
  /** IANA name; the zone in which its lists show moments. */
  timeZone: string;
  /** Two letters: where phone numbers without a country are from. */
  country: string;
  status: 'active' | 'suspended';
}

/** People are counted so far; a number beyond it stands for that many or more. */
export const mostCounted = 10_000;

/** `active`, `completed`, `stopped` and `parked` are people, counted up to `mostCounted` + 1. */
export interface CampaignSummary {
  id: string;
  name: string;
  /** Null: all services. */
  serviceType: string | null;
  status: 'draft' | 'active' | 'paused' | 'archived';
  touches: number;
  active: number;
  completed: number;
  stopped: number;
  /** Of the active ones: how many wait for something other than time. */
  parked: number;
  /** Messages accepted so far. */
  sent: number;
  /** The earliest moment at which one of its touches may leave; null when none waits. */
  nextDueAt: Date | null;
  pausedAt: Date | null;
}

/** Results are those of so many days of the business, today among them. */
export const lately = 30;

/** What became of the messages of one touch lately, each counted on the day on which it was sent or settled. */
export interface TouchResults {
  number: number;
  channel: Channel;
  sent: number;
  delivered: number;
  opened: number;
  clicked: number;
  bounced: number;
  complained: number;
  failed: number;
  skipped: number;
}

export interface PersonSummary {
  enrollmentId: string;
  customerId: string;
  name: string;
  status: EnrollmentStatus;
  stopReason: StopReason | null;
  currentTouch: number;
  touches: { number: number; channel: Channel; status: TouchStatus }[];
  enrolledAt: Date;
  /** When the next touch may leave; null when nothing waits or it is parked. */
  nextDueAt: Date | null;
  /** Why the next touch waits for something other than time. */
  blockedBy: string | null;
}

/** A moment of a person's way, past or planned, in the order in which they happen. */
export interface TimelineMoment {
  at: Date;
  /** `planned`: at is the plan; `deferred`: at is the moment it is or was deferred to; `parked`: waits for something other than time. */
  kind:
    | 'job_completed'
    | 'enrolled'
    | 'planned'
    | 'deferred'
    | 'parked'
    | 'sending'
    | 'sent'
    | 'presumed_sent'
    | 'unknown'
    | 'held'
    | 'failed'
    | 'skipped'
    | 'cancelled'
    | 'opted_out'
    | 'reviewed'
    | 'replied'
    | 'stopped'
    | 'completed';
  touchNumber: number | null;
  channel: Channel | null;
  /** A code, like `quiet_hours`, `min_gap`, `no_consent`, `opted_out_sms`; null where there is nothing to explain. */
  reason: string | null;
  /** Words of a provider, or of whoever did it; null where there are none. */
  detail: string | null;
  /** True where it has not happened yet. */
  isAhead: boolean;
  /** The message, where the built-in mailbox keeps it. */
  mailboxId: string | null;
}

export interface Timeline {
  enrollmentId: string;
  campaignId: string;
  campaignName: string;
  customer: { id: string; name: string; email: string | null; phone: string | null };
  job: { id: string; externalId: string | null; serviceType: string; completedAt: Date };
  status: EnrollmentStatus;
  stopReason: StopReason | null;
  /** The zone in which the customer lives as far as known: theirs, else the business's. IANA name. */
  timeZone: string;
  /** Where that zone comes from; `business` where nothing is known of theirs. */
  timeZoneSource: string;
  moments: TimelineMoment[];
}

export interface MailboxSummary {
  /** `<send log id>.<attempt>`. */
  id: string;
  channel: Channel;
  recipient: string;
  subject: string | null;
  /** The first 120 characters of the text. */
  preview: string;
  acceptedAt: Date;
  enrollmentId: string | null;
}

export interface MailboxMessageView extends MailboxSummary {
  fromName: string | null;
  text: string;
  /** Null for SMS. */
  html: string | null;
}

export interface JobForm {
  externalId: string;
  serviceType: string;
  completedAt: Date | null;
  customer: { name: string; email: string | null; phone: string | null; smsConsent: boolean };
}

export interface JobResult {
  decision: JobDecision | null;
  reason: JobDecisionReason | null;
  enrollmentId: string | null;
}

export interface HomePort {
  businesses(): Promise<BusinessSummary[]>;
  campaigns(businessId: string): Promise<CampaignSummary[]>;
  results(businessId: string, campaignId: string): Promise<TouchResults[]>;
  people(
    businessId: string,
    campaignId: string,
    options: { status: EnrollmentStatus | null; cursor: string | null },
  ): Promise<Page<PersonSummary>>;
  timeline(businessId: string, enrollmentId: string): Promise<Timeline | undefined>;
  mailbox(businessId: string, options: { cursor: string | null }): Promise<Page<MailboxSummary>>;
  mailboxMessage(businessId: string, id: string): Promise<MailboxMessageView | undefined>;
  completeJob(businessId: string, job: JobForm): Promise<JobResult>;
  pause(businessId: string, campaignId: string): Promise<void>;
  resume(businessId: string, campaignId: string): Promise<void>;
  /** Ends an enrollment for the owner; false when it was over already. */
  stop(businessId: string, enrollmentId: string): Promise<boolean>;
}
