-- What is written to people. A template is edited in place; every saved text is also a numbered version that never changes,
-- because a published touch sends exactly the version it was published with.
set lock_timeout = '4s';

create table touchline.message_templates (
  business_id uuid not null references touchline.businesses (id) on delete cascade,
  id uuid not null default touchline.uuid_v7(),
  name text not null,
  channel text not null,
  service_type text,
  purpose text not null default 'other',
  subject text,
  body text not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (business_id, id),
  constraint message_templates_name check (length(btrim(name)) between 1 and 100),
  constraint message_templates_channel check (channel in ('email', 'sms')),
  constraint message_templates_service_type check (service_type in (
    'hvac', 'plumbing', 'electrical', 'cleaning', 'roofing', 'painting', 'handyman', 'other')),
  constraint message_templates_purpose check (purpose in ('first', 'reminder', 'last_note', 'other')),
  constraint message_templates_subject check ((channel = 'email') = (subject is not null)),
  constraint message_templates_subject_text check (
    length(btrim(subject)) >= 1 and length(subject) <= 300 and subject !~ '[\x01-\x1f\x7f]'),
  constraint message_templates_body check (length(btrim(body)) >= 1 and length(body) <= 10000)
);
create index message_templates_channel on touchline.message_templates (business_id, channel, service_type);
alter table touchline.message_templates enable row level security;
create trigger message_templates_updated_at before update on touchline.message_templates
for each row execute function touchline.set_updated_at();

create table touchline.template_versions (
  business_id uuid not null references touchline.businesses (id) on delete cascade,
  id uuid not null default touchline.uuid_v7(),
  template_id uuid,
  number integer not null,
  name text not null,
  channel text not null,
  subject text,
  body text not null,
  created_at timestamptz not null default now(),
  primary key (business_id, id),
  foreign key (business_id, template_id) references touchline.message_templates (business_id, id) on delete set null (template_id),
  constraint template_versions_number_key unique (business_id, template_id, number),
  constraint template_versions_number check (number >= 1),
  constraint template_versions_channel check (channel in ('email', 'sms'))
);
alter table touchline.template_versions enable row level security;
create trigger template_versions_immutable before update on touchline.template_versions
for each row execute function touchline.refuse_evidence_change('template_id');

create function touchline.keep_template_version() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  if tg_op = 'UPDATE' and (new.name, new.channel, new.subject, new.body)
    is not distinct from (old.name, old.channel, old.subject, old.body) then
    return null;
  end if;
  insert into touchline.template_versions (business_id, template_id, number, name, channel, subject, body)
  select new.business_id, new.id, coalesce(max(v.number), 0) + 1, new.name, new.channel, new.subject, new.body
  from touchline.template_versions v
  where v.business_id = new.business_id
    and v.template_id = new.id;
  return null;
end $$;
revoke all on function touchline.keep_template_version() from public;
create trigger message_templates_version after insert or update on touchline.message_templates
for each row execute function touchline.keep_template_version();

-- A text of the other channel under a touch would be sent as the wrong kind of message.
create function touchline.refuse_channel_change() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  if new.channel <> old.channel then
    raise exception 'A template keeps its channel'
      using errcode = 'TL401', detail = pg_catalog.format('Template %s is an %s template.', old.id, old.channel),
        hint = 'Make a new template for the other channel.';
  end if;
  return new;
end $$;
revoke all on function touchline.refuse_channel_change() from public;
create trigger message_templates_channel_fixed before update of channel on touchline.message_templates
for each row execute function touchline.refuse_channel_change();
