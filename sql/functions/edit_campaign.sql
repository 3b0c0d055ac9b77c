-- Purpose: gives the number of the campaign's draft version, made from the live one with its touches if there is none;
-- p_touches, if given, replaces the draft's touches (one to four, as write_touches describes them). What is live stays as it
-- is until the draft is published.
-- Moves: version → draft
-- Locks: campaigns (for no key update)
-- Raises: TL100 called_as_owner, TL201 not_found (business, campaign, template), TL202 not_allowed, TL302 campaign_state
-- (archived), TL401 template_channel, TL402 invalid_argument
create or replace function touchline.edit_campaign(p_business_id uuid, p_campaign_id uuid, p_touches jsonb default null)
returns integer
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_campaign touchline.campaigns;
  v_draft integer;
begin
  perform touchline.require_access(p_business_id, 'write');
  select c.* into v_campaign
  from touchline.campaigns c
  where (c.business_id, c.id) = (p_business_id, p_campaign_id)
    and not c.is_preset
  for no key update;
  if not found then
    raise exception 'There is no such campaign'
      using errcode = 'TL201', detail = 'It does not exist, or is not of this business.', hint = 'Check the id of the campaign.';
  end if;
  if v_campaign.status = 'archived' then
    raise exception 'Campaign "%" is archived', v_campaign.name
      using errcode = 'TL302', detail = 'An archived campaign stays as it was.', hint = 'Copy it (copy_campaign) and edit the copy.';
  end if;
  select v.number into v_draft
  from touchline.campaign_versions v
  where (v.business_id, v.campaign_id, v.state) = (p_business_id, p_campaign_id, 'draft');
  if not found then
    insert into touchline.campaign_versions (business_id, campaign_id, number)
    select p_business_id, p_campaign_id, max(v.number) + 1
    from touchline.campaign_versions v
    where (v.business_id, v.campaign_id) = (p_business_id, p_campaign_id)
    returning number into v_draft;
    insert into touchline.campaign_touches (business_id, campaign_id, version, touch_number, channel, delay_hours, template_id)
    select t.business_id, t.campaign_id, v_draft, t.touch_number, t.channel, t.delay_hours, t.template_id
    from touchline.campaign_touches t
    where (t.business_id, t.campaign_id, t.version) = (p_business_id, p_campaign_id, v_campaign.live_version);
  end if;
  if p_touches is not null then
    perform touchline.write_touches(p_business_id, p_campaign_id, v_draft, p_touches);
  end if;
  return v_draft;
end
$$;

revoke all on function touchline.edit_campaign(uuid, uuid, jsonb) from public;
grant execute on function touchline.edit_campaign(uuid, uuid, jsonb) to authenticated, service_role, touchline_worker;
