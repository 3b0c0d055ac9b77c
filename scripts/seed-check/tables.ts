// Decisions, core tables and key design decisions of the seed: ids D, T and K.
import {
  column,
  constraint,
  documented,
  dueIndexes,
  type Fact,
  foreignKey,
  grants,
  index,
  migrations,
  noIndexOn,
  policies,
  range,
  rowSecurity,
  type Statements,
  trigger,
  values,
} from './facts.ts';

const serviceTypes = 'hvac plumbing electrical cleaning roofing painting handyman other';
const touchStatuses = 'pending sending unknown held sent presumed_sent failed skipped cancelled';
const stopReasons =
  'review_clicked feedback_submitted opted_out_sms opted_out_email owner_stopped campaign_paused campaign_deleted repeat_job ' +
  'replied booked_again bounced complained customer_erased business_suspended';
const touches = [1, 2, 3, 4] as const;

export const serviceTypeLists: readonly Fact[] = [
  values('campaigns.service_type', serviceTypes),
  values('jobs.service_type', serviceTypes),
];

export const touchColumns: readonly Fact[] = touches.flatMap((n) => [
  column(`campaign_enrollments.touch_${n}_scheduled_at`, 'timestamp with time zone'),
  column(`campaign_enrollments.touch_${n}_sent_at`, 'timestamp with time zone'),
  column(`campaign_enrollments.touch_${n}_status`, 'text'),
]);

const touchReasons = touches.map((n) => column(`campaign_enrollments.touch_${n}_reason`, 'text'));

export const enrollmentStates: readonly Fact[] = [
  column('campaign_enrollments.status', "text not null default 'active'::text"),
  values('campaign_enrollments.status', 'active completed stopped'),
  values('campaign_enrollments.stop_reason', stopReasons),
  ...touches.map((n) => values(`campaign_enrollments.touch_${n}_status`, touchStatuses)),
  constraint('campaign_enrollments', "CHECK (((status = 'stopped'::text) = (stop_reason IS NOT NULL)))"),
  constraint('campaign_enrollments', "CHECK (((status = 'stopped'::text) = (stopped_at IS NOT NULL)))"),
  constraint('campaign_enrollments', "CHECK (((status = 'completed'::text) = (completed_at IS NOT NULL)))"),
];

export const oneCampaignPerServiceType = index(
  'campaigns_one_per_service_type',
  'UNIQUE campaigns (business_id, service_type) NULLS NOT DISTINCT ' +
    "WHERE ((status = ANY (ARRAY['active'::text, 'paused'::text])) AND (NOT is_preset))",
);

export const oneActiveEnrollment = index(
  'campaign_enrollments_one_active',
  "UNIQUE campaign_enrollments (business_id, customer_id, campaign_id) WHERE (status = 'active'::text)",
);

export const onePerPosition = constraint(
  'campaign_touches',
  'UNIQUE (business_id, campaign_id, version, touch_number)',
);

export const campaignAccess: readonly Fact[] = [
  rowSecurity('campaigns'),
  policies('campaigns', { select: 'readable', insert: 'writable not preset', update: 'writable not preset' }),
  grants('campaigns', {
    select: '*',
    insert: 'business_id, name, description, service_type',
    update: 'name, description',
  }),
];

export const touchAccess: readonly Fact[] = [
  rowSecurity('campaign_touches'),
  policies('campaign_touches', { select: 'readable', insert: 'writable', update: 'writable', delete: 'writable' }),
  grants('campaign_touches', {
    select: '*',
    insert: 'business_id, campaign_id, version, touch_number, channel, delay_hours, template_id',
    update: 'touch_number, channel, delay_hours, template_id',
    delete: '*',
  }),
];

export const enrollmentAccess: readonly Fact[] = [
  rowSecurity('campaign_enrollments'),
  policies('campaign_enrollments', { select: 'my' }),
  grants('campaign_enrollments', { select: '*' }),
];

export const templateSetNull = foreignKey(
  'campaign_touches',
  'business_id, template_id',
  'message_templates(business_id, id)',
  'SET NULL (template_id)',
);

export const attribution: readonly Fact[] = [
  column('send_logs.campaign_id', 'uuid'),
  column('send_logs.campaign_enrollment_id', 'uuid'),
  column('send_logs.touch_number', 'smallint'),
];

export const logChannel: readonly Fact[] = [
  column('send_logs.channel', "text not null default 'email'::text"),
  values('send_logs.channel', 'email sms'),
];

export const analyticsIndex = index(
  'idx_send_logs_campaign',
  'send_logs (campaign_id, business_id, touch_number) WHERE (campaign_id IS NOT NULL)',
);

export const enrollmentLogIndex = index(
  'idx_send_logs_enrollment',
  'UNIQUE send_logs (business_id, campaign_enrollment_id, touch_number) WHERE (campaign_enrollment_id IS NOT NULL)',
);

const noTouchIndex = noIndexOn('campaign_enrollments', /touch/);

export const presetFlag: readonly Fact[] = [
  column('campaigns.is_preset', 'boolean not null default false'),
  constraint('campaigns', "CHECK ((is_preset = (business_id = '00000000-0000-0000-0000-000000000000'::uuid)))"),
];

export const seedMigrations = [
  'create_campaigns',
  'create_campaign_touches',
  'create_campaign_enrollments',
  'add_send_log_campaign_fields',
];

export const queueIndex = index('touch_queue_due', 'touch_queue (business_id, channel, due_at, enrollment_id)');

/** Everything a person may not do to presets: no list somebody writes with holds the system business. */
export const presetsReadOnly: Fact = ({ strangerWrites }) =>
  strangerWrites.length === 0 ? [] : [`somebody without a business may write ${strangerWrites.join(', ')}`];

export const tables: Statements = {
  D1: [...touchColumns, queueIndex],
  D3: [column('campaigns.service_type', 'text')],
  D4: [
    ...touchColumns,
    column('touch_queue.scheduled_at', 'timestamp with time zone not null'),
    column('touch_queue.due_at', 'timestamp with time zone not null'),
  ],
  D5: [dueIndexes],
  D6: [noTouchIndex],
  D7: [migrations(...seedMigrations)],
  D8: [documented('campaigns', 'campaign_touches', 'campaign_enrollments', 'send_logs')],

  T1: [
    column('campaigns.business_id', 'uuid not null'),
    column('campaigns.status', "text not null default 'draft'::text"),
    values('campaigns.status', 'draft active paused archived'),
  ],
  T2: [column('campaigns.service_type', 'text'), ...serviceTypeLists],
  T3: [...presetFlag, presetsReadOnly, ...campaignAccess],
  T4: campaignAccess,
  T5: [oneCampaignPerServiceType],
  T6: [
    range('campaign_touches.touch_number', 1, 4),
    foreignKey(
      'campaign_touches',
      'business_id, campaign_id, version',
      'campaign_versions(business_id, campaign_id, number)',
      'CASCADE',
    ),
  ],
  T7: [
    range('campaign_touches.touch_number', 1, 4),
    values('campaign_touches.channel', 'email sms'),
    column('campaign_touches.delay_hours', 'integer not null'),
    range('campaign_touches.delay_hours', 1, 8760),
  ],
  T8: [column('campaign_touches.template_id', 'uuid'), templateSetNull],
  T9: [onePerPosition],
  T10: [...touchAccess, trigger('campaign_touches', 'insert or delete or update', 'refuse_published_change')],
  T11: [...touchColumns, ...touchReasons],
  T12: enrollmentStates,
  T13: [
    column('campaign_enrollments.current_touch', 'smallint not null default 1'),
    range('campaign_enrollments.current_touch', 1, 4),
  ],
  T14: [
    oneActiveEnrollment,
    index(
      'campaign_enrollments_one_active_per_job',
      "UNIQUE campaign_enrollments (business_id, job_id) WHERE (status = 'active'::text)",
    ),
  ],
  T15: enrollmentAccess,
  T16: attribution,
  T17: logChannel,
  T18: [analyticsIndex, enrollmentLogIndex],

  K1: [column('campaign_enrollments.status', "text not null default 'active'::text"), ...touchColumns],
  K2: [queueIndex],
  K3: [2, 3, 4].map((n) =>
    constraint(
      'campaign_enrollments',
      `CHECK (((touch_${n}_scheduled_at IS NULL) OR (touch_${n}_scheduled_at > touch_${n - 1}_scheduled_at)))`,
    ),
  ),
  K4: [
    column('touch_queue.due_at', 'timestamp with time zone not null'),
    column('sending_policies.min_gap_hours', 'integer not null default 20'),
  ],
  K5: [dueIndexes],
  K7: [column('campaigns.service_type', 'text'), oneCampaignPerServiceType],
  K8: [values('campaigns.service_type', serviceTypes)],
};
