// Who may execute which function of the schema: one row per signature, compared with the catalog; tenant functions are also
// called by everybody, with own and foreign ids.
import { type DatabaseRole, people } from './actors.ts';
import type { Ids } from './fixture.ts';

/** What a member must be to act: anybody in the business, owner or manager, owner. */
export type Need = 'read' | 'write' | 'own';

export interface TenantCall {
  need: Need;
  /** Arguments after the business, for a call that succeeds on that business's rows. */
  args: (ids: Ids) => string;
  /** Which of the ids in `args` names a row of the business: foreign and unknown ones must be answered alike. */
  object?: keyof Ids;
}

export interface FunctionRule {
  executes: readonly DatabaseRole[];
  /** Present for functions whose first argument is the business they act for. */
  tenant?: TenantCall;
}

const nobody: FunctionRule = { executes: [] };
const signedIn: FunctionRule = { executes: ['authenticated', 'service_role'] };
const everyRole: FunctionRule = { executes: ['authenticated', 'service_role', 'touchline_worker'] };

/** The worker and the operator, for all businesses. */
const engine: FunctionRule = { executes: ['service_role', 'touchline_worker'] };

/** For members of one business, and for the worker and the operator. */
function member(need: Need, args: TenantCall['args'], object?: keyof Ids): FunctionRule {
  return { ...everyRole, tenant: object === undefined ? { need, args } : { need, args, object } };
}

export const functions: Record<string, FunctionRule> = {
  'next_allowed_at(timestamp with time zone,text,uuid,text,text,interval)': nobody,
  'open_moments(uuid,text,text,timestamp with time zone,timestamp with time zone)': nobody,
  'open_throughout(timestamp with time zone,interval,text,uuid,text,text)': nobody,
  'stays_open(uuid,text,text,timestamp with time zone,interval)': nobody,
  'zone_changes(text,timestamp with time zone,timestamp with time zone)': nobody,
  'advance_enrollments(uuid[],uuid[],text[],timestamp with time zone[],text[],timestamp with time zone)': nobody,
  'apply_outcomes(uuid,jsonb,timestamp with time zone)': nobody,
  'claim_lanes(uuid[],text[],integer,integer,text,uuid,timestamp with time zone)': nobody,
  'judge_outcome(text,text,boolean,boolean,integer,integer,boolean)': nobody,
  'lock_due_touches(uuid[],text[],timestamp with time zone[],uuid[],integer[],timestamp with time zone)': nobody,
  'lock_intents(uuid[],uuid[])': nobody,
  'lower_pointers(uuid[],text[],timestamp with time zone[])': nobody,
  'message_variables(text,businesses,customers,jobs)': nobody,
  'move_touches(uuid[],uuid[],smallint[],text[],boolean[],timestamp with time zone[],text[],timestamp with time zone[],integer[],timestamp with time zone)':
    nobody,
  'note_account_health(uuid[],uuid[],text[],text[],numeric[],timestamp with time zone)': nobody,
  'pick_lanes(integer,timestamp with time zone)': nobody,
  'rate_slots(uuid,text,integer,timestamp with time zone)': nobody,
  'allowed_moments(uuid,timestamp with time zone[],text[],text[],text[])': nobody,
  'sending_zones(uuid,text,text)': nobody,
  'clear_out(integer,timestamp with time zone)': engine,
  'delete_messages(uuid,uuid[],timestamp with time zone)': nobody,
  'forget_claims(integer,timestamp with time zone)': nobody,
  'ids_before(timestamp with time zone)': nobody,
  'kept_since(uuid,integer,timestamp with time zone)': nobody,
  'old_enrollments(uuid,uuid[],timestamp with time zone)': nobody,
  'old_jobs(uuid,uuid[],timestamp with time zone,timestamp with time zone)': nobody,
  'old_messages(uuid,uuid[],timestamp with time zone)': nobody,
  'prune(text,integer,integer,jsonb,boolean,timestamp with time zone)': { executes: ['service_role'] },
  'prune_aged(text,timestamp with time zone,integer,boolean,timestamp with time zone)': nobody,
  'aged_ids(text,uuid,uuid,timestamp with time zone,integer)': nobody,
  'prune_audit_log(uuid,uuid[],integer,boolean,timestamp with time zone)': nobody,
  'prune_enrollments(uuid,uuid[],integer,boolean,timestamp with time zone)': nobody,
  'prune_jobs(uuid,uuid[],integer,boolean,timestamp with time zone)': nobody,
  'prune_messages(uuid,uuid[],integer,boolean,timestamp with time zone)': nobody,
  'prune_received(text,timestamp with time zone,integer,boolean)': nobody,
  'retention()': engine,
  'count_skips(uuid[],uuid[],smallint[],integer)': nobody,
  'count_touches(uuid[],uuid[],smallint[],text[],timestamp with time zone[],text[],text[],integer[])': nobody,
  'fold_daily_stats(integer)': engine,
  'recount_daily_stats(uuid)': nobody,
  'recount_in_new_zone()': nobody,
  'touch_measures(text,text)': nobody,
  'explain_touch(uuid,uuid,integer,timestamp with time zone)': {
    executes: ['authenticated', 'service_role', 'touchline_worker'],
    tenant: { need: 'read', args: ({ enrollment }) => `'${enrollment}'`, object: 'enrollment' },
  },
  'ahead_moments(uuid,uuid,timestamp with time zone)': nobody,
  'enrollment_timeline(uuid,uuid,timestamp with time zone)': member(
    'read',
    ({ enrollment }) => `'${enrollment}'`,
    'enrollment',
  ),
  'later_touch(uuid,customers,text,timestamp with time zone,timestamp with time zone,timestamp with time zone)': nobody,
  'parked_since(uuid,campaign_enrollments,touch_queue,timestamp with time zone)': nobody,
  'past_moments(uuid,uuid)': nobody,
  'queued_touch(uuid,touch_queue,timestamp with time zone)': nobody,
  'wait_reason(timestamp with time zone,timestamp with time zone,timestamp with time zone,timestamp with time zone)':
    nobody,
  'retry_at(text,uuid,integer,numeric,timestamp with time zone)': nobody,
  'send_limits(text,text)': nobody,
  'set_touch_states(uuid[],uuid[],smallint[],text[],timestamp with time zone[],text[],smallint[],timestamp with time zone)':
    nobody,
  'set_next_turns(uuid[],text[],integer[],timestamp with time zone[],uuid[],timestamp with time zone[],interval[],integer[],timestamp with time zone[],uuid[],timestamp with time zone)':
    nobody,
  'touch_decisions(uuid[],text[],uuid[],timestamp with time zone,boolean)': nobody,
  'claim_due_touches(text,uuid,integer,timestamp with time zone)': engine,
  'has_virtual_clock()': engine,
  'ms_until_next_due(timestamp with time zone)': engine,
  'begin_replays(text,uuid,uuid[],uuid[],interval,timestamp with time zone)': engine,
  'claim_unknowns(integer,timestamp with time zone)': engine,
  'server_identity()': nobody,
  'away_reason(bigint,timestamp with time zone)': nobody,
  'is_at_home()': nobody,
  'installation_id()': engine,
  'open_doubts()': nobody,
  'doubt_lane(uuid,text,uuid[],uuid,timestamp with time zone,timestamp with time zone)': nobody,
  'check_in(bigint,timestamp with time zone)': engine,
  'doubt_touches(timestamp with time zone,integer,timestamp with time zone)': engine,
  'leave_safe_mode(timestamp with time zone,bigint,timestamp with time zone)': { executes: ['service_role'] },
  'safe_mode(bigint)': everyRole,
  'resolve_touch(uuid,uuid,text,boolean,timestamp with time zone)': member(
    'write',
    (ids) => `'${ids.sendLog}', 'sent'`,
    'sendLog',
  ),
  'event_rank(text)': nobody,
  'lock_addresses(uuid[],text[],text[],uuid[],uuid[])': nobody,
  'record_provider_event(uuid,uuid,jsonb,timestamp with time zone)': engine,
  'record_refused_numbers(jsonb,timestamp with time zone)': nobody,
  'settle_evidence(jsonb,timestamp with time zone)': engine,
  'reconcile_touches(integer,timestamp with time zone)': engine,
  'settle_touches(uuid,jsonb,timestamp with time zone)': engine,
  'record_mailbox_message(uuid,uuid,integer,jsonb,timestamp with time zone)': engine,
  'refresh_statistics()': engine,
  'sweep_lanes(timestamp with time zone)': engine,
  'check_invariants(timestamp with time zone,timestamp with time zone)': engine,
  'check_sender_account(sender_accounts)': nobody,
  'sender_account_of(uuid,uuid)': nobody,
  'sender_credentials(uuid,uuid)': engine,
  'set_sender_account(uuid,uuid,jsonb,timestamp with time zone)': member(
    'own',
    (ids) => `'${ids.senderAccount}', '{"name": "Renamed"}'`,
    'senderAccount',
  ),
  'remove_sender_account(uuid,uuid,timestamp with time zone)': member(
    'own',
    (ids) => `'${ids.senderAccount}'`,
    'senderAccount',
  ),
  'pause_sender_account(uuid,uuid,text,timestamp with time zone)': member(
    'write',
    (ids) => `'${ids.senderAccount}', 'Rest'`,
    'senderAccount',
  ),
  'resume_sender_account(uuid,uuid,timestamp with time zone)': member(
    'write',
    (ids) => `'${ids.senderAccount}'`,
    'senderAccount',
  ),
  'acting_role()': nobody,
  'add_business(uuid,jsonb)': { executes: ['service_role'] },
  'add_login_link(bytea,uuid,timestamp with time zone)': { executes: ['service_role'] },
  'end_session(bytea)': { executes: ['service_role'] },
  'ensure_user(text)': { executes: ['service_role'] },
  'open_session(bytea,bytea,timestamp with time zone)': { executes: ['service_role'] },
  'session_user_id(bytea,timestamp with time zone)': { executes: ['service_role'] },
  'address_hash(text,text,address_keys)': nobody,
  'add_api_key(uuid,text,bytea,text,text,text[],timestamp with time zone)': member(
    'own',
    () => `'Shop', sha256('key'), 'tl_live_', 'abcd', '{read}'`,
  ),
  'api_key_business(bytea,timestamp with time zone)': engine,
  'begin_request(uuid,text,text,bytea,timestamp with time zone)': member(
    'write',
    () => `'/api/v1/jobs', 'request-9', sha256('body')`,
  ),
  'enrollment_answer(uuid,uuid)': member('read', (ids) => `'${ids.enrollment}'`, 'enrollment'),
  'enrollment_touches(uuid,uuid)': nobody,
  'find_job(uuid,text)': member('read', () => `'job-1'`),
  'keep_answer(uuid,text,text,integer,jsonb,timestamp with time zone)': member(
    'write',
    () => `'/api/v1/jobs', 'request-2', 200, '{}'`,
  ),
  // Another's campaign has the zeros of one that there is not.
  'campaign_figures(uuid,uuid)': member('read', (ids) => `'${ids.liveCampaign}'`),
  'list_mailbox(uuid,text,integer)': member('read', () => 'null, 20'),
  'revoke_api_key(uuid,uuid,timestamp with time zone)': member('own', (ids) => `'${ids.apiKey}'`, 'apiKey'),
  'allowed_values()': nobody,
  'check_changes(text,text[],jsonb,text)': nobody,
  'copy_campaign(uuid,uuid,text)': member('write', (ids) => `'${ids.liveCampaign}', 'Copy'`, 'liveCampaign'),
  'copy_preset(uuid,text,text,text)': member('write', () => `'assertive', 'plumbing'`),
  'create_campaign(uuid,text,text,text,jsonb)': member(
    'write',
    (ids) => `'New', null, null, '[{"channel": "email", "delay_hours": 24, "template_id": "${ids.template}"}]'`,
    'template',
  ),
  'delete_template(uuid,uuid)': member('write', (ids) => `'${ids.unusedTemplate}'`, 'unusedTemplate'),
  'edit_campaign(uuid,uuid,jsonb)': member('write', (ids) => `'${ids.liveCampaign}'`, 'liveCampaign'),
  'free_name(uuid,text,text)': nobody,
  'keep_an_owner(uuid,uuid)': nobody,
  'refuse_value(text,text,text,jsonb,text)': nobody,
  'remove_member(uuid,uuid)': member('own', () => `'${people.managerA}'`),
  'require_business(uuid)': nobody,
  'save_template(uuid,uuid,jsonb)': member('write', (ids) => `'${ids.template}', '{"name": "Renamed"}'`, 'template'),
  'set_business(uuid,jsonb)': member('write', () => `'{"name": "Renamed"}'`),
  'set_member(uuid,uuid,text)': member('own', () => `'${people.nobody}', 'viewer'`),
  'set_sending_policy(uuid,jsonb)': member('write', () => `'{"max_late_hours": 24}'`),
  'set_sending_windows(uuid,text,jsonb)': member(
    'write',
    () => `'email', '[{"iso_weekday": 1, "opens": "08:00", "closes": "20:00"}]'`,
  ),
  'write_business(uuid,uuid,jsonb)': nobody,
  'write_campaign(uuid,text,text,text,text)': nobody,
  'write_touches(uuid,uuid,integer,jsonb)': nobody,
  'channel_obstacles(uuid,uuid[])': nobody,
  'choose_campaigns(uuid,uuid[])': nobody,
  'complete_job(uuid,jsonb,jsonb,timestamp with time zone)': member(
    'write',
    (ids) => `'{"external_id": "job-9"}', '{"id": "${ids.customer}", "first_name": "Ann"}'`,
    'customer',
  ),
  'decide_jobs(uuid,uuid[],text,timestamp with time zone)': nobody,
  'import_job(uuid,jsonb,timestamp with time zone,timestamp with time zone)': nobody,
  'import_new_rows(uuid,jsonb,timestamp with time zone)': nobody,
  'import_jobs(uuid,jsonb,timestamp with time zone)': member(
    'write',
    () => `'[{"line": 2, "status": "scheduled", "customer": {"external_id": "c-9"}, "job": {"external_id": "job-9"}}]'`,
  ),
  'enroll_completed(uuid,uuid[],integer,timestamp with time zone,timestamp with time zone)': member(
    'write',
    (ids) => `array['${ids.job}', '${ids.openJob}']::uuid[], 60`,
    'job',
  ),
  'hours_of(tstzmultirange)': nobody,
  'paced_slots(uuid,timestamp with time zone,integer,integer,text[])': nobody,
  'sending_capacity(uuid,timestamp with time zone)': member('read', () => ''),
  'enroll_free_jobs(uuid,uuid[],timestamp with time zone)': nobody,
  'enroll_job(uuid,uuid,timestamp with time zone)': member('write', (ids) => `'${ids.job}'`, 'job'),
  'enroll_jobs(uuid,uuid[],timestamp with time zone,integer,timestamp with time zone,text)': nobody,
  'enroll_waiting(integer,timestamp with time zone)': engine,
  'job_answer(uuid,uuid)': nobody,
  'keys_of(uuid,uuid[])': nobody,
  'lock_jobs(uuid,uuid[])': nobody,
  'lower_lanes(uuid,timestamp with time zone)': nobody,
  'plan_enrollments(uuid,uuid[],uuid[],uuid[],integer[],timestamp with time zone[],timestamp with time zone)': nobody,
  'resolve_conflict(uuid,uuid,text,timestamp with time zone)': member(
    'write',
    (ids) => `'${ids.conflictJob}', 'replace'`,
    'conflictJob',
  ),
  'save_consent(uuid,uuid,jsonb,timestamp with time zone)': nobody,
  'save_customer(uuid,jsonb)': nobody,
  'save_job(uuid,uuid,jsonb,timestamp with time zone)': nobody,
  'trimmed(jsonb)': nobody,
  'waiting_jobs(integer,timestamp with time zone)': nobody,
  'check_touch_template()': nobody,
  'forget_mailbox_message()': nobody,
  'note_unproved()': nobody,
  'complete_business()': nobody,
  'create_first_version()': nobody,
  'create_lanes()': nobody,
  'current_moment(timestamp with time zone)': nobody,
  'keep_template_version()': nobody,
  'my_business_ids()': signedIn,
  'readable_business_ids()': signedIn,
  'refuse_channel_change()': nobody,
  'refuse_delete_of_used_template()': nobody,
  'refuse_evidence_change()': nobody,
  'refuse_published_change()': nobody,
  'require_access(uuid,text)': nobody,
  'require_worker()': nobody,
  'release_missing_settings()': nobody,
  'set_updated_at()': nobody,
  'append_consent_event(uuid,text,text,text,jsonb,timestamp with time zone)': nobody,
  'apply_event(uuid,uuid[],text,text,text,timestamp with time zone,timestamp with time zone)': nobody,
  'archive_campaign(uuid,uuid,timestamp with time zone)': member(
    'write',
    (ids) => `'${ids.liveCampaign}'`,
    'liveCampaign',
  ),
  'archive_customer(uuid,uuid,timestamp with time zone)': member('write', (ids) => `'${ids.customer}'`, 'customer'),
  'consent_answer(uuid,uuid)': nobody,
  'consent_details(jsonb)': nobody,
  'elapsed(timestamp with time zone,timestamp with time zone)': nobody,
  'erase_customer(uuid,uuid,timestamp with time zone)': member('write', (ids) => `'${ids.customer}'`, 'customer'),
  'event_effects(text,text,text,boolean)': nobody,
  'lock_business(uuid)': nobody,
  'lock_campaign(uuid,uuid)': nobody,
  'lock_customer(uuid,uuid)': nobody,
  'normal_address(text,text)': nobody,
  'park_touches(uuid,uuid,text)': nobody,
  'pause_campaign(uuid,uuid,text,timestamp with time zone)': member(
    'write',
    (ids) => `'${ids.liveCampaign}', 'Rest'`,
    'liveCampaign',
  ),
  'pin_templates(uuid,uuid,integer)': nobody,
  'publish_campaign(uuid,uuid,timestamp with time zone)': member(
    'write',
    (ids) => `'${ids.draftCampaign}'`,
    'draftCampaign',
  ),
  'record_customer_event(uuid,uuid,text,timestamp with time zone)': member(
    'write',
    (ids) => `'${ids.customer}', 'replied'`,
    'customer',
  ),
  'record_opt_in(uuid,text,text,jsonb,timestamp with time zone)': member('write', () => `'sms', '+12125550101'`),
  'record_opt_out(uuid,text,text,jsonb,timestamp with time zone)': member('write', () => `'email', 'ann@example.test'`),
  'reinstate_business(uuid,timestamp with time zone)': { executes: ['service_role'] },
  'restore_customer(uuid,uuid,timestamp with time zone)': member('write', (ids) => `'${ids.customer}'`, 'customer'),
  'resume_campaign(uuid,uuid,timestamp with time zone)': member(
    'write',
    (ids) => `'${ids.liveCampaign}'`,
    'liveCampaign',
  ),
  'stop_enrollment(uuid,uuid,text,timestamp with time zone)': member(
    'write',
    (ids) => `'${ids.enrollment}', 'owner_stopped'`,
    'enrollment',
  ),
  'stop_enrollments(uuid,uuid[],text,timestamp with time zone)': nobody,
  'suppress_address(uuid,text,text,text,timestamp with time zone)': nobody,
  'suspend_business(uuid,text,timestamp with time zone)': { executes: ['service_role'] },
  'unpark_touches(uuid,uuid,timestamp with time zone,text,timestamp with time zone)': nobody,
  'wipe_messages(uuid,uuid[])': nobody,
  'wipe_traces(uuid,uuid,text[],text[])': nobody,
  'system_business_id()': everyRole,
  'uuid_v7()': everyRole,
  'writable_business_ids()': signedIn,
};

/** The rule of a function. Those of sql/invariants come and go with their files: check_invariants executes them, no role does. */
export function ruleOf(signature: string): FunctionRule | undefined {
  const isInvariant = /^invariant_\d\d_\w+\(timestamp with time zone,timestamp with time zone\)$/.test(signature);
  return functions[signature] ?? (isInvariant ? nobody : undefined);
}
