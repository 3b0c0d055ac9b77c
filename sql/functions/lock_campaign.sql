-- Purpose: the fence of everything that changes a campaign: locks the business's lanes first, so that no claim is under way, then
-- the campaign, and answers with the row as it is under the lock.
-- Moves: none
-- Locks: business_dispatch, campaigns
-- Raises: TL201 not_found, TL302 campaign_state (a preset)
create or replace function touchline.lock_campaign(p_business_id uuid, p_campaign_id uuid) returns touchline.campaigns
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_campaign touchline.campaigns;
begin
  perform
  from touchline.business_dispatch d
  where d.business_id = p_business_id
  order by d.channel
  for no key update;

  select c.* into v_campaign
  from touchline.campaigns c
  where c.business_id = p_business_id
    and c.id = p_campaign_id
  for no key update;
  if not found then
    raise exception 'There is no such campaign'
      using errcode = 'TL201', detail = 'It does not exist, or it belongs to another business.',
        hint = 'Check the id of the campaign.';
  end if;
  if v_campaign.is_preset then
    raise exception '"%" is a preset', v_campaign.name
      using errcode = 'TL302', detail = 'Presets are read by everybody and changed by nobody.',
        hint = 'Copy it (copy_preset) and work with the copy.';
  end if;
  return v_campaign;
end
$$;

revoke all on function touchline.lock_campaign(uuid, uuid) from public;
