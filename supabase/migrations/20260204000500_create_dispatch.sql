-- What may be claimed next. touch_queue is the work (one narrow row per active enrollment), business_dispatch the fairness
-- (one lane per business and channel), sender_accounts who sends and how fast.
set lock_timeout = '4s';

create table touchline.sender_accounts (
  business_id uuid not null references touchline.businesses (id) on delete cascade,
  id uuid not null default touchline.uuid_v7(),
  channel text not null,
  kind text not null default 'server_default',
  name text not null default 'Server default',
  from_address text,
  settings jsonb not null default '{}',
  secret_ciphertext bytea,
  secret_key_id text,
  in_use boolean not null default true,
  status text not null default 'active',
  paused_at timestamptz,
  pause_reason text,
  paused_until timestamptz,
  failures_in_a_row integer not null default 0,
  rate_per_hour integer,
  next_slot_at timestamptz not null default '-infinity',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (business_id, id),
  constraint sender_accounts_channel check (channel in ('email', 'sms')),
  constraint sender_accounts_kind check (kind in ('server_default', 'smtp', 'resend', 'twilio')),
  constraint sender_accounts_name check (length(btrim(name)) between 1 and 100),
  constraint sender_accounts_secret check ((secret_ciphertext is null) = (secret_key_id is null)),
  constraint sender_accounts_status check (status in ('active', 'paused')),
  constraint sender_accounts_paused_at check ((status = 'paused') = (paused_at is not null)),
  constraint sender_accounts_pause_reason check ((status = 'paused') = (pause_reason is not null)),
  constraint sender_accounts_paused_until check (paused_until is null or status = 'paused'),
  constraint sender_accounts_rate_per_hour check (rate_per_hour between 1 and 1000000)
) with (fillfactor = 70);
create unique index sender_accounts_one_in_use on touchline.sender_accounts (business_id, channel) where in_use;
alter table touchline.sender_accounts enable row level security;
create trigger sender_accounts_updated_at before update on touchline.sender_accounts
for each row execute function touchline.set_updated_at();

create table touchline.business_dispatch (
  business_id uuid not null references touchline.businesses (id) on delete cascade,
  channel text not null,
  next_due_at timestamptz not null default 'infinity',
  floor_due_at timestamptz not null default '-infinity',
  floor_enrollment_id uuid not null default '00000000-0000-0000-0000-000000000000',
  blocked_at timestamptz,
  blocked_reason text,
  primary key (business_id, channel),
  constraint business_dispatch_channel check (channel in ('email', 'sms')),
  constraint business_dispatch_blocked check ((blocked_at is null) = (blocked_reason is null))
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000,
  autovacuum_vacuum_cost_delay = 0, vacuum_truncate = off);
create index business_dispatch_next_due on touchline.business_dispatch (next_due_at) where blocked_at is null;
alter table touchline.business_dispatch enable row level security;

create table touchline.touch_queue (
  business_id uuid not null,
  enrollment_id uuid not null,
  touch_number smallint not null,
  channel text not null,
  scheduled_at timestamptz not null,
  due_at timestamptz not null,
  late_after timestamptz not null,
  blocked_by text,
  attempts smallint not null default 0,
  claim_id uuid,
  lease_until timestamptz,
  stopping boolean not null default false,
  primary key (business_id, enrollment_id),
  foreign key (business_id, enrollment_id) references touchline.campaign_enrollments (business_id, id) on delete cascade,
  constraint touch_queue_touch_number check (touch_number between 1 and 4),
  constraint touch_queue_channel check (channel in ('email', 'sms')),
  constraint touch_queue_blocked_by check (blocked_by in (
    'campaign_paused', 'business_suspended', 'account_paused', 'unknown', 'held', 'missing_setting')),
  constraint touch_queue_parked check ((due_at = 'infinity') = (blocked_by is not null)),
  constraint touch_queue_lease check ((claim_id is null) = (lease_until is null)),
  constraint touch_queue_attempts check (attempts >= 0)
) with (fillfactor = 60, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 10000,
  autovacuum_vacuum_cost_delay = 0, vacuum_truncate = off);
create index touch_queue_due on touchline.touch_queue (business_id, channel, due_at, enrollment_id);
create index touch_queue_lease on touchline.touch_queue (lease_until) where lease_until is not null;
alter table touchline.touch_queue enable row level security;

-- Each business has a lane and a sender for each channel from its first moment.
create function touchline.create_lanes() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  insert into touchline.business_dispatch (business_id, channel) values (new.id, 'email'), (new.id, 'sms');
  insert into touchline.sender_accounts (business_id, channel) values (new.id, 'email'), (new.id, 'sms');
  return null;
end $$;
revoke all on function touchline.create_lanes() from public;
create trigger businesses_lanes after insert on touchline.businesses
for each row execute function touchline.create_lanes();
insert into touchline.business_dispatch (business_id, channel)
select b.id, c.channel from touchline.businesses b, (values ('email'), ('sms')) c (channel)
where b.id <> touchline.system_business_id();
insert into touchline.sender_accounts (business_id, channel)
select b.id, c.channel from touchline.businesses b, (values ('email'), ('sms')) c (channel)
where b.id <> touchline.system_business_id();
