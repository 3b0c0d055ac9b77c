-- Purpose: the one home of "next touch or completion": the current touch of each given active enrollment ends as p_statuses[i]
-- (sent, presumed_sent, failed, skipped; with sent_at or reason where the status has one), and the next touch is queued at the
-- next allowed moment of its plan, never closer than min_gap to an acceptance, or the enrollment is completed. The caller
-- holds the enrollments' and queue rows' locks. due_at is always finite here: only claim, pause and suspension park.
-- Moves: pending, sending, unknown, held → sent | presumed_sent | failed | skipped; active → completed
-- Locks: campaign_enrollments, touch_queue (held by the caller); business_dispatch last (SKIP LOCKED)
-- Raises: none
create or replace function touchline.advance_enrollments(
  p_business_ids uuid[], p_enrollment_ids uuid[], p_statuses text[], p_sent_ats timestamptz[], p_reasons text[],
  p_now timestamptz) returns void
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v record;
begin
  with ended as materialized (
    select e.business_id, e.id, e.customer_id, e.campaign_id, e.campaign_version, e.current_touch, u.status, u.sent_at, u.reason,
      e.plan_shift,
      case e.current_touch
        when 1 then e.touch_2_scheduled_at when 2 then e.touch_3_scheduled_at when 3 then e.touch_4_scheduled_at
      end as scheduled_at
    from unnest(p_business_ids, p_enrollment_ids, p_statuses, p_sent_ats, p_reasons)
      u (business_id, enrollment_id, status, sent_at, reason)
    join touchline.campaign_enrollments e on (e.business_id, e.id) = (u.business_id, u.enrollment_id)
    where e.status = 'active'
  ), wanted as materialized (
    select d.*, t.channel, k.time_zone, k.time_zone_source, s.min_gap_hours, s.max_late_hours, d.scheduled_at + d.plan_shift as wanted_at
    from ended d
    join touchline.sending_policies s on s.business_id = d.business_id
    join touchline.customers k on (k.business_id, k.id) = (d.business_id, d.customer_id)
    left join touchline.campaign_touches t on (t.business_id, t.campaign_id, t.version, t.touch_number)
      = (d.business_id, d.campaign_id, d.campaign_version, d.current_touch + 1)
  ), stretches as (
    select w.*, min(w.wanted_at) over same as first_at, max(w.wanted_at) over same as last_at,
      pg_catalog.row_number() over same as nth
    from wanted w
    window same as (
      partition by w.business_id, w.channel, w.time_zone, w.time_zone_source, pg_catalog.date_bin('1 day', w.wanted_at, 'epoch'))
  ), asked as materialized (
    -- Once for all that want to go on one day in one zone: where all of that stretch is open, each goes when it wants to.
    select x.*, x.nth = 1 and x.last_at > x.first_at and touchline.open_throughout(
      x.first_at, x.last_at - x.first_at, x.channel, x.business_id, x.time_zone, x.time_zone_source) as is_open
    from stretches x
  ), allowed as materialized (
    select a.*, case when a.scheduled_at is null then null when pg_catalog.bool_or(a.is_open) over same then a.wanted_at
      else touchline.next_allowed_at(a.wanted_at, a.channel, a.business_id, a.time_zone, a.time_zone_source) end as allowed_at
    from asked a
    window same as (partition by a.business_id, a.channel, a.time_zone, a.time_zone_source, a.first_at)
  ), planned as materialized (
    -- Without any open window in 14 days the claim will skip the touch; until then its plan stands.
    select a.*, g.gap_until, greatest(coalesce(a.allowed_at, a.wanted_at), p_now, g.gap_until) as due_at
    from allowed a
    cross join lateral (select a.sent_at + pg_catalog.make_interval(hours => a.min_gap_hours) as gap_until) g
  )
  select pg_catalog.array_agg(p.business_id) as businesses, pg_catalog.array_agg(p.id) as enrollments,
    pg_catalog.array_agg(p.current_touch) as numbers, pg_catalog.array_agg(p.status) as statuses,
    pg_catalog.array_agg(p.sent_at) as sent_ats, pg_catalog.array_agg(p.reason) as reasons,
    pg_catalog.array_agg(case when p.scheduled_at is null then 0 else p.current_touch + 1 end::smallint) as nexts,
    pg_catalog.array_agg(p.channel) as channels, pg_catalog.array_agg(p.scheduled_at) as scheduled_ats,
    pg_catalog.array_agg(p.due_at) as dues,
    pg_catalog.array_agg(touchline.wait_reason(p.wanted_at, p.allowed_at, p.gap_until, p.due_at)) as waits,
    pg_catalog.array_agg(coalesce(p.allowed_at, p.wanted_at) + pg_catalog.make_interval(hours => p.max_late_hours)) as late_afters
  into v
  from planned p;
  if v.businesses is null then
    return;
  end if;

  perform touchline.set_touch_states(v.businesses, v.enrollments, v.numbers, v.statuses, v.sent_ats, v.reasons, v.nexts, p_now);
  update touchline.touch_queue q
  set touch_number = n.next, channel = n.channel, scheduled_at = n.scheduled_at, due_at = n.due_at, late_after = n.late_after,
    blocked_by = null, attempts = 0, claim_id = null, lease_until = null, deferred_reason = n.wait,
    deferrals = case when n.wait is not null then 1 end
  from unnest(v.businesses, v.enrollments, v.nexts, v.channels, v.scheduled_ats, v.dues, v.late_afters, v.waits)
    n (business_id, enrollment_id, next, channel, scheduled_at, due_at, late_after, wait)
  where q.business_id = n.business_id and q.enrollment_id = n.enrollment_id and n.next > 0;
  delete from touchline.touch_queue q
  using unnest(v.businesses, v.enrollments, v.nexts) n (business_id, enrollment_id, next)
  where q.business_id = n.business_id and q.enrollment_id = n.enrollment_id and n.next = 0;
  perform touchline.lower_pointers(v.businesses, v.channels, v.dues);
end
$$;

revoke all on function touchline.advance_enrollments(uuid[], uuid[], text[], timestamptz[], text[], timestamptz) from public;
