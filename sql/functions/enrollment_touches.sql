-- Purpose: the touches of an enrollment in their order, as they are told to programs: the plan (scheduled_at), the earliest moment one
-- could leave as things stand (due_at), what would skip it as things stand or did (skip_reason), when it was sent. Moments in UTC.
-- Moves: none
-- Locks: none
-- Raises: none
create or replace function touchline.enrollment_touches(p_business_id uuid, p_enrollment_id uuid) returns jsonb
language plpgsql stable security definer
set search_path = ''
set timezone = 'UTC'
as $$
begin
  return (
    select coalesce(pg_catalog.jsonb_agg(pg_catalog.jsonb_strip_nulls(pg_catalog.jsonb_build_object(
      'touch_number', t.touch_number, 'channel', t.channel, 'status', p.status, 'scheduled_at', p.scheduled_at,
      'due_at', case
        when p.status <> 'pending' then null
        when q.touch_number = t.touch_number then nullif(q.due_at, 'infinity')
        else touchline.next_allowed_at(p.scheduled_at + e.plan_shift, t.channel, p_business_id, k.time_zone, k.time_zone_source)
      end,
      'skip_reason', case p.status when 'pending' then o.reason when 'skipped' then p.reason end,
      'sent_at', p.sent_at)) order by t.touch_number), '[]')
    from touchline.campaign_enrollments e
    join touchline.customers k on (k.business_id, k.id) = (e.business_id, e.customer_id)
    join touchline.campaign_touches t on (t.business_id, t.campaign_id, t.version) = (e.business_id, e.campaign_id, e.campaign_version)
    cross join lateral (
      select (array[e.touch_1_scheduled_at, e.touch_2_scheduled_at, e.touch_3_scheduled_at, e.touch_4_scheduled_at])
          [t.touch_number] as scheduled_at,
        (array[e.touch_1_sent_at, e.touch_2_sent_at, e.touch_3_sent_at, e.touch_4_sent_at])[t.touch_number] as sent_at,
        (array[e.touch_1_status, e.touch_2_status, e.touch_3_status, e.touch_4_status])[t.touch_number] as status,
        (array[e.touch_1_reason, e.touch_2_reason, e.touch_3_reason, e.touch_4_reason])[t.touch_number] as reason) p
    left join touchline.touch_queue q on (q.business_id, q.enrollment_id) = (e.business_id, e.id)
    left join lateral (select * from touchline.channel_obstacles(p_business_id, array[e.customer_id])) o on o.channel = t.channel
    where e.business_id = p_business_id
      and e.id = p_enrollment_id
  );
end
$$;

revoke all on function touchline.enrollment_touches(uuid, uuid) from public;
