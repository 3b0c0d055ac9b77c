-- Purpose: why a touch goes, waits or will not go: one row per guard in the order in which they are asked, with its inputs, whether
-- it passes now, what happens otherwise (defer, skip, park, stop, with the reason), and the first moment it would pass by
-- itself (null: not by itself, or it passes now). p_touch_number null means the current touch. The guards are those of the claim.
-- Moves: none
-- Locks: none
-- Raises: TL100 called_as_owner, TL101 isolation_level, TL102 clock_refused, TL201 not_found, TL202 not_allowed
create or replace function touchline.explain_touch(
  p_business_id uuid, p_enrollment_id uuid, p_touch_number integer default null, p_now timestamptz default null)
returns table (
  touch_number integer, channel text, status text, guard text, passes boolean, verdict text, reason text,
  passes_at timestamptz, inputs jsonb)
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_now timestamptz;
  v_touch record;
begin
  perform touchline.require_access(p_business_id, 'read');
  v_now := touchline.current_moment(p_now);
  select n.number, t.channel as channel, s.status, s.reason, s.scheduled_at, e.plan_shift, e.current_touch, e.status as enrollment,
    e.stop_reason, k.time_zone, k.time_zone_source, q.due_at, q.blocked_by, q.lease_until, q.enrollment_id is not null as is_queued
  into v_touch
  from touchline.campaign_enrollments e
  cross join lateral (select coalesce(p_touch_number, e.current_touch)::integer as number) n
  cross join lateral (
    select (array[e.touch_1_status, e.touch_2_status, e.touch_3_status, e.touch_4_status])[n.number] as status,
      (array[e.touch_1_reason, e.touch_2_reason, e.touch_3_reason, e.touch_4_reason])[n.number] as reason,
      (array[e.touch_1_scheduled_at, e.touch_2_scheduled_at, e.touch_3_scheduled_at, e.touch_4_scheduled_at])[n.number]
        as scheduled_at) s
  join touchline.customers k on (k.business_id, k.id) = (e.business_id, e.customer_id)
  left join touchline.campaign_touches t on (t.business_id, t.campaign_id, t.version, t.touch_number)
    = (e.business_id, e.campaign_id, e.campaign_version, n.number)
  left join touchline.touch_queue q on (q.business_id, q.enrollment_id, q.touch_number) = (e.business_id, e.id, n.number)
  where e.business_id = p_business_id and e.id = p_enrollment_id;
  if v_touch.status is null then
    raise exception 'There is no such touch'
      using errcode = 'TL201', detail = 'The enrollment does not exist in this business, or its campaign has no touch of that number.',
        hint = 'Check the ids of the business and the enrollment, and the number of the touch.';
  end if;

  if v_touch.status <> 'pending' then
    return query select v_touch.number, v_touch.channel, v_touch.status, 'state'::text,
      v_touch.status in ('sent', 'presumed_sent', 'sending'), null::text,
      coalesce(v_touch.reason, v_touch.stop_reason), null::timestamptz, pg_catalog.jsonb_strip_nulls(
        pg_catalog.jsonb_build_object('status', v_touch.status, 'blocked_by', v_touch.blocked_by, 'lease_until', v_touch.lease_until));
    return;
  end if;
  if not v_touch.is_queued then
    return query select v_touch.number, v_touch.channel, v_touch.status, 'previous_touch'::text, false, 'defer'::text, null::text,
      touchline.next_allowed_at(v_touch.scheduled_at + v_touch.plan_shift, v_touch.channel, p_business_id, v_touch.time_zone,
        v_touch.time_zone_source), pg_catalog.jsonb_build_object('scheduled_at', v_touch.scheduled_at, 'current_touch', v_touch.current_touch);
    return;
  end if;
  return query select v_touch.number, v_touch.channel, v_touch.status, 'due'::text, v_touch.due_at <= v_now,
    case when v_touch.blocked_by is null then 'defer' else 'park' end, v_touch.blocked_by,
    case when v_touch.due_at > v_now then nullif(v_touch.due_at, 'infinity') end,
    pg_catalog.jsonb_build_object('scheduled_at', v_touch.scheduled_at, 'due_at', v_touch.due_at);
  return query select v_touch.number, v_touch.channel, v_touch.status, d.guard, d.passes, d.verdict, d.reason,
    case when not d.passes and d.verdict = 'defer' then d.until end, d.inputs
  from touchline.touch_decisions(array[p_business_id], array[v_touch.channel], array[p_enrollment_id], v_now, true) d
  order by d.place;
end
$$;

revoke all on function touchline.explain_touch(uuid, uuid, integer, timestamptz) from public;
grant execute on function touchline.explain_touch(uuid, uuid, integer, timestamptz) to authenticated, service_role, touchline_worker;
