// Who may do what to which table: one row per table, compared with the catalog and with real attempts. A new table, column
// grant or policy fails the suite until it stands here, so that opening something is always a decision somebody reads.

/** Whose rows a signed-in person sees: of their own businesses, those and the system business's, or all. */
type Rows = 'mine' | 'readable' | 'all';

export interface TableRule {
  /** What `authenticated` reads; absent: nothing. */
  select?: { rows: Rows; hidden?: readonly string[] };
  /** Columns `authenticated` may give when inserting a row of a business it may write to. */
  insert?: readonly string[];
  /** Columns `authenticated` may change in rows of businesses it may write to. */
  update?: readonly string[];
  /** Whether `authenticated` may delete rows of businesses it may write to. */
  delete?: true;
  /** A further condition on rows that may be written. */
  writableWhere?: string;
  /** Verbs of `service_role` (select, insert, update, delete), for whole rows. */
  service: 'SIUD' | 'SI' | 'S' | '';
  /** The column that names the business; absent: the table belongs to no tenant. */
  tenant?: 'business_id' | 'id';
  /** Why a table has RLS enabled and no policy, or a row differs from its neighbours. */
  because?: string;
}

function columns(names: string): readonly string[] {
  return names.split(/\s+/).filter((name) => name !== '');
}

/** Rows of one business that its members read and nobody but functions writes. */
function readOnly(hidden = ''): TableRule {
  return { tenant: 'business_id', select: { rows: 'mine', hidden: columns(hidden) }, service: 'SIUD' };
}

/** For functions of the server only; RLS without a policy is the second wall. */
function closed(because: string, rule: Partial<TableRule> = {}): TableRule {
  return { service: '', because, ...rule };
}

const profile = `name time_zone country state postal_address brand_name sender_name contact_phone contact_email review_url
  service_types`;
const customerDetails = 'external_id first_name last_name email phone country state time_zone time_zone_source tags';
const jobDetails =
  'external_id service_type title notes status scheduled_for completed_at campaign_choice chosen_campaign_id';
const templateText = 'name service_type purpose subject body';

export const tables: Record<string, TableRule> = {
  address_keys: closed('keys of address_hash(), read by that function as owner'),
  api_keys: readOnly('key_hash'),
  audit_log: { tenant: 'business_id', select: { rows: 'mine' }, service: 'SI' },
  business_dispatch: readOnly(),
  business_members: readOnly(),
  businesses: {
    tenant: 'id',
    select: { rows: 'mine' },
    insert: columns(`user_id ${profile}`),
    update: columns(profile),
    service: 'SIUD',
  },
  campaign_enrollments: readOnly(),
  campaign_touches: {
    tenant: 'business_id',
    select: { rows: 'readable' },
    insert: columns('business_id campaign_id version touch_number channel delay_hours template_id'),
    update: columns('touch_number channel delay_hours template_id'),
    delete: true,
    service: 'SIUD',
  },
  campaign_versions: { tenant: 'business_id', select: { rows: 'readable' }, service: 'SIUD' },
  campaigns: {
    tenant: 'business_id',
    select: { rows: 'readable' },
    insert: columns('business_id name description service_type'),
    update: columns('name description'),
    writableWhere: 'not is_preset',
    service: 'SIUD',
  },
  code_files: closed('checksums of applied code, written by migrate'),
  consent_events: readOnly('ip address_hash'),
  evidence_checks: readOnly(),
  customers: {
    tenant: 'business_id',
    select: { rows: 'mine' },
    insert: columns(`business_id ${customerDetails}`),
    update: columns(customerDetails),
    service: 'SIUD',
  },
  daily_stats: readOnly(),
  daily_stats_changes: readOnly(),
  idempotency_keys: closed('stored answers hold what was answered to one caller', {
    tenant: 'business_id',
    service: 'SIUD',
  }),
  installation: closed('the clock mark and the build, read by functions as owner'),
  jobs: {
    tenant: 'business_id',
    select: { rows: 'mine' },
    insert: columns(`business_id customer_id ${jobDetails}`),
    update: columns(jobDetails),
    service: 'SIUD',
  },
  lane_claims: readOnly(),
  links: readOnly('token'),
  login_links: closed('hashes of login links, read by the functions of sign-in'),
  mailbox_messages: readOnly(),
  message_events: readOnly(),
  message_templates: {
    tenant: 'business_id',
    select: { rows: 'readable' },
    insert: columns(`business_id channel ${templateText}`),
    update: columns(templateText),
    delete: true,
    service: 'SIUD',
  },
  reviews_feedback: {
    tenant: 'business_id',
    select: { rows: 'mine' },
    update: columns('resolved_at resolved_by internal_notes'),
    service: 'SIUD',
  },
  send_attempts: readOnly(),
  send_logs: readOnly(),
  sender_accounts: readOnly('secret_ciphertext secret_key_id failures_in_a_row next_slot_at'),
  sending_policies: {
    tenant: 'business_id',
    select: { rows: 'readable' },
    update: columns(`max_late_hours min_gap_hours cap_messages_per_24h cap_sms_per_day reentry_days_after_review
      reentry_days_after_enrollment overlap queue_gap_days max_enroll_age_days after_opt_out stop_on_reply unknown_sms
      unknown_email max_attempts`),
    service: 'SIUD',
  },
  sending_windows: {
    tenant: 'business_id',
    select: { rows: 'readable' },
    insert: columns('business_id channel iso_weekday opens closes'),
    update: columns('channel iso_weekday opens closes'),
    delete: true,
    service: 'SIUD',
  },
  sessions: closed('hashes of session tokens, read by the functions of sign-in'),
  suppressions: readOnly('address_hash'),
  template_versions: { tenant: 'business_id', select: { rows: 'readable' }, service: 'SIUD' },
  time_zones: { select: { rows: 'all' }, service: 'S', because: 'zone names are public and belong to nobody' },
  touch_queue: readOnly(),
  users: closed('sign-in of a stand-alone server, read by its functions as owner'),
  webhook_endpoints: readOnly('secret_ciphertext secret_key_id'),
  webhook_inbox: closed('raw provider callbacks', { tenant: 'business_id', service: 'SIUD' }),
};

/** Views: all with security_invoker, read by `authenticated` and `service_role`, written by nobody. */
export const views: readonly string[] = [
  'campaign_daily_stats',
  'campaign_live_touches',
  'campaign_overview',
  'skipped_touches',
];

/** Columns that hold a secret or a keyed hash: no signed-in person may ever read them. */
export const secretColumns: readonly string[] = [
  'address_keys.inner_key',
  'address_keys.outer_key',
  'api_keys.key_hash',
  'consent_events.address_hash',
  'links.token',
  'login_links.token_hash',
  'sender_accounts.secret_ciphertext',
  'sessions.token_hash',
  'suppressions.address_hash',
  'users.password_hash',
  'webhook_endpoints.secret_ciphertext',
];

/** Tables of tenants, in the order of their names. */
export const tenantTables: readonly string[] = Object.keys(tables).filter((name) => tables[name]?.tenant !== undefined);

/** The rule of a table; a table without one fails with what to do. */
export function ruleOf(table: string): TableRule {
  const rule = tables[table];
  if (rule === undefined) {
    throw new Error(
      `Table ${table} has no row in test/security/manifest.ts: decide who may do what to it and add the row.`,
    );
  }
  return rule;
}
