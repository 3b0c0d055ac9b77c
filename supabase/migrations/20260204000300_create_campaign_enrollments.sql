-- One person's way through one version of a campaign: the record. The plan of all touches is written once, at enrollment,
-- and never moves; what may be claimed next stands in touch_queue, so that no index here sees a touch settle (HOT).
set lock_timeout = '4s';

create table touchline.campaign_enrollments (
  business_id uuid not null references touchline.businesses (id) on delete cascade,
  id uuid not null default touchline.uuid_v7(),
  campaign_id uuid not null,
  campaign_version integer not null,
  job_id uuid not null,
  customer_id uuid not null,
  status text not null default 'active',
  stop_reason text,
  stopped_at timestamptz,
  completed_at timestamptz,
  enrolled_at timestamptz not null,
  anchor_at timestamptz not null,
  plan_shift interval not null default interval '0',
  current_touch smallint not null default 1,
  touch_1_scheduled_at timestamptz,
  touch_1_sent_at timestamptz,
  touch_1_status text,
  touch_1_reason text,
  touch_2_scheduled_at timestamptz,
  touch_2_sent_at timestamptz,
  touch_2_status text,
  touch_2_reason text,
  touch_3_scheduled_at timestamptz,
  touch_3_sent_at timestamptz,
  touch_3_status text,
  touch_3_reason text,
  touch_4_scheduled_at timestamptz,
  touch_4_sent_at timestamptz,
  touch_4_status text,
  touch_4_reason text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (business_id, id),
  foreign key (business_id, campaign_id) references touchline.campaigns (business_id, id) on delete cascade,
  foreign key (business_id, campaign_id, campaign_version)
    references touchline.campaign_versions (business_id, campaign_id, number),
  foreign key (business_id, job_id) references touchline.jobs (business_id, id) on delete cascade,
  foreign key (business_id, customer_id) references touchline.customers (business_id, id) on delete cascade,
  constraint campaign_enrollments_status check (status in ('active', 'completed', 'stopped')),
  constraint campaign_enrollments_stop_reason check (stop_reason in (
    'review_clicked', 'feedback_submitted', 'opted_out_sms', 'opted_out_email', 'owner_stopped', 'campaign_paused',
    'campaign_deleted', 'repeat_job', 'replied', 'booked_again', 'bounced', 'complained', 'customer_erased',
    'business_suspended')),
  constraint campaign_enrollments_stopped check ((status = 'stopped') = (stop_reason is not null)),
  constraint campaign_enrollments_stopped_at check ((status = 'stopped') = (stopped_at is not null)),
  constraint campaign_enrollments_completed_at check ((status = 'completed') = (completed_at is not null)),
  constraint campaign_enrollments_current_touch check (current_touch between 1 and 4),
  constraint campaign_enrollments_plan_shift check (plan_shift >= interval '0'),
  constraint campaign_enrollments_touch_1 check (touch_1_scheduled_at is not null),
  constraint campaign_enrollments_touch_1_status check (touch_1_status in (
    'pending', 'sending', 'unknown', 'held', 'sent', 'presumed_sent', 'failed', 'skipped', 'cancelled')),
  constraint campaign_enrollments_touch_1_planned check ((touch_1_scheduled_at is null) = (touch_1_status is null)),
  constraint campaign_enrollments_touch_1_sent_at check ((touch_1_status = 'sent') is true = (touch_1_sent_at is not null)),
  constraint campaign_enrollments_touch_1_reason check (
    (coalesce(touch_1_status, '') in ('failed', 'skipped')) = (touch_1_reason is not null)),
  constraint campaign_enrollments_touch_2_status check (touch_2_status in (
    'pending', 'sending', 'unknown', 'held', 'sent', 'presumed_sent', 'failed', 'skipped', 'cancelled')),
  constraint campaign_enrollments_touch_2_planned check ((touch_2_scheduled_at is null) = (touch_2_status is null)),
  constraint campaign_enrollments_touch_2_sent_at check ((touch_2_status = 'sent') is true = (touch_2_sent_at is not null)),
  constraint campaign_enrollments_touch_2_reason check (
    (coalesce(touch_2_status, '') in ('failed', 'skipped')) = (touch_2_reason is not null)),
  constraint campaign_enrollments_touch_3_status check (touch_3_status in (
    'pending', 'sending', 'unknown', 'held', 'sent', 'presumed_sent', 'failed', 'skipped', 'cancelled')),
  constraint campaign_enrollments_touch_3_planned check ((touch_3_scheduled_at is null) = (touch_3_status is null)),
  constraint campaign_enrollments_touch_3_sent_at check ((touch_3_status = 'sent') is true = (touch_3_sent_at is not null)),
  constraint campaign_enrollments_touch_3_reason check (
    (coalesce(touch_3_status, '') in ('failed', 'skipped')) = (touch_3_reason is not null)),
  constraint campaign_enrollments_touch_4_status check (touch_4_status in (
    'pending', 'sending', 'unknown', 'held', 'sent', 'presumed_sent', 'failed', 'skipped', 'cancelled')),
  constraint campaign_enrollments_touch_4_planned check ((touch_4_scheduled_at is null) = (touch_4_status is null)),
  constraint campaign_enrollments_touch_4_sent_at check ((touch_4_status = 'sent') is true = (touch_4_sent_at is not null)),
  constraint campaign_enrollments_touch_4_reason check (
    (coalesce(touch_4_status, '') in ('failed', 'skipped')) = (touch_4_reason is not null)),
  constraint campaign_enrollments_touch_2_after_1 check (touch_2_scheduled_at is null or touch_2_scheduled_at > touch_1_scheduled_at),
  constraint campaign_enrollments_touch_3_after_2 check (touch_3_scheduled_at is null or touch_3_scheduled_at > touch_2_scheduled_at),
  constraint campaign_enrollments_touch_4_after_3 check (touch_4_scheduled_at is null or touch_4_scheduled_at > touch_3_scheduled_at),
  constraint campaign_enrollments_touch_2_follows check (touch_2_scheduled_at is null or touch_1_scheduled_at is not null),
  constraint campaign_enrollments_touch_3_follows check (touch_3_scheduled_at is null or touch_2_scheduled_at is not null),
  constraint campaign_enrollments_touch_4_follows check (touch_4_scheduled_at is null or touch_3_scheduled_at is not null)
) with (fillfactor = 75);
-- The seed: one active enrollment per customer and campaign. And one per job, so that two completions enroll once.
create unique index campaign_enrollments_one_active on touchline.campaign_enrollments (business_id, customer_id, campaign_id)
where status = 'active';
create unique index campaign_enrollments_one_active_per_job on touchline.campaign_enrollments (business_id, job_id)
where status = 'active';
create index idx_enrollments_campaign on touchline.campaign_enrollments (business_id, campaign_id, status);
create index idx_enrollments_customer on touchline.campaign_enrollments (business_id, customer_id, status);
create index idx_enrollments_job on touchline.campaign_enrollments (business_id, job_id);
alter table touchline.campaign_enrollments enable row level security;
create trigger campaign_enrollments_updated_at before update on touchline.campaign_enrollments
for each row execute function touchline.set_updated_at();

alter table touchline.jobs
  add constraint jobs_blocked_by_enrollment_fk foreign key (business_id, blocked_by_enrollment)
  references touchline.campaign_enrollments (business_id, id) on delete set null (blocked_by_enrollment);
