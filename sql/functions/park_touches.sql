-- Purpose: parks what waits in the queue of one campaign, or of the whole business where p_campaign_id is null. Rows that are
-- leased or parked for another reason stay as they are. The caller holds the business's lanes. Answers how many it parked.
-- Moves: none
-- Locks: touch_queue
-- Raises: none
create or replace function touchline.park_touches(p_business_id uuid, p_campaign_id uuid, p_blocked_by text) returns integer
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_ids uuid[];
  v_count integer;
begin
  select pg_catalog.array_agg(e.id) into v_ids
  from touchline.campaign_enrollments e
  where e.business_id = p_business_id
    and (p_campaign_id is null or e.campaign_id = p_campaign_id)
    and e.status = 'active';

  perform
  from touchline.touch_queue q
  where q.business_id = p_business_id
    and q.enrollment_id = any (v_ids)
  order by q.enrollment_id
  for update;

  update touchline.touch_queue q
  set due_at = 'infinity',
    blocked_by = p_blocked_by
  where q.business_id = p_business_id
    and q.enrollment_id = any (v_ids)
    and q.claim_id is null
    and q.blocked_by is null;
  get diagnostics v_count = row_count;
  return v_count;
end
$$;

revoke all on function touchline.park_touches(uuid, uuid, text) from public;
