-- Purpose: the one home of stopping: ends those of the given enrollments that are still active, with one reason. Touches that
-- were never handed over are cancelled; a touch on its way (sending, unknown, held) keeps its state, and its queue row waits
-- only to have the outcome recorded. All given enrollments are locked for the caller, whenever they ended. Answers how many it stopped.
-- Moves: active → stopped; touch pending → cancelled; send_logs.state retry → cancelled
-- Locks: campaign_enrollments, touch_queue, send_logs
-- Raises: none
create or replace function touchline.stop_enrollments(
  p_business_id uuid, p_enrollment_ids uuid[], p_reason text, p_now timestamptz) returns integer
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_stopped uuid[];
begin
  perform
  from touchline.campaign_enrollments e
  where e.business_id = p_business_id
    and e.id = any (p_enrollment_ids)
  order by e.id
  for no key update;

  perform
  from touchline.touch_queue q
  where q.business_id = p_business_id
    and q.enrollment_id = any (p_enrollment_ids)
  order by q.enrollment_id
  for update;

  -- Only what is written: other messages change under the enrollment's lock alone, and a claim that ends somebody never waits.
  perform
  from touchline.send_logs l
  where l.business_id = p_business_id
    and l.campaign_enrollment_id = any (p_enrollment_ids)
    and l.state = 'retry'
  order by l.id
  for no key update;

  with stopped as (
    update touchline.campaign_enrollments e
    set status = 'stopped',
      stop_reason = p_reason,
      stopped_at = p_now,
      touch_1_status = case e.touch_1_status when 'pending' then 'cancelled' else e.touch_1_status end,
      touch_2_status = case e.touch_2_status when 'pending' then 'cancelled' else e.touch_2_status end,
      touch_3_status = case e.touch_3_status when 'pending' then 'cancelled' else e.touch_3_status end,
      touch_4_status = case e.touch_4_status when 'pending' then 'cancelled' else e.touch_4_status end
    where e.business_id = p_business_id
      and e.id = any (p_enrollment_ids)
      and e.status = 'active'
    returning e.id
  )
  select pg_catalog.array_agg(s.id) into v_stopped
  from stopped s;

  delete from touchline.touch_queue q
  using touchline.campaign_enrollments e
  where q.business_id = p_business_id
    and q.enrollment_id = any (v_stopped)
    and q.claim_id is null
    and (e.business_id, e.id) = (q.business_id, q.enrollment_id)
    and (array[e.touch_1_status, e.touch_2_status, e.touch_3_status, e.touch_4_status])[q.touch_number]
      not in ('sending', 'unknown', 'held');

  -- What is left was handed over: settle or the reconciler records the outcome and deletes the row.
  update touchline.touch_queue q
  set stopping = true
  where q.business_id = p_business_id
    and q.enrollment_id = any (v_stopped);

  update touchline.send_logs l
  set state = 'cancelled',
    settled_at = p_now
  where l.business_id = p_business_id
    and l.campaign_enrollment_id = any (v_stopped)
    and l.state = 'retry';

  return coalesce(pg_catalog.cardinality(v_stopped), 0);
end
$$;

revoke all on function touchline.stop_enrollments(uuid, uuid[], text, timestamptz) from public;
