-- Purpose: what is answered about a job: its decision with the reason, and the plan of its enrollment, touch by touch: the plan,
-- the earliest moment it could leave as things stand (due_at), and what would skip it as things stand (skip_reason). Moments in UTC.
-- Moves: none
-- Locks: none
-- Raises: none
create or replace function touchline.job_answer(p_business_id uuid, p_job_id uuid) returns jsonb
language plpgsql stable security definer
set search_path = ''
set timezone = 'UTC'
as $$
begin
  return (
    select pg_catalog.jsonb_build_object(
      'job_id', j.id, 'customer_id', j.customer_id, 'decision', j.decision, 'reason', j.decision_reason,
      'decide_after', j.decide_after, 'blocked_by_enrollment', j.blocked_by_enrollment,
      'enrollment_id', e.id, 'campaign_id', e.campaign_id, 'campaign_version', e.campaign_version,
      'touches', coalesce((
        select pg_catalog.jsonb_agg(pg_catalog.jsonb_strip_nulls(pg_catalog.jsonb_build_object(
          'touch_number', t.touch_number, 'channel', t.channel, 'status', p.status, 'scheduled_at', p.scheduled_at,
          'due_at', case
            when p.status <> 'pending' then null
            when q.touch_number = t.touch_number then nullif(q.due_at, 'infinity')
            else touchline.next_allowed_at(p.scheduled_at + e.plan_shift, t.channel, p_business_id, k.time_zone, k.time_zone_source)
          end,
          'skip_reason', case p.status when 'pending' then o.reason when 'skipped' then p.reason end)) order by t.touch_number)
        from touchline.campaign_touches t
        cross join lateral (
          select (array[e.touch_1_scheduled_at, e.touch_2_scheduled_at, e.touch_3_scheduled_at, e.touch_4_scheduled_at])
              [t.touch_number] as scheduled_at,
            (array[e.touch_1_status, e.touch_2_status, e.touch_3_status, e.touch_4_status])[t.touch_number] as status,
            (array[e.touch_1_reason, e.touch_2_reason, e.touch_3_reason, e.touch_4_reason])[t.touch_number] as reason) p
        left join touchline.channel_obstacles(p_business_id, array[j.customer_id]) o on o.channel = t.channel
        where (t.business_id, t.campaign_id, t.version) = (e.business_id, e.campaign_id, e.campaign_version)
      ), '[]'))
    from touchline.jobs j
    join touchline.customers k on (k.business_id, k.id) = (j.business_id, j.customer_id)
    left join lateral (
      select x.*
      from touchline.campaign_enrollments x
      where (x.business_id, x.job_id) = (j.business_id, j.id)
      order by x.status = 'active' desc, x.enrolled_at desc
      limit 1
    ) e on true
    left join touchline.touch_queue q on (q.business_id, q.enrollment_id) = (e.business_id, e.id)
    where j.business_id = p_business_id
      and j.id = p_job_id
  );
end
$$;

revoke all on function touchline.job_answer(uuid, uuid) from public;
