-- Up to four touches in order, per version. delay_hours counts from the previous touch's plan (touch 1: from completion).
set lock_timeout = '4s';

create table touchline.campaign_touches (
  business_id uuid not null,
  id uuid not null default touchline.uuid_v7(),
  campaign_id uuid not null,
  version integer not null default 1,
  touch_number smallint not null,
  channel text not null,
  delay_hours integer not null,
  template_id uuid,
  template_version_id uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (business_id, id),
  foreign key (business_id, campaign_id) references touchline.campaigns (business_id, id) on delete cascade,
  foreign key (business_id, campaign_id, version)
    references touchline.campaign_versions (business_id, campaign_id, number) on delete cascade,
  foreign key (business_id, template_id) references touchline.message_templates (business_id, id) on delete set null (template_id),
  foreign key (business_id, template_version_id) references touchline.template_versions (business_id, id),
  constraint campaign_touches_position_key unique (business_id, campaign_id, version, touch_number),
  constraint campaign_touches_touch_number check (touch_number between 1 and 4),
  constraint campaign_touches_channel check (channel in ('email', 'sms')),
  constraint campaign_touches_delay_hours check (delay_hours between 1 and 8760)
);
create index idx_touches_template on touchline.campaign_touches (business_id, template_id) where template_id is not null;
create index idx_touches_template_version on touchline.campaign_touches (business_id, template_version_id)
where template_version_id is not null;
alter table touchline.campaign_touches enable row level security;
create trigger campaign_touches_updated_at before update on touchline.campaign_touches
for each row execute function touchline.set_updated_at();

-- A published touch is what people inside were promised. Only a draft may change; what still passes is the SET NULL of a
-- deleted template and the cascade of a deleted campaign (its version is gone by then).
create function touchline.refuse_published_change() returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
  v_touch touchline.campaign_touches := case when tg_op = 'DELETE' then old else new end;
  v_state text;
begin
  select v.state into v_state
  from touchline.campaign_versions v
  where (v.business_id, v.campaign_id, v.number) = (v_touch.business_id, v_touch.campaign_id, v_touch.version);
  if v_state in ('live', 'retired') and not (
    tg_op = 'UPDATE' and new.template_id is null
    and pg_catalog.to_jsonb(new) - '{template_id,updated_at}'::text[] = pg_catalog.to_jsonb(old) - '{template_id,updated_at}'::text[]
  ) then
    raise exception 'Version % of this campaign is published', v_touch.version
      using errcode = 'TL303', detail = 'Touches of a published version never change: people inside it keep what they were promised.',
        hint = 'Edit the campaign (edit_campaign makes a draft version) and publish that.';
  end if;
  return v_touch;
end $$;
revoke all on function touchline.refuse_published_change() from public;
create trigger campaign_touches_draft_only before insert or update or delete on touchline.campaign_touches
for each row execute function touchline.refuse_published_change();

-- The text under a touch must be of the touch's channel.
create function touchline.check_touch_template() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  if exists (
    select from touchline.message_templates t
    where (t.business_id, t.id) = (new.business_id, new.template_id)
      and t.channel <> new.channel
  ) then
    raise exception 'Touch % is sent by %, its template is not', new.touch_number, new.channel
      using errcode = 'TL401', detail = 'A template belongs to one channel.', hint = 'Choose a template of the touch''s channel.';
  end if;
  return new;
end $$;
revoke all on function touchline.check_touch_template() from public;
create trigger campaign_touches_template_channel before insert or update of channel, template_id on touchline.campaign_touches
for each row execute function touchline.check_touch_template();

-- Deleting a text that a running campaign would send is refused with the campaigns' names. A purge of the whole business
-- passes: its row is gone by the time the cascade arrives here.
create function touchline.refuse_delete_of_used_template() returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
  v_names text;
begin
  select pg_catalog.string_agg(distinct c.name, ', ' order by c.name) into v_names
  from touchline.campaign_touches t
  join touchline.campaigns c on (c.business_id, c.id, c.live_version) = (t.business_id, t.campaign_id, t.version)
  where (t.business_id, t.template_id) = (old.business_id, old.id)
    and c.status in ('active', 'paused')
    and exists (select from touchline.businesses b where b.id = old.business_id);
  if v_names is not null then
    raise exception 'Template "%" is in use', old.name
      using errcode = 'TL305', detail = pg_catalog.format('Used by: %s.', v_names),
        hint = 'Publish those campaigns with another template, or archive them, then delete it.';
  end if;
  return old;
end $$;
revoke all on function touchline.refuse_delete_of_used_template() from public;
create trigger message_templates_in_use before delete on touchline.message_templates
for each row execute function touchline.refuse_delete_of_used_template();
