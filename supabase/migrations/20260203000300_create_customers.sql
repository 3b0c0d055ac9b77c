-- People a business has worked for, the evidence of their consent, and addresses that must not be written to.
set lock_timeout = '4s';

create table touchline.customers (
  business_id uuid not null references touchline.businesses (id) on delete cascade,
  id uuid not null default touchline.uuid_v7(),
  external_id text,
  first_name text,
  last_name text,
  email text,
  phone text,
  country text,
  state text,
  time_zone text references touchline.time_zones (name),
  time_zone_source text,
  sms_consent_status text not null default 'unknown',
  sms_consent_at timestamptz,
  email_consent_status text not null default 'unknown',
  email_consent_at timestamptz,
  status text not null default 'active',
  archived_at timestamptz,
  erased_at timestamptz,
  last_reviewed_at timestamptz,
  tags text[] not null default '{}',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (business_id, id),
  constraint customers_external_id_key unique (business_id, external_id),
  constraint customers_external_id check (length(external_id) between 1 and 200),
  constraint customers_first_name check (length(first_name) <= 100 and first_name !~ '[\x01-\x1f\x7f]'),
  constraint customers_last_name check (length(last_name) <= 100 and last_name !~ '[\x01-\x1f\x7f]'),
  constraint customers_email check (
    email = lower(email) and email ~ '^[^\s@<>",;]+@[^\s@<>",;]+$' and length(email) <= 254),
  constraint customers_phone check (phone ~ '^\+[1-9][0-9]{6,14}$'),
  constraint customers_country check (country ~ '^[A-Z]{2}$'),
  constraint customers_state check (state ~ '^[A-Z0-9]{1,3}$'),
  constraint customers_time_zone_source check (time_zone_source in ('explicit', 'address', 'area_code')),
  constraint customers_time_zone_has_source check ((time_zone is null) = (time_zone_source is null)),
  constraint customers_sms_consent_status check (sms_consent_status in ('unknown', 'opted_in', 'opted_out')),
  constraint customers_sms_consent_at check ((sms_consent_status = 'unknown') = (sms_consent_at is null)),
  constraint customers_email_consent_status check (email_consent_status in ('unknown', 'opted_in', 'opted_out')),
  constraint customers_email_consent_at check ((email_consent_status = 'unknown') = (email_consent_at is null)),
  constraint customers_status check (status in ('active', 'archived', 'erased')),
  constraint customers_archived_at check (status <> 'archived' or archived_at is not null),
  constraint customers_not_archived check (status <> 'active' or archived_at is null),
  constraint customers_erased_at check ((status = 'erased') = (erased_at is not null)),
  constraint customers_tags check (cardinality(tags) <= 5)
);
create index customers_email on touchline.customers (business_id, email) where email is not null;
create index customers_phone on touchline.customers (business_id, phone) where phone is not null;
create index customers_time_zone on touchline.customers (time_zone) where time_zone is not null;
alter table touchline.customers enable row level security;
create trigger customers_updated_at before update on touchline.customers
for each row execute function touchline.set_updated_at();

-- Evidence is never rewritten: a correction is a further row. Personal details may be wiped by an erasure.
create function touchline.refuse_evidence_change() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  if (pg_catalog.to_jsonb(new) - tg_argv::text[]) is distinct from (pg_catalog.to_jsonb(old) - tg_argv::text[]) then
    raise exception '% is append-only', tg_table_name
      using errcode = 'TL308', detail = 'A recorded row would have been changed.',
        hint = 'Write a further row that says what changed.';
  end if;
  return new;
end $$;
revoke all on function touchline.refuse_evidence_change() from public;

create table touchline.consent_events (
  business_id uuid not null references touchline.businesses (id) on delete cascade,
  id uuid not null default touchline.uuid_v7(),
  customer_id uuid,
  channel text not null,
  kind text not null,
  scope text not null default 'business',
  source text not null,
  source_event_id text,
  method text,
  consent_form text,
  text_shown text,
  notes text,
  ip inet,
  address_hash bytea not null,
  recorded_by uuid,
  occurred_at timestamptz not null,
  recorded_at timestamptz not null default now(),
  sequence bigint not null default nextval('touchline.fence_sequence'),
  primary key (business_id, id),
  foreign key (business_id, customer_id) references touchline.customers (business_id, id) on delete set null (customer_id),
  constraint consent_events_source_event unique (business_id, source, source_event_id),
  constraint consent_events_channel check (channel in ('email', 'sms')),
  constraint consent_events_kind check (kind in ('opt_in', 'opt_out')),
  constraint consent_events_scope check (scope in ('business', 'all')),
  constraint consent_events_source check (source in (
    'api', 'cli', 'dashboard', 'import', 'inbound_sms', 'inbound_email', 'unsubscribe_link', 'provider', 'complaint', 'bounce')),
  constraint consent_events_method check (method in (
    'verbal_in_person', 'phone_call', 'service_agreement', 'website_form', 'text_message', 'email', 'other')),
  constraint consent_events_consent_form check (consent_form in ('express', 'written')),
  constraint consent_events_consent_form_of_opt_in check (consent_form is null or kind = 'opt_in')
);
create index consent_events_customer on touchline.consent_events (business_id, customer_id, channel, sequence);
create index consent_events_address on touchline.consent_events (business_id, channel, address_hash);
alter table touchline.consent_events enable row level security;
create trigger consent_events_append_only before update on touchline.consent_events
for each row execute function touchline.refuse_evidence_change('customer_id', 'ip', 'text_shown', 'notes');

-- Survives deletion of the customer and re-import: the keyed hash stays when the address itself is wiped.
create table touchline.suppressions (
  business_id uuid not null references touchline.businesses (id) on delete cascade,
  channel text not null,
  address_hash bytea not null,
  address text,
  reason text not null,
  suppressed_at timestamptz not null,
  lifted_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (business_id, channel, address_hash),
  constraint suppressions_channel check (channel in ('email', 'sms')),
  constraint suppressions_reason check (reason in ('opt_out', 'bounced', 'complained', 'customer_erased', 'manual')),
  constraint suppressions_lifted_at check (lifted_at >= suppressed_at)
);
alter table touchline.suppressions enable row level security;
create trigger suppressions_updated_at before update on touchline.suppressions
for each row execute function touchline.set_updated_at();
