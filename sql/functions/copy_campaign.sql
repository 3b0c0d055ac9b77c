-- Purpose: copies a campaign of the business as a draft, equal but for name and state, and gives the copy's id. What is copied is
-- the live version, or the draft where nothing is live yet; the touches keep their templates. p_name null: the name of the
-- original with a number. A copy of a campaign for one service type is for that type as well: drafts do not count as second.
-- Moves: → draft
-- Locks: none
-- Raises: TL100 called_as_owner, TL201 not_found (business, campaign), TL202 not_allowed, TL402 invalid_argument
create or replace function touchline.copy_campaign(p_business_id uuid, p_campaign_id uuid, p_name text) returns uuid
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_campaign touchline.campaigns;
  v_id uuid;
begin
  perform touchline.require_access(p_business_id, 'write');
  select c.* into v_campaign
  from touchline.campaigns c
  where (c.business_id, c.id) = (p_business_id, p_campaign_id)
    and not c.is_preset;
  if not found then
    raise exception 'There is no such campaign'
      using errcode = 'TL201', detail = 'It does not exist, or is not of this business.',
        hint = 'Check the id of the campaign; a preset is copied by copy_preset.';
  end if;
  v_id := touchline.write_campaign(p_business_id, coalesce(p_name, touchline.free_name(p_business_id, 'campaign', v_campaign.name)),
    v_campaign.service_type, v_campaign.description, v_campaign.copied_from_preset);
  insert into touchline.campaign_touches (business_id, campaign_id, version, touch_number, channel, delay_hours, template_id)
  select t.business_id, v_id, 1, t.touch_number, t.channel, t.delay_hours, t.template_id
  from touchline.campaign_versions v
  join touchline.campaign_touches t on (t.business_id, t.campaign_id, t.version) = (v.business_id, v.campaign_id, v.number)
  where (v.business_id, v.campaign_id) = (p_business_id, p_campaign_id)
    and case when v_campaign.live_version is null then v.state = 'draft' else v.number = v_campaign.live_version end;
  return v_id;
end
$$;

revoke all on function touchline.copy_campaign(uuid, uuid, text) from public;
grant execute on function touchline.copy_campaign(uuid, uuid, text) to authenticated, service_role, touchline_worker;
