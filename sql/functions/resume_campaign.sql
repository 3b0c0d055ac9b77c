-- Purpose: a paused campaign goes on: everybody inside is shifted by the time they waited in it, so that nothing bunches and the
-- gaps between the remaining touches are those of the plan. Answers how many touches are due again (now or later); resuming an
-- active campaign changes nothing and answers 0. Everybody goes on, or nobody.
-- Moves: campaign paused → active
-- Locks: business_dispatch, campaigns, campaign_enrollments, touch_queue
-- Raises: TL100 called_as_owner, TL101 isolation_level, TL102 clock_refused, TL201 not_found, TL202 not_allowed,
-- TL302 campaign_state, TL309 business_suspended
create or replace function touchline.resume_campaign(
  p_business_id uuid, p_campaign_id uuid, p_now timestamptz default null) returns integer
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_now timestamptz;
  v_campaign touchline.campaigns;
  v_count integer;
begin
  perform touchline.require_access(p_business_id, 'write');
  v_now := touchline.current_moment(p_now);
  v_campaign := touchline.lock_campaign(p_business_id, p_campaign_id);
  if v_campaign.status = 'active' then
    return 0;
  end if;
  if v_campaign.status <> 'paused' then
    raise exception 'Campaign "%" is %', v_campaign.name, v_campaign.status
      using errcode = 'TL302', detail = 'Only a paused campaign can be resumed.',
        hint = case v_campaign.status when 'draft' then 'Publish it.' else 'Copy it and publish the copy.' end;
  end if;
  if exists (select from touchline.businesses b where b.id = p_business_id and b.status = 'suspended') then
    raise exception 'The business is suspended'
      using errcode = 'TL309', detail = 'Nothing of a suspended business is started or resumed.',
        hint = 'Have the operator reinstate the business first; then resume the campaign.';
  end if;

  update touchline.campaigns c
  set status = 'active',
    paused_at = null,
    pause_reason = null
  where c.business_id = p_business_id
    and c.id = p_campaign_id;
  v_count := touchline.unpark_touches(p_business_id, p_campaign_id, v_campaign.paused_at, 'campaign_paused', v_now);
  perform touchline.lower_lanes(p_business_id, v_now);
  return v_count;
end
$$;

revoke all on function touchline.resume_campaign(uuid, uuid, timestamptz) from public;
grant execute on function touchline.resume_campaign(uuid, uuid, timestamptz) to authenticated, service_role, touchline_worker;
