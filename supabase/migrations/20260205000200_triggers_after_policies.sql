-- Triggers that look at other rows run after the row has met its policy and its keys: as BEFORE triggers they answered for
-- rows the caller may not see. The one on touches now also looks at the version a touch is moved away from.
set lock_timeout = '4s';

create or replace function touchline.refuse_published_change() returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
  v_number integer;
begin
  if tg_op = 'UPDATE' and new.template_id is null
    and pg_catalog.to_jsonb(new) - '{template_id,updated_at}'::text[] = pg_catalog.to_jsonb(old) - '{template_id,updated_at}'::text[]
  then
    return null;
  end if;
  select v.number into v_number
  from touchline.campaign_versions v
  where v.state <> 'draft'
    and (v.business_id, v.campaign_id, v.number) in (
      (old.business_id, old.campaign_id, old.version), (new.business_id, new.campaign_id, new.version))
  limit 1;
  if found then
    raise exception 'Version % of this campaign is published', v_number
      using errcode = 'TL303', detail = 'Touches of a published version never change: people inside it keep what they were promised.',
        hint = 'Edit the campaign (edit_campaign makes a draft version) and publish that.';
  end if;
  return null;
end $$;

create or replace function touchline.check_touch_template() returns trigger
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
  return null;
end $$;

drop trigger campaign_touches_draft_only on touchline.campaign_touches;
create trigger campaign_touches_draft_only after insert or update or delete on touchline.campaign_touches
for each row execute function touchline.refuse_published_change();

drop trigger campaign_touches_template_channel on touchline.campaign_touches;
create trigger campaign_touches_template_channel after insert or update of channel, template_id on touchline.campaign_touches
for each row execute function touchline.check_touch_template();
