-- Purpose: takes the locks of settling, in the lock order and by id, waiting where it must: the enrollments, queue rows and
-- messages of the given intents. What they mean is read afterwards.
-- Moves: none
-- Locks: campaign_enrollments, touch_queue, send_logs
-- Raises: none
create or replace function touchline.lock_intents(p_business_ids uuid[], p_send_log_ids uuid[]) returns void
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v record;
begin
  select pg_catalog.array_agg(l.business_id) as businesses, pg_catalog.array_agg(l.campaign_enrollment_id) as enrollments into v
  from unnest(p_business_ids, p_send_log_ids) k (business_id, id)
  join touchline.send_logs l on (l.business_id, l.id) = (k.business_id, k.id)
  where l.campaign_enrollment_id is not null;

  perform 1
  from (select distinct x.business_id, x.id from unnest(v.businesses, v.enrollments) x (business_id, id)) k
  join touchline.campaign_enrollments e on (e.business_id, e.id) = (k.business_id, k.id)
  order by e.business_id, e.id
  for no key update of e;
  perform 1
  from (select distinct x.business_id, x.id from unnest(v.businesses, v.enrollments) x (business_id, id)) k
  join touchline.touch_queue q on (q.business_id, q.enrollment_id) = (k.business_id, k.id)
  order by q.business_id, q.enrollment_id
  for update of q;
  perform 1
  from (select distinct x.business_id, x.id from unnest(p_business_ids, p_send_log_ids) x (business_id, id)) k
  join touchline.send_logs l on (l.business_id, l.id) = (k.business_id, k.id)
  order by l.business_id, l.id
  for no key update of l;
end
$$;

revoke all on function touchline.lock_intents(uuid[], uuid[]) from public;
