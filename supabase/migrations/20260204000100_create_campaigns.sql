-- A campaign answers to completed jobs of one service type, or of all (service_type null). Presets are campaigns of the
-- system business: readable by everybody, writable by nobody. What is sent stands in versions; a person keeps theirs.
set lock_timeout = '4s';

create table touchline.campaigns (
  business_id uuid not null references touchline.businesses (id) on delete cascade,
  id uuid not null default touchline.uuid_v7(),
  name text not null,
  description text,
  service_type text,
  is_preset boolean not null default false,
  preset_key text,
  copied_from_preset text,
  status text not null default 'draft',
  live_version integer,
  paused_at timestamptz,
  pause_reason text,
  archived_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (business_id, id),
  constraint campaigns_name check (length(btrim(name)) between 1 and 100 and name !~ '[\x01-\x1f\x7f]'),
  constraint campaigns_description check (length(description) <= 500),
  constraint campaigns_service_type check (service_type in (
    'hvac', 'plumbing', 'electrical', 'cleaning', 'roofing', 'painting', 'handyman', 'other')),
  constraint campaigns_is_preset check (is_preset = (business_id = '00000000-0000-0000-0000-000000000000')),
  constraint campaigns_preset_key check (is_preset = (preset_key is not null)),
  constraint campaigns_preset_key_key unique (business_id, preset_key),
  constraint campaigns_status check (status in ('draft', 'active', 'paused', 'archived')),
  constraint campaigns_live_version check (status not in ('active', 'paused') or live_version is not null),
  constraint campaigns_paused_at check ((status = 'paused') = (paused_at is not null)),
  constraint campaigns_pause_reason check (pause_reason is null or paused_at is not null),
  constraint campaigns_archived_at check ((status = 'archived') = (archived_at is not null))
);
-- The seed: one campaign per service type and business; NULL is a service type of its own here, so there is one default too.
create unique index campaigns_one_per_service_type on touchline.campaigns (business_id, service_type) nulls not distinct
where status in ('active', 'paused') and not is_preset;
create index idx_campaigns_business on touchline.campaigns (business_id, status);
create index idx_campaigns_presets on touchline.campaigns (is_preset) where is_preset;
alter table touchline.campaigns enable row level security;
create trigger campaigns_updated_at before update on touchline.campaigns
for each row execute function touchline.set_updated_at();

create table touchline.campaign_versions (
  business_id uuid not null,
  campaign_id uuid not null,
  number integer not null,
  state text not null default 'draft',
  published_at timestamptz,
  published_by uuid,
  retired_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (business_id, campaign_id, number),
  foreign key (business_id, campaign_id) references touchline.campaigns (business_id, id) on delete cascade,
  constraint campaign_versions_number check (number >= 1),
  constraint campaign_versions_state check (state in ('draft', 'live', 'retired')),
  constraint campaign_versions_published_at check ((state = 'draft') = (published_at is null)),
  constraint campaign_versions_retired_at check ((state = 'retired') = (retired_at is not null))
);
create unique index campaign_versions_one_draft on touchline.campaign_versions (business_id, campaign_id) where state = 'draft';
create unique index campaign_versions_one_live on touchline.campaign_versions (business_id, campaign_id) where state = 'live';
alter table touchline.campaign_versions enable row level security;
create trigger campaign_versions_updated_at before update on touchline.campaign_versions
for each row execute function touchline.set_updated_at();

alter table touchline.campaigns
  add constraint campaigns_live_version_fk foreign key (business_id, id, live_version)
  references touchline.campaign_versions (business_id, campaign_id, number);

alter table touchline.jobs
  add constraint jobs_chosen_campaign_fk foreign key (business_id, chosen_campaign_id)
  references touchline.campaigns (business_id, id) on delete set null (chosen_campaign_id);

-- Every campaign has a draft to write touches into from its first moment.
create function touchline.create_first_version() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  insert into touchline.campaign_versions (business_id, campaign_id, number) values (new.business_id, new.id, 1);
  return null;
end $$;
revoke all on function touchline.create_first_version() from public;
create trigger campaigns_first_version after insert on touchline.campaigns
for each row execute function touchline.create_first_version();
