-- Purpose: the one home of whether an enrollment may go, with all its messages: which of the given ones of a business ended before
-- p_before, have no place in the queue, are waited for by no job, and have no message that must stay (old_messages).
-- Moves: none
-- Locks: none
-- Raises: none
create or replace function touchline.old_enrollments(p_business_id uuid, p_ids uuid[], p_before timestamptz) returns setof uuid
language sql stable security definer
set search_path = ''
as $$
  with messages as materialized (
    select l.campaign_enrollment_id as enrollment_id, l.id
    from touchline.send_logs l
    where l.business_id = p_business_id
      and l.campaign_enrollment_id = any (p_ids)
  ), staying as (
    select m.enrollment_id
    from messages m
    where m.id not in (select touchline.old_messages(p_business_id, array(select x.id from messages x), p_before))
  )
  select e.id
  from touchline.campaign_enrollments e
  where e.business_id = p_business_id
    and e.id = any (p_ids)
    and e.status <> 'active'
    and coalesce(e.completed_at, e.stopped_at) < p_before
    and not exists (select from touchline.touch_queue q where (q.business_id, q.enrollment_id) = (e.business_id, e.id))
    and not exists (select from touchline.jobs j where (j.business_id, j.blocked_by_enrollment) = (e.business_id, e.id))
    and e.id not in (select s.enrollment_id from staying s)
$$;

revoke all on function touchline.old_enrollments(uuid, uuid[], timestamptz) from public;
