-- Purpose: the operator stops all sending of a business until it is reinstated: parks its whole queue. Answers how many rows it
-- parked; suspending again parks none and keeps the first moment and reason.
-- Moves: business active → suspended
-- Locks: business_dispatch, touch_queue
-- Raises: TL100 called_as_owner, TL101 isolation_level, TL102 clock_refused, TL201 not_found, TL402 invalid_argument
create or replace function touchline.suspend_business(
  p_business_id uuid, p_reason text, p_now timestamptz default null) returns integer
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_now timestamptz;
begin
  perform touchline.require_access(p_business_id, 'own');
  v_now := touchline.current_moment(p_now);
  if p_business_id = touchline.system_business_id()
    or coalesce(pg_catalog.length(pg_catalog.btrim(p_reason)), 0) not between 1 and 500 then
    raise exception 'A business is suspended with a reason'
      using errcode = 'TL402', detail = 'The reason has 1 to 500 characters; the system business sends nothing anyway.',
        hint = 'Say why, in words its owner may read.';
  end if;
  if (touchline.lock_business(p_business_id)).status = 'suspended' then
    return 0;
  end if;
  update touchline.businesses b
  set status = 'suspended',
    suspended_at = v_now,
    suspend_reason = pg_catalog.btrim(p_reason)
  where b.id = p_business_id;
  return touchline.park_touches(p_business_id, null, 'business_suspended');
end
$$;

revoke all on function touchline.suspend_business(uuid, text, timestamptz) from public;
grant execute on function touchline.suspend_business(uuid, text, timestamptz) to service_role;
