-- Purpose: what the product calls deleting a campaign: everybody inside is stopped (campaign_deleted), its service type is free
-- for another one, and all that was sent stays on record. Answers how many enrollments it stopped; archiving again stops none.
-- Moves: campaign draft, active, paused → archived; enrollment active → stopped
-- Locks: business_dispatch, campaigns, campaign_enrollments, touch_queue, send_logs
-- Raises: TL100 called_as_owner, TL101 isolation_level, TL102 clock_refused, TL201 not_found, TL202 not_allowed,
-- TL302 campaign_state
create or replace function touchline.archive_campaign(
  p_business_id uuid, p_campaign_id uuid, p_now timestamptz default null) returns integer
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_now timestamptz;
  v_campaign touchline.campaigns;
begin
  perform touchline.require_access(p_business_id, 'write');
  v_now := touchline.current_moment(p_now);
  v_campaign := touchline.lock_campaign(p_business_id, p_campaign_id);
  if v_campaign.status = 'archived' then
    return 0;
  end if;
  update touchline.campaigns c
  set status = 'archived',
    archived_at = v_now,
    paused_at = null,
    pause_reason = null
  where c.business_id = p_business_id
    and c.id = p_campaign_id;
  return touchline.stop_enrollments(p_business_id, array(
    select e.id
    from touchline.campaign_enrollments e
    where e.business_id = p_business_id
      and e.campaign_id = p_campaign_id
      and e.status = 'active'), 'campaign_deleted', v_now);
end
$$;

revoke all on function touchline.archive_campaign(uuid, uuid, timestamptz) from public;
grant execute on function touchline.archive_campaign(uuid, uuid, timestamptz) to authenticated, service_role, touchline_worker;
