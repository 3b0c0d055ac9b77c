-- The tenant and who may act for it. Every other tenant table starts with business_id and keys on (business_id, id).
set lock_timeout = '4s';

create table touchline.businesses (
  id uuid primary key default touchline.uuid_v7(),
  user_id uuid,
  name text not null,
  time_zone text not null references touchline.time_zones (name),
  country text not null default 'US',
  state text,
  postal_address text,
  brand_name text,
  sender_name text,
  contact_phone text,
  contact_email text,
  review_url text,
  service_types text[] not null
    default '{hvac,plumbing,electrical,cleaning,roofing,painting,handyman,other}',
  status text not null default 'active',
  suspended_at timestamptz,
  suspend_reason text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint businesses_owner check ((user_id is null) = (id = '00000000-0000-0000-0000-000000000000')),
  constraint businesses_name check (length(btrim(name)) between 1 and 200),
  constraint businesses_country check (country ~ '^[A-Z]{2}$'),
  constraint businesses_state check (state ~ '^[A-Z0-9]{1,3}$'),
  constraint businesses_postal_address check (length(btrim(postal_address)) between 8 and 500),
  constraint businesses_brand_name check (length(btrim(brand_name)) between 1 and 100),
  constraint businesses_sender_name check (length(btrim(sender_name)) between 1 and 100),
  constraint businesses_contact_phone check (contact_phone ~ '^\+[1-9][0-9]{6,14}$'),
  constraint businesses_contact_email check (contact_email ~ '^[^\s@<>",;]+@[^\s@<>",;]+$' and length(contact_email) <= 254),
  constraint businesses_review_url check (review_url ~ '^https://[^\s]+$' and length(review_url) <= 2000),
  constraint businesses_service_types check (
    cardinality(service_types) >= 1
    and service_types <@ '{hvac,plumbing,electrical,cleaning,roofing,painting,handyman,other}'::text[]),
  constraint businesses_status check (status in ('active', 'suspended')),
  constraint businesses_suspended check ((status = 'suspended') = (suspended_at is not null)),
  constraint businesses_suspend_reason check ((suspended_at is null) = (suspend_reason is null))
);
create index businesses_user on touchline.businesses (user_id);
create index businesses_time_zone on touchline.businesses (time_zone);
alter table touchline.businesses enable row level security;
create trigger businesses_updated_at before update on touchline.businesses
for each row execute function touchline.set_updated_at();

create table touchline.business_members (
  business_id uuid not null references touchline.businesses (id) on delete cascade,
  user_id uuid not null,
  role text not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (business_id, user_id),
  constraint business_members_role check (role in ('owner', 'manager', 'viewer'))
);
create index business_members_user on touchline.business_members (user_id);
alter table touchline.business_members enable row level security;
create trigger business_members_updated_at before update on touchline.business_members
for each row execute function touchline.set_updated_at();

-- The defaults of a sending policy stand here and nowhere else.
create table touchline.sending_policies (
  business_id uuid primary key references touchline.businesses (id) on delete cascade,
  max_late_hours integer not null default 48,
  min_gap_hours integer not null default 20,
  cap_messages_per_24h integer not null default 3,
  cap_sms_per_day integer not null default 1,
  reentry_days_after_review integer not null default 30,
  reentry_days_after_enrollment integer not null default 90,
  overlap text not null default 'skip',
  queue_gap_days integer not null default 7,
  max_enroll_age_days integer not null default 14,
  after_opt_out text not null default 'stop_enrollment',
  stop_on_reply boolean not null default true,
  unknown_sms text not null default 'presumed_sent',
  unknown_email text not null default 'presumed_sent',
  max_attempts integer not null default 5,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint sending_policies_max_late_hours check (max_late_hours between 1 and 720),
  constraint sending_policies_min_gap_hours check (min_gap_hours between 0 and 720),
  constraint sending_policies_cap_messages_per_24h check (cap_messages_per_24h between 1 and 20),
  constraint sending_policies_cap_sms_per_day check (cap_sms_per_day between 1 and 10),
  constraint sending_policies_reentry_days_after_review check (reentry_days_after_review between 0 and 3650),
  constraint sending_policies_reentry_days_after_enrollment check (reentry_days_after_enrollment between 0 and 3650),
  constraint sending_policies_overlap check (overlap in ('skip', 'replace', 'queue_after', 'ask')),
  constraint sending_policies_queue_gap_days check (queue_gap_days between 0 and 365),
  constraint sending_policies_max_enroll_age_days check (max_enroll_age_days between 1 and 365),
  constraint sending_policies_after_opt_out check (after_opt_out in ('stop_enrollment', 'continue_other_channel')),
  constraint sending_policies_unknown_sms check (unknown_sms in ('presumed_sent', 'hold', 'resend_once')),
  constraint sending_policies_unknown_email check (unknown_email in ('presumed_sent', 'hold', 'resend_once')),
  constraint sending_policies_max_attempts check (max_attempts between 1 and 20)
);
alter table touchline.sending_policies enable row level security;
create trigger sending_policies_updated_at before update on touchline.sending_policies
for each row execute function touchline.set_updated_at();

-- When sending is allowed, in the recipient's local time. closes <= opens wraps past midnight; a weekday without a row is closed.
create table touchline.sending_windows (
  business_id uuid not null references touchline.businesses (id) on delete cascade,
  channel text not null,
  iso_weekday smallint not null,
  opens time not null,
  closes time not null,
  primary key (business_id, channel, iso_weekday, opens),
  constraint sending_windows_channel check (channel in ('email', 'sms')),
  constraint sending_windows_iso_weekday check (iso_weekday between 1 and 7),
  constraint sending_windows_opens check (opens < time '24:00'),
  constraint sending_windows_not_empty check (opens <> closes)
);
alter table touchline.sending_windows enable row level security;
comment on table touchline.sending_windows is
  'Allowed windows per channel and ISO weekday (1 = Monday). The rows of the system business are the defaults.';

-- People who sign in to a stand-alone server; on Supabase auth.users takes this place.
create table touchline.users (
  id uuid primary key default touchline.uuid_v7(),
  email text not null unique,
  password_hash text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint users_email check (email = lower(email) and email ~ '^[^\s@<>",;]+@[^\s@<>",;]+$' and length(email) <= 254)
);
alter table touchline.users enable row level security;
create trigger users_updated_at before update on touchline.users
for each row execute function touchline.set_updated_at();

insert into touchline.businesses (id, user_id, name, time_zone)
values (touchline.system_business_id(), null, 'Touchline presets', 'UTC');
insert into touchline.sending_policies (business_id) values (touchline.system_business_id());
insert into touchline.sending_windows (business_id, channel, iso_weekday, opens, closes)
select touchline.system_business_id(), 'email', d, time '07:00', time '21:00' from pg_catalog.generate_series(1, 7) d
union all
select touchline.system_business_id(), 'sms', d, case when d = 7 then time '12:00' else time '08:00' end, time '21:00'
from pg_catalog.generate_series(1, 7) d;

-- A business is usable the moment its row exists, whoever wrote it: owner, policy and windows come with it.
create function touchline.complete_business() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  insert into touchline.business_members (business_id, user_id, role) values (new.id, new.user_id, 'owner');
  insert into touchline.sending_policies (business_id) values (new.id);
  insert into touchline.sending_windows (business_id, channel, iso_weekday, opens, closes)
  select new.id, channel, iso_weekday, opens, closes
  from touchline.sending_windows
  where business_id = touchline.system_business_id();
  return null;
end $$;
revoke all on function touchline.complete_business() from public;
create trigger businesses_complete after insert on touchline.businesses
for each row execute function touchline.complete_business();

-- The three lists every policy is written with (and owned, for members). STABLE and pinned, so that the planner evaluates
-- them once per scan and no caller's pg_temp table can stand in for ours. Only the signed-in user counts, never a role.
create function touchline.my_business_ids() returns uuid[]
language sql stable security definer
set search_path = ''
as $$
  select coalesce(pg_catalog.array_agg(business_id), '{}')
  from touchline.business_members
  where user_id = (select auth.uid())
$$;

create function touchline.readable_business_ids() returns uuid[]
language sql stable security definer
set search_path = ''
as $$
  select pg_catalog.array_append(touchline.my_business_ids(), touchline.system_business_id())
$$;

create function touchline.writable_business_ids() returns uuid[]
language sql stable security definer
set search_path = ''
as $$
  select coalesce(pg_catalog.array_agg(business_id), '{}')
  from touchline.business_members
  where user_id = (select auth.uid())
    and role in ('owner', 'manager')
$$;
revoke all on function touchline.my_business_ids(), touchline.readable_business_ids(), touchline.writable_business_ids() from public;
grant execute on function touchline.my_business_ids(), touchline.readable_business_ids(), touchline.writable_business_ids()
to authenticated, service_role;
