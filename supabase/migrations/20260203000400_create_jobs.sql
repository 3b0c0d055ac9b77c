-- A piece of work for a customer. Its completion is what a campaign answers to; the decision taken is kept on the job.
set lock_timeout = '4s';

create table touchline.jobs (
  business_id uuid not null references touchline.businesses (id) on delete cascade,
  id uuid not null default touchline.uuid_v7(),
  customer_id uuid not null,
  external_id text,
  service_type text not null default 'other',
  title text,
  notes text,
  status text not null default 'scheduled',
  scheduled_for timestamptz,
  completed_at timestamptz,
  source text not null default 'app',
  campaign_choice text not null default 'automatic',
  chosen_campaign_id uuid,
  decision text,
  decision_reason text,
  decided_at timestamptz,
  decide_after timestamptz,
  blocked_by_enrollment uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (business_id, id),
  foreign key (business_id, customer_id) references touchline.customers (business_id, id) on delete cascade,
  constraint jobs_external_id_key unique (business_id, external_id),
  constraint jobs_external_id check (length(external_id) between 1 and 200),
  constraint jobs_service_type check (service_type in (
    'hvac', 'plumbing', 'electrical', 'cleaning', 'roofing', 'painting', 'handyman', 'other')),
  constraint jobs_title check (length(title) <= 200),
  constraint jobs_status check (status in ('scheduled', 'completed', 'do_not_send', 'cancelled')),
  constraint jobs_completed_at check (status <> 'completed' or completed_at is not null),
  constraint jobs_not_completed check (status <> 'scheduled' or completed_at is null),
  constraint jobs_source check (source in ('app', 'api', 'cli', 'import')),
  constraint jobs_campaign_choice check (campaign_choice in ('automatic', 'campaign', 'none')),
  constraint jobs_chosen_campaign check (chosen_campaign_id is null or campaign_choice = 'campaign'),
  constraint jobs_decision check (decision in ('enrolled', 'queued', 'conflict', 'refused', 'imported')),
  constraint jobs_decided_at check ((decision is null) = (decided_at is null)),
  constraint jobs_decision_reason check (decision_reason in (
    'already_active', 'campaign_not_live', 'campaign_paused', 'customer_archived', 'customer_erased', 'business_suspended',
    'enrolled_recently', 'job_not_completed', 'no_campaign', 'no_reachable_channel', 'none_chosen', 'opted_out',
    'reviewed_recently', 'too_old')),
  constraint jobs_refusal_has_reason check ((decision in ('refused', 'queued', 'conflict')) = (decision_reason is not null)),
  constraint jobs_decide_after check (decide_after is null or decision = 'queued'),
  constraint jobs_blocked_by check (blocked_by_enrollment is null or decision in ('queued', 'conflict'))
);
create index jobs_customer on touchline.jobs (business_id, customer_id);
create index jobs_undecided on touchline.jobs (completed_at, business_id, id) where status = 'completed' and decision is null;
create index jobs_queued on touchline.jobs (decide_after, business_id, id) where decision = 'queued';
create index jobs_blocked_by on touchline.jobs (business_id, blocked_by_enrollment) where blocked_by_enrollment is not null;
create index jobs_chosen_campaign on touchline.jobs (business_id, chosen_campaign_id) where chosen_campaign_id is not null;
alter table touchline.jobs enable row level security;
create trigger jobs_updated_at before update on touchline.jobs
for each row execute function touchline.set_updated_at();
