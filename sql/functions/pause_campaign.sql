-- Purpose: nothing more of a campaign is handed over until it is resumed: parks its queue. What is being handed over right now
-- is settled, and the claim parks what becomes due meanwhile. Answers how many rows it parked; pausing again parks none and
-- keeps the first pause's moment and reason.
-- Moves: campaign active → paused
-- Locks: business_dispatch, campaigns, touch_queue
-- Raises: TL100 called_as_owner, TL101 isolation_level, TL102 clock_refused, TL201 not_found, TL202 not_allowed,
-- TL302 campaign_state, TL402 invalid_argument
create or replace function touchline.pause_campaign(
  p_business_id uuid, p_campaign_id uuid, p_reason text default null, p_now timestamptz default null) returns integer
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_now timestamptz;
  v_campaign touchline.campaigns;
begin
  perform touchline.require_access(p_business_id, 'write');
  v_now := touchline.current_moment(p_now);
  if pg_catalog.length(p_reason) > 500 then
    raise exception 'The reason is too long'
      using errcode = 'TL402', detail = 'A reason has at most 500 characters.', hint = 'Say it shorter.';
  end if;
  v_campaign := touchline.lock_campaign(p_business_id, p_campaign_id);
  if v_campaign.status = 'paused' then
    return 0;
  end if;
  if v_campaign.status <> 'active' then
    raise exception 'Campaign "%" is %', v_campaign.name, v_campaign.status
      using errcode = 'TL302', detail = 'Only an active campaign can be paused.',
        hint = case v_campaign.status when 'draft' then 'A draft sends nothing.' else 'An archived campaign sends nothing.' end;
  end if;
  update touchline.campaigns c
  set status = 'paused',
    paused_at = v_now,
    pause_reason = nullif(pg_catalog.btrim(p_reason), '')
  where c.business_id = p_business_id
    and c.id = p_campaign_id;
  return touchline.park_touches(p_business_id, p_campaign_id, 'campaign_paused');
end
$$;

revoke all on function touchline.pause_campaign(uuid, uuid, text, timestamptz) from public;
grant execute on function touchline.pause_campaign(uuid, uuid, text, timestamptz)
to authenticated, service_role, touchline_worker;
