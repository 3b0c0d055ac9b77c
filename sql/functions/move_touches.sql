-- Purpose: after a settle: the touch of message i follows the message's new state. A live touch (current one of an active
-- enrollment) ends and the next one is queued, waits for another attempt, or is parked as unknown or held. Any other touch is
-- only relabelled, and the queue row of a stopped enrollment goes once nothing is open.
-- Moves: sending, unknown, held → sent | presumed_sent | failed | skipped | pending | unknown | held | cancelled;
-- active → completed
-- Locks: campaign_enrollments, touch_queue (held by the caller); business_dispatch last (SKIP LOCKED)
-- Raises: none
create or replace function touchline.move_touches(
  p_business_ids uuid[], p_enrollment_ids uuid[], p_numbers smallint[], p_states text[], p_lives boolean[],
  p_sent_ats timestamptz[], p_reasons text[], p_retry_ats timestamptz[], p_counts integer[], p_now timestamptz) returns void
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v record;
  v_each record;
begin
  select pg_catalog.array_agg(m.business_id) filter (where m.ends) as end_businesses,
    pg_catalog.array_agg(m.enrollment_id) filter (where m.ends) as end_enrollments,
    -- Of a live touch only a person's skip is given up.
    pg_catalog.array_agg(case m.state when 'cancelled' then 'skipped' else m.state end) filter (where m.ends) as end_states,
    pg_catalog.array_agg(m.sent_at) filter (where m.ends) as end_sent_ats,
    pg_catalog.array_agg(m.reason) filter (where m.ends) as end_reasons,
    pg_catalog.array_agg(m.business_id) filter (where not m.ends) as wait_businesses,
    pg_catalog.array_agg(m.enrollment_id) filter (where not m.ends) as wait_enrollments,
    pg_catalog.array_agg(m.number) filter (where not m.ends) as wait_numbers,
    pg_catalog.array_agg(case m.state when 'retry' then 'pending' else m.state end) filter (where not m.ends) as wait_states,
    pg_catalog.array_agg(case m.state when 'retry' then m.retry_at else 'infinity' end) filter (where not m.ends) as wait_dues,
    pg_catalog.array_agg(m.attempt) filter (where not m.ends) as wait_counts
  into v
  from (
    select u.*, u.state in ('sent', 'presumed_sent', 'failed', 'cancelled') as ends
    from unnest(p_business_ids, p_enrollment_ids, p_numbers, p_states, p_lives, p_sent_ats, p_reasons, p_retry_ats, p_counts)
      u (business_id, enrollment_id, number, state, is_live, sent_at, reason, retry_at, attempt)
    where u.is_live
  ) m;

  if v.end_businesses is not null then
    perform touchline.advance_enrollments(
      v.end_businesses, v.end_enrollments, v.end_states, v.end_sent_ats, v.end_reasons, p_now);
  end if;
  if v.wait_businesses is not null then
    perform touchline.set_touch_states(v.wait_businesses, v.wait_enrollments, v.wait_numbers, v.wait_states, null, null);
    update touchline.touch_queue q
    set claim_id = null, lease_until = null, due_at = w.due_at, attempts = q.attempts + w.attempt,
      blocked_by = case w.status when 'pending' then null else w.status end
    from unnest(v.wait_businesses, v.wait_enrollments, v.wait_states, v.wait_dues, v.wait_counts)
      w (business_id, enrollment_id, status, due_at, attempt)
    where q.business_id = w.business_id and q.enrollment_id = w.enrollment_id;
    perform touchline.lower_pointers(pg_catalog.array_agg(q.business_id), pg_catalog.array_agg(q.channel), pg_catalog.array_agg(q.due_at))
    from unnest(v.wait_businesses, v.wait_enrollments) w (business_id, enrollment_id)
    join touchline.touch_queue q on q.business_id = w.business_id and q.enrollment_id = w.enrollment_id
    where q.blocked_by is null;
  end if;

  -- One at a time: an enrollment may have several late touches.
  for v_each in
    select u.*
    from unnest(p_business_ids, p_enrollment_ids, p_numbers, p_states, p_lives, p_sent_ats, p_reasons)
      u (business_id, enrollment_id, number, state, is_live, sent_at, reason)
    where not u.is_live and u.enrollment_id is not null
    order by u.business_id, u.enrollment_id, u.number
  loop
    perform touchline.set_touch_states(array[v_each.business_id], array[v_each.enrollment_id], array[v_each.number],
      array[v_each.state], array[v_each.sent_at], array[v_each.reason]);
    if v_each.state in ('unknown', 'held') then
      update touchline.touch_queue q
      set claim_id = null, lease_until = null, due_at = 'infinity', blocked_by = v_each.state
      where q.business_id = v_each.business_id and q.enrollment_id = v_each.enrollment_id and q.touch_number = v_each.number
        and q.stopping;
    else
      delete from touchline.touch_queue q
      where q.business_id = v_each.business_id and q.enrollment_id = v_each.enrollment_id and q.touch_number = v_each.number
        and q.stopping;
    end if;
  end loop;
end
$$;

revoke all on function touchline.move_touches(uuid[], uuid[], smallint[], text[], boolean[], timestamptz[], text[],
  timestamptz[], integer[], timestamptz) from public;
