// Changes of the schema, each with the statements of the seed it breaks: what `npm run seed:check` must notice.

/** A change, and the ids of statements that are no longer true after it. */
export type SeedMutant = readonly [sql: string, broken: string];

const table = (name: string, change: string): string => `alter table touchline.${name} ${change}`;

const campaigns: SeedMutant[] = [
  [
    "update touchline.campaigns set service_type = 'other'; alter table touchline.campaigns alter service_type set not null",
    'D3 K7 N14 T2',
  ],
  [table('campaigns', 'drop constraint campaigns_service_type'), 'T2 K8 M1 N14'],
  [table('jobs', 'drop constraint jobs_service_type'), 'T2 M1 N14'],
  [table('campaigns', 'drop constraint campaigns_status'), 'T1 M2'],
  [table('campaigns', 'drop constraint campaigns_is_preset'), 'T3 R4 N15'],
  ['drop policy campaigns_update on touchline.campaigns', 'T3 T4 M4 R1 R2'],
  ['alter policy campaigns_insert on touchline.campaigns with check (true)', 'T4 M4'],
  ['grant update (is_preset) on touchline.campaigns to authenticated', 'T3 T4 M4 R1'],
  ['grant delete on touchline.campaigns to authenticated', 'T3 T4 M4 R1'],
  ['drop index touchline.campaigns_one_per_service_type', 'T5 K7 M3 M5'],
  ['drop index touchline.idx_campaigns_presets', 'M5'],
  [table('campaigns', 'disable trigger campaigns_updated_at'), 'M6'],
  [
    table(
      'campaigns',
      'drop constraint campaigns_business_id_fkey, add foreign key (business_id) references touchline.businesses (id)',
    ),
    'R10 V3',
  ],
];

const touches: SeedMutant[] = [
  [table('campaign_touches', 'drop constraint campaign_touches_business_id_campaign_id_version_fkey'), 'T6'],
  [table('campaign_touches', 'drop constraint campaign_touches_touch_number'), 'T6 T7 M8 N12 L2 L3'],
  [table('campaign_touches', 'drop constraint campaign_touches_channel'), 'T7 M8 N13 L6'],
  [table('campaign_touches', 'drop constraint campaign_touches_delay_hours'), 'T7 M8'],
  [
    table(
      'campaign_touches',
      `drop constraint campaign_touches_business_id_template_id_fkey, add foreign key (business_id, template_id)
       references touchline.message_templates (business_id, id) on delete cascade`,
    ),
    'T8 M9 R15 V3',
  ],
  [table('campaign_touches', 'drop constraint campaign_touches_position_key'), 'T9 M10 M12'],
  ['drop index touchline.idx_touches_template', 'M12'],
  ['alter policy campaign_touches_select on touchline.campaign_touches using (true)', 'T10 M11 R1'],
  [table('campaign_touches', 'disable trigger campaign_touches_draft_only'), 'T10'],
  [table('campaign_touches', 'drop constraint campaign_touches_business_id_campaign_id_fkey'), 'M7 R11 V3'],
];

const enrollments: SeedMutant[] = [
  [table('campaign_enrollments', 'drop column touch_3_status cascade'), 'D1 D4 T11 T12 K1 M14 M15 N16'],
  [table('campaign_enrollments', 'drop column touch_4_reason cascade'), 'T11'],
  [table('campaign_enrollments', 'add column touch_5_status text'), 'L5'],
  [table('campaign_enrollments', 'drop constraint campaign_enrollments_stopped'), 'T12 M14 N11 N16'],
  [table('campaign_enrollments', 'drop constraint campaign_enrollments_stop_reason'), 'T12 M14 N11 N16'],
  [table('campaign_enrollments', 'alter current_touch drop default'), 'T13'],
  [table('campaign_enrollments', 'drop constraint campaign_enrollments_touch_3_after_2'), 'K3'],
  ['drop index touchline.campaign_enrollments_one_active', 'T14 M16 N17 L4'],
  ['drop index touchline.campaign_enrollments_one_active_per_job', 'T14'],
  ['grant update on touchline.campaign_enrollments to authenticated', 'T15 M19 R1'],
  ['alter policy campaign_enrollments_select on touchline.campaign_enrollments using (true)', 'T15 M19 R1'],
  [table('campaign_enrollments', 'disable trigger campaign_enrollments_updated_at'), 'M20'],
  [table('campaign_enrollments', 'drop constraint campaign_enrollments_business_id_campaign_id_fkey'), 'M13 R12 V3'],
  [table('campaign_enrollments', 'drop constraint campaign_enrollments_business_id_job_id_fkey'), 'M13 R13 V3'],
  [table('campaign_enrollments', 'drop constraint campaign_enrollments_business_id_customer_id_fkey'), 'M13'],
  ['drop index touchline.idx_enrollments_campaign', 'M18 R7'],
  ['drop index touchline.idx_enrollments_customer', 'M18 R9'],
  ['drop index touchline.idx_enrollments_job', 'M18'],
  [
    'create index idx_enrollments_touch_1_due on touchline.campaign_enrollments (touch_1_scheduled_at)',
    'D5 D6 K5 M17 R5 P1 P6',
  ],
];

const messages: SeedMutant[] = [
  [table('send_logs', 'alter touch_number set not null'), 'T16 M21 N18'],
  [table('send_logs', 'alter channel drop default'), 'T17 M22'],
  [table('send_logs', 'drop constraint send_logs_channel'), 'T17 M22 M23 N13 L6'],
  [table('send_logs', 'drop constraint send_logs_touch_number'), 'M23 N12 L2 L3'],
  ['drop index touchline.idx_send_logs_campaign', 'T18 M24 R8 N10 P3 P4'],
  ['drop index touchline.idx_send_logs_enrollment', 'T18 M24 R8'],
  [
    table(
      'send_logs',
      `drop constraint send_logs_campaign_fk, add foreign key (business_id, campaign_id)
       references touchline.campaigns (business_id, id) on delete cascade`,
    ),
    'R14 V3',
  ],
];

const everything: SeedMutant[] = [
  ['drop index touchline.touch_queue_due', 'D1 K2 N1 N5 N9'],
  [table('touch_queue', 'alter due_at drop not null'), 'D4 K4'],
  [table('sending_policies', 'alter min_gap_hours set default 0'), 'K4'],
  [table('sending_policies', 'drop constraint sending_policies_overlap'), 'N17'],
  [table('jobs', 'drop constraint jobs_decision'), 'N4'],
  [table('users', 'disable row level security'), 'R3 V2'],
  [table('campaigns', 'disable row level security'), 'T4 M4 R1 R3 V2'],
  ['grant select on touchline.customers to anon', 'R3'],
  ['grant truncate on touchline.customers to service_role', 'R3'],
  [table('links', 'add column planted uuid references touchline.users (id)'), 'R3 N2'],
  [
    `create or replace function touchline.readable_business_ids() returns uuid[] language sql stable as 'select touchline.my_business_ids()'`,
    'R2',
  ],
  [
    `create or replace function touchline.writable_business_ids() returns uuid[] language sql stable as 'select touchline.readable_business_ids()'`,
    'T3 R4 N15',
  ],
  ["update touchline.campaigns set status = 'draft' where preset_key = 'gentle'", 'N7'],
  [
    "update supabase_migrations.schema_migrations set version = '20260204000150' where name = 'create_campaign_enrollments'",
    'D7',
  ],
  ['revoke execute on all functions in schema touchline from authenticated', 'N3 N4 N6 N7 N8 N11'],
  ['revoke execute on all functions in schema touchline from touchline_worker', 'N1 N4 N5 N9'],
];

export const seedMutants: readonly SeedMutant[] = [
  ...campaigns,
  ...touches,
  ...enrollments,
  ...messages,
  ...everything,
];
