// The rows of every table and the values their CHECKs allow. Written by `npm run gen` from the catalog; do not edit.

/** An instant, or Infinity or -Infinity where the column may say `infinity`. */
export type Moment = Date | number;

export const actorKinds = ['member', 'api_key', 'operator', 'worker', 'customer'] as const;
export type ActorKind = (typeof actorKinds)[number];

export const apiScopes = ['read', 'write', 'events'] as const;
export type ApiScope = (typeof apiScopes)[number];

export const attemptOutcomes = [
  'accepted',
  'rejected',
  'retry',
  'account_error',
  'rate_limited',
  'ambiguous',
  'not_started',
  'absent',
] as const;
export type AttemptOutcome = (typeof attemptOutcomes)[number];

export const businessStatuses = ['active', 'suspended'] as const;
export type BusinessStatus = (typeof businessStatuses)[number];

export const campaignChoices = ['automatic', 'campaign', 'none'] as const;
export type CampaignChoice = (typeof campaignChoices)[number];

export const campaignStatuses = ['draft', 'active', 'paused', 'archived'] as const;
export type CampaignStatus = (typeof campaignStatuses)[number];

export const channels = ['email', 'sms'] as const;
export type Channel = (typeof channels)[number];

export const consentForms = ['express', 'written'] as const;
export type ConsentForm = (typeof consentForms)[number];

export const consentKinds = ['opt_in', 'opt_out'] as const;
export type ConsentKind = (typeof consentKinds)[number];

export const consentMethods = [
  'verbal_in_person',
  'phone_call',
  'service_agreement',
  'website_form',
  'text_message',
  'email',
  'other',
] as const;
export type ConsentMethod = (typeof consentMethods)[number];

export const consentScopes = ['business', 'all'] as const;
export type ConsentScope = (typeof consentScopes)[number];

export const consentSources = [
  'api',
  'cli',
  'dashboard',
  'import',
  'inbound_sms',
  'inbound_email',
  'unsubscribe_link',
  'provider',
  'complaint',
  'bounce',
] as const;
export type ConsentSource = (typeof consentSources)[number];

export const consentStatuses = ['unknown', 'opted_in', 'opted_out'] as const;
export type ConsentStatus = (typeof consentStatuses)[number];

export const customerStatuses = ['active', 'archived', 'erased'] as const;
export type CustomerStatus = (typeof customerStatuses)[number];

export const dailyStatsChangeMeasures = [
  'sent',
  'presumed_sent',
  'failed',
  'skipped',
  'delivered',
  'opened',
  'clicked',
  'bounced',
  'complained',
] as const;
export type DailyStatsChangeMeasure = (typeof dailyStatsChangeMeasures)[number];

export const enrollmentStatuses = ['active', 'completed', 'stopped'] as const;
export type EnrollmentStatus = (typeof enrollmentStatuses)[number];

export const jobDecisions = ['enrolled', 'queued', 'conflict', 'refused', 'imported'] as const;
export type JobDecision = (typeof jobDecisions)[number];

export const jobDecisionReasons = [
  'already_active',
  'campaign_not_live',
  'campaign_paused',
  'customer_archived',
  'customer_erased',
  'business_suspended',
  'enrolled_recently',
  'job_not_completed',
  'no_campaign',
  'no_reachable_channel',
  'none_chosen',
  'opted_out',
  'reviewed_recently',
  'too_old',
] as const;
export type JobDecisionReason = (typeof jobDecisionReasons)[number];

export const jobSources = ['app', 'api', 'cli', 'import'] as const;
export type JobSource = (typeof jobSources)[number];

export const jobStatuses = ['scheduled', 'completed', 'do_not_send', 'cancelled'] as const;
export type JobStatus = (typeof jobStatuses)[number];

export const linkPurposes = ['review', 'unsubscribe', 'link'] as const;
export type LinkPurpose = (typeof linkPurposes)[number];

export const memberRoles = ['owner', 'manager', 'viewer'] as const;
export type MemberRole = (typeof memberRoles)[number];

export const messageEventKinds = [
  'accepted',
  'delivered',
  'opened',
  'clicked',
  'replied',
  'bounced',
  'complained',
  'failed',
] as const;
export type MessageEventKind = (typeof messageEventKinds)[number];

export const optOutPolicies = ['stop_enrollment', 'continue_other_channel'] as const;
export type OptOutPolicy = (typeof optOutPolicies)[number];

export const overlapPolicies = ['skip', 'replace', 'queue_after', 'ask'] as const;
export type OverlapPolicy = (typeof overlapPolicies)[number];

export const sendLogStates = [
  'sending',
  'retry',
  'unknown',
  'held',
  'sent',
  'presumed_sent',
  'failed',
  'cancelled',
] as const;
export type SendLogState = (typeof sendLogStates)[number];

export const sendLogStatuses = [
  'queued',
  'sent',
  'delivered',
  'opened',
  'clicked',
  'bounced',
  'complained',
  'failed',
] as const;
export type SendLogStatus = (typeof sendLogStatuses)[number];

export const senderAccountKinds = ['server_default', 'smtp', 'resend', 'twilio'] as const;
export type SenderAccountKind = (typeof senderAccountKinds)[number];

export const senderAccountStatuses = ['active', 'paused'] as const;
export type SenderAccountStatus = (typeof senderAccountStatuses)[number];

export const serviceTypes = [
  'hvac',
  'plumbing',
  'electrical',
  'cleaning',
  'roofing',
  'painting',
  'handyman',
  'other',
] as const;
export type ServiceType = (typeof serviceTypes)[number];

export const stopReasons = [
  'review_clicked',
  'feedback_submitted',
  'opted_out_sms',
  'opted_out_email',
  'owner_stopped',
  'campaign_paused',
  'campaign_deleted',
  'repeat_job',
  'replied',
  'booked_again',
  'bounced',
  'complained',
  'customer_erased',
  'business_suspended',
] as const;
export type StopReason = (typeof stopReasons)[number];

export const suppressionReasons = ['opt_out', 'bounced', 'complained', 'customer_erased', 'manual'] as const;
export type SuppressionReason = (typeof suppressionReasons)[number];

export const templatePurposes = ['first', 'reminder', 'last_note', 'other'] as const;
export type TemplatePurpose = (typeof templatePurposes)[number];

export const timeZoneSources = ['explicit', 'address', 'area_code'] as const;
export type TimeZoneSource = (typeof timeZoneSources)[number];

export const touchBlocks = [
  'campaign_paused',
  'business_suspended',
  'account_paused',
  'unknown',
  'held',
  'missing_setting',
] as const;
export type TouchBlock = (typeof touchBlocks)[number];

export const touchStatuses = [
  'pending',
  'sending',
  'unknown',
  'held',
  'sent',
  'presumed_sent',
  'failed',
  'skipped',
  'cancelled',
] as const;
export type TouchStatus = (typeof touchStatuses)[number];

export const unknownPolicies = ['presumed_sent', 'hold', 'resend_once'] as const;
export type UnknownPolicy = (typeof unknownPolicies)[number];

export const versionStates = ['draft', 'live', 'retired'] as const;
export type VersionState = (typeof versionStates)[number];

export const webhookEndpointStatuses = ['active', 'disabled'] as const;
export type WebhookEndpointStatus = (typeof webhookEndpointStatuses)[number];

/** A row of `address_keys`. */
export interface AddressKey {
  only_row: boolean;
  inner_key: Buffer;
  outer_key: Buffer;
}

/** A row of `api_keys`. */
export interface ApiKey {
  business_id: string;
  id: string;
  name: string;
  key_prefix: string;
  last4: string;
  key_hash: Buffer;
  scopes: ApiScope[];
  created_by: string | null;
  created_at: Date;
  last_used_at: Date | null;
  revoked_at: Date | null;
}

/** A row of `audit_log`. */
export interface AuditLog {
  business_id: string;
  id: string;
  actor_kind: ActorKind;
  actor_id: string | null;
  action: string;
  object_kind: string;
  object_id: string | null;
  detail: unknown;
  occurred_at: Date;
}

/** A row of `business_dispatch`. */
export interface BusinessDispatch {
  business_id: string;
  channel: Channel;
  next_due_at: Moment;
  floor_due_at: Moment;
  floor_enrollment_id: string;
  blocked_at: Date | null;
  blocked_reason: string | null;
}

/** A row of `business_members`. */
export interface BusinessMember {
  business_id: string;
  user_id: string;
  role: MemberRole;
  created_at: Date;
  updated_at: Date;
}

/** A row of `businesses`. */
export interface Business {
  id: string;
  user_id: string | null;
  name: string;
  time_zone: string;
  country: string;
  state: string | null;
  postal_address: string | null;
  brand_name: string | null;
  sender_name: string | null;
  contact_phone: string | null;
  contact_email: string | null;
  review_url: string | null;
  service_types: ServiceType[];
  status: BusinessStatus;
  suspended_at: Date | null;
  suspend_reason: string | null;
  created_at: Date;
  updated_at: Date;
}

/** A row of `campaign_enrollments`. */
export interface CampaignEnrollment {
  business_id: string;
  id: string;
  campaign_id: string;
  campaign_version: number;
  job_id: string;
  customer_id: string;
  status: EnrollmentStatus;
  stop_reason: StopReason | null;
  stopped_at: Date | null;
  completed_at: Date | null;
  enrolled_at: Date;
  anchor_at: Date;
  plan_shift: string;
  current_touch: number;
  touch_1_scheduled_at: Date | null;
  touch_1_sent_at: Date | null;
  touch_1_status: TouchStatus | null;
  touch_1_reason: string | null;
  touch_2_scheduled_at: Date | null;
  touch_2_sent_at: Date | null;
  touch_2_status: TouchStatus | null;
  touch_2_reason: string | null;
  touch_3_scheduled_at: Date | null;
  touch_3_sent_at: Date | null;
  touch_3_status: TouchStatus | null;
  touch_3_reason: string | null;
  touch_4_scheduled_at: Date | null;
  touch_4_sent_at: Date | null;
  touch_4_status: TouchStatus | null;
  touch_4_reason: string | null;
  created_at: Date;
  updated_at: Date;
  touch_1_skipped_at: Date | null;
  touch_2_skipped_at: Date | null;
  touch_3_skipped_at: Date | null;
  touch_4_skipped_at: Date | null;
}

/** A row of `campaign_touches`. */
export interface CampaignTouch {
  business_id: string;
  id: string;
  campaign_id: string;
  version: number;
  touch_number: number;
  channel: Channel;
  delay_hours: number;
  template_id: string | null;
  template_version_id: string | null;
  created_at: Date;
  updated_at: Date;
}

/** A row of `campaign_versions`. */
export interface CampaignVersion {
  business_id: string;
  campaign_id: string;
  number: number;
  state: VersionState;
  published_at: Date | null;
  published_by: string | null;
  retired_at: Date | null;
  created_at: Date;
  updated_at: Date;
}

/** A row of `campaigns`. */
export interface Campaign {
  business_id: string;
  id: string;
  name: string;
  description: string | null;
  service_type: ServiceType | null;
  is_preset: boolean;
  preset_key: string | null;
  copied_from_preset: string | null;
  status: CampaignStatus;
  live_version: number | null;
  paused_at: Date | null;
  pause_reason: string | null;
  archived_at: Date | null;
  created_at: Date;
  updated_at: Date;
}

/** A row of `code_files`. */
export interface CodeFile {
  path: string;
  checksum: string;
}

/** A row of `consent_events`. */
export interface ConsentEvent {
  business_id: string;
  id: string;
  customer_id: string | null;
  channel: Channel;
  kind: ConsentKind;
  scope: ConsentScope;
  source: ConsentSource;
  source_event_id: string | null;
  method: ConsentMethod | null;
  consent_form: ConsentForm | null;
  text_shown: string | null;
  notes: string | null;
  ip: string | null;
  address_hash: Buffer;
  recorded_by: string | null;
  occurred_at: Date;
  recorded_at: Date;
  sequence: number;
}

/** A row of `customers`. */
export interface Customer {
  business_id: string;
  id: string;
  external_id: string | null;
  first_name: string | null;
  last_name: string | null;
  email: string | null;
  phone: string | null;
  country: string | null;
  state: string | null;
  time_zone: string | null;
  time_zone_source: TimeZoneSource | null;
  sms_consent_status: ConsentStatus;
  sms_consent_at: Date | null;
  email_consent_status: ConsentStatus;
  email_consent_at: Date | null;
  status: CustomerStatus;
  archived_at: Date | null;
  erased_at: Date | null;
  last_reviewed_at: Date | null;
  tags: string[];
  created_at: Date;
  updated_at: Date;
}

/** A row of `daily_stats`. */
export interface DailyStat {
  business_id: string;
  campaign_id: string;
  touch_number: number;
  channel: Channel;
  day: string;
  sent: number;
  presumed_sent: number;
  failed: number;
  skipped: number;
  delivered: number;
  opened: number;
  clicked: number;
  bounced: number;
  complained: number;
}

/** A row of `daily_stats_changes`. */
export interface DailyStatsChange {
  business_id: string;
  id: string;
  campaign_id: string;
  touch_number: number;
  channel: Channel;
  at: Date;
  measure: DailyStatsChangeMeasure;
  change: number;
}

/** A row of `evidence_checks`. */
export interface EvidenceCheck {
  business_id: string;
  send_log_id: string;
  claim_id: string;
  look_at: Date;
  ends_at: Date;
  tries: number;
  error_code: string | null;
  error_message: string | null;
}

/** A row of `idempotency_keys`. */
export interface IdempotencyKey {
  business_id: string;
  route: string;
  key: string;
  body_hash: Buffer;
  response_status: number | null;
  response_body: unknown;
  created_at: Date;
  finished_at: Date | null;
}

/** A row of `installation`. */
export interface Installation {
  only_row: boolean;
  virtual_clock: boolean;
  build: number;
  code_checksum: string | null;
  created_at: Date;
  horizon_scale: string;
  id: string;
  system_identifier: string | null;
  database_oid: number | null;
  location: string | null;
  timeline: number | null;
  generation: number;
  heartbeat_at: Date | null;
  safe_mode_at: Date | null;
  safe_mode_reason: string | null;
  doubts_since: Date | null;
  pruned_at: Date | null;
  messages_pruned_before: Date | null;
}

/** A row of `jobs`. */
export interface Job {
  business_id: string;
  id: string;
  customer_id: string;
  external_id: string | null;
  service_type: ServiceType;
  title: string | null;
  notes: string | null;
  status: JobStatus;
  scheduled_for: Date | null;
  completed_at: Date | null;
  source: JobSource;
  campaign_choice: CampaignChoice;
  chosen_campaign_id: string | null;
  decision: JobDecision | null;
  decision_reason: JobDecisionReason | null;
  decided_at: Date | null;
  decide_after: Date | null;
  blocked_by_enrollment: string | null;
  created_at: Date;
  updated_at: Date;
}

/** A row of `lane_claims`. */
export interface LaneClaim {
  business_id: string;
  claim_id: string;
  channel: Channel;
  worker: string;
  claimed_at: Date;
  lease_until: Date;
  check_at: Date;
  send_log_ids: string[];
}

/** A row of `links`. */
export interface Link {
  business_id: string;
  id: string;
  token: string;
  purpose: LinkPurpose;
  target_url: string | null;
  customer_id: string | null;
  campaign_enrollment_id: string | null;
  send_log_id: string | null;
  created_at: Date;
}

/** A row of `login_links`. */
export interface LoginLink {
  token_hash: Buffer;
  user_id: string;
  created_at: Date;
  expires_at: Date;
  used_at: Date | null;
}

/** A row of `mailbox_messages`. */
export interface MailboxMessage {
  business_id: string;
  send_log_id: string;
  attempt: number;
  channel: Channel;
  recipient: string;
  from_name: string | null;
  subject: string | null;
  text: string;
  html: string | null;
  accepted_at: Date;
}

/** A row of `message_events`. */
export interface MessageEvent {
  business_id: string;
  id: string;
  send_log_id: string;
  webhook_id: string | null;
  kind: MessageEventKind;
  rank: number;
  is_automatic: boolean;
  detail: unknown;
  occurred_at: Date;
  created_at: Date;
}

/** A row of `message_templates`. */
export interface MessageTemplate {
  business_id: string;
  id: string;
  name: string;
  channel: Channel;
  service_type: ServiceType | null;
  purpose: TemplatePurpose;
  subject: string | null;
  body: string;
  created_at: Date;
  updated_at: Date;
}

/** A row of `reviews_feedback`. */
export interface ReviewFeedback {
  business_id: string;
  id: string;
  customer_id: string | null;
  campaign_enrollment_id: string | null;
  send_log_id: string | null;
  rating: number | null;
  comment: string | null;
  received_at: Date;
  resolved_at: Date | null;
  resolved_by: string | null;
  internal_notes: string | null;
  created_at: Date;
  updated_at: Date;
}

/** A row of `send_attempts`. */
export interface SendAttempt {
  business_id: string;
  send_log_id: string;
  attempt: number;
  claim_id: string;
  worker: string;
  started_at: Date;
  deadline_at: Date;
  finished_at: Date | null;
  outcome: AttemptOutcome | null;
  provider_id: string | null;
  error_code: string | null;
  error_message: string | null;
  is_replay: boolean;
  is_assumed: boolean;
}

/** A row of `send_logs`. */
export interface SendLog {
  business_id: string;
  id: string;
  customer_id: string | null;
  recipient: string | null;
  subject: string | null;
  status: SendLogStatus;
  provider: string | null;
  provider_id: string | null;
  error_code: string | null;
  error_message: string | null;
  sent_at: Date | null;
  created_at: Date;
  campaign_id: string | null;
  campaign_enrollment_id: string | null;
  touch_number: number | null;
  channel: Channel;
  state: SendLogState | null;
  campaign_version: number | null;
  template_version_id: string | null;
  sender_account_id: string | null;
  variables: unknown;
  claim_id: string | null;
  attempt: number | null;
  claimed_at: Date | null;
  settled_at: Date | null;
  due_at: Date | null;
  outcome: string | null;
  sequence: number | null;
  updated_at: Date;
  deferred_reason: string | null;
  deferrals: number | null;
  unproved_at: Date | null;
}

/** A row of `sender_accounts`. */
export interface SenderAccount {
  business_id: string;
  id: string;
  channel: Channel;
  kind: SenderAccountKind;
  name: string;
  from_address: string | null;
  settings: unknown;
  secret_ciphertext: Buffer | null;
  secret_key_id: string | null;
  in_use: boolean;
  status: SenderAccountStatus;
  paused_at: Date | null;
  pause_reason: string | null;
  paused_until: Date | null;
  failures_in_a_row: number;
  rate_per_hour: number | null;
  next_slot_at: Moment;
  created_at: Date;
  updated_at: Date;
}

/** A row of `sending_policies`. */
export interface SendingPolicy {
  business_id: string;
  max_late_hours: number;
  min_gap_hours: number;
  cap_messages_per_24h: number;
  cap_sms_per_day: number;
  reentry_days_after_review: number;
  reentry_days_after_enrollment: number;
  overlap: OverlapPolicy;
  queue_gap_days: number;
  max_enroll_age_days: number;
  after_opt_out: OptOutPolicy;
  stop_on_reply: boolean;
  unknown_sms: UnknownPolicy;
  unknown_email: UnknownPolicy;
  max_attempts: number;
  created_at: Date;
  updated_at: Date;
}

/** A row of `sending_windows`. */
export interface SendingWindow {
  business_id: string;
  channel: Channel;
  iso_weekday: number;
  opens: string;
  closes: string;
}

/** A row of `sessions`. */
export interface Session {
  token_hash: Buffer;
  user_id: string;
  created_at: Date;
  expires_at: Date;
}

/** A row of `suppressions`. */
export interface Suppression {
  business_id: string;
  channel: Channel;
  address_hash: Buffer;
  address: string | null;
  reason: SuppressionReason;
  suppressed_at: Date;
  lifted_at: Date | null;
  created_at: Date;
  updated_at: Date;
}

/** A row of `template_versions`. */
export interface TemplateVersion {
  business_id: string;
  id: string;
  template_id: string | null;
  number: number;
  name: string;
  channel: Channel;
  subject: string | null;
  body: string;
  created_at: Date;
}

/** A row of `time_zones`. */
export interface TimeZone {
  name: string;
}

/** A row of `touch_queue`. */
export interface TouchQueue {
  business_id: string;
  enrollment_id: string;
  touch_number: number;
  channel: Channel;
  scheduled_at: Date;
  due_at: Moment;
  late_after: Date;
  blocked_by: TouchBlock | null;
  attempts: number;
  claim_id: string | null;
  lease_until: Date | null;
  stopping: boolean;
  deferred_reason: string | null;
  deferrals: number | null;
}

/** A row of `users`. */
export interface User {
  id: string;
  email: string;
  password_hash: string | null;
  created_at: Date;
  updated_at: Date;
}

/** A row of `webhook_endpoints`. */
export interface WebhookEndpoint {
  business_id: string;
  id: string;
  url: string;
  events: string[];
  secret_ciphertext: Buffer | null;
  secret_key_id: string | null;
  status: WebhookEndpointStatus;
  disabled_at: Date | null;
  disable_reason: string | null;
  created_at: Date;
  updated_at: Date;
}

/** A row of `webhook_inbox`. */
export interface WebhookInbox {
  business_id: string;
  id: string;
  provider: string;
  sender_account_id: string | null;
  event_id: string;
  headers: unknown;
  body: Buffer;
  received_at: Date;
  processed_at: Date | null;
  error_message: string | null;
}
