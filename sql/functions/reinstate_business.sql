-- Purpose: a suspended business sends again: everybody is shifted by the time they waited for it. Where a campaign is paused
-- too, only the wait before that pause counts here, because resuming counts the rest, and what is inside stays parked till then.
-- Answers how many touches are due again (now or later); an active business is left alone and answers 0.
-- Moves: business suspended → active
-- Locks: business_dispatch, campaign_enrollments, touch_queue
-- Raises: TL100 called_as_owner, TL101 isolation_level, TL102 clock_refused, TL201 not_found
create or replace function touchline.reinstate_business(p_business_id uuid, p_now timestamptz default null) returns integer
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_now timestamptz;
  v_business touchline.businesses;
  v_count integer;
begin
  perform touchline.require_access(p_business_id, 'own');
  v_now := touchline.current_moment(p_now);
  v_business := touchline.lock_business(p_business_id);
  if v_business.status = 'active' then
    return 0;
  end if;

  update touchline.businesses b
  set status = 'active',
    suspended_at = null,
    suspend_reason = null
  where b.id = p_business_id;
  v_count := touchline.unpark_touches(p_business_id, null, v_business.suspended_at, 'business_suspended', v_now);
  perform touchline.lower_lanes(p_business_id, v_now);
  return v_count;
end
$$;

revoke all on function touchline.reinstate_business(uuid, timestamptz) from public;
grant execute on function touchline.reinstate_business(uuid, timestamptz) to service_role;
