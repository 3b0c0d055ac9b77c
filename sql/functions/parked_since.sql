-- Purpose: since when a parked touch waits for what it is parked for, as far as that is recorded, else since it was due (never after
-- p_now); and in words what is missing, or what whoever paused or suspended said.
-- Moves: none
-- Locks: none
-- Raises: none
create or replace function touchline.parked_since(
  p_business_id uuid, p_way touchline.campaign_enrollments, p_queued touchline.touch_queue, p_now timestamptz,
  out at timestamptz, out detail text)
language plpgsql stable security definer
set search_path = ''
as $$
declare
  v_due timestamptz := least(p_now, greatest(p_queued.scheduled_at + p_way.plan_shift, p_way.enrolled_at));
begin
  case p_queued.blocked_by
    when 'campaign_paused' then
      select greatest(c.paused_at, p_way.enrolled_at), c.pause_reason into at, detail
      from touchline.campaigns c
      where c.business_id = p_business_id and c.id = p_way.campaign_id;
    when 'business_suspended' then
      select greatest(b.suspended_at, p_way.enrolled_at), b.suspend_reason into at, detail
      from touchline.businesses b
      where b.id = p_business_id;
    when 'missing_setting' then
      select pg_catalog.string_agg(m, ', ') into detail
      from touchline.touch_decisions(
        array[p_business_id], array[p_queued.channel], array[p_queued.enrollment_id], p_now, true) d
      cross join lateral pg_catalog.jsonb_array_elements_text(d.inputs -> 'missing') m
      where d.guard = 'settings';
    else
      null;
  end case;
  at := least(coalesce(at, v_due), p_now);
end
$$;

revoke all on function touchline.parked_since(
  uuid, touchline.campaign_enrollments, touchline.touch_queue, timestamptz) from public;
