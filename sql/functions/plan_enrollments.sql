-- Purpose: writes the enrollments decided on, one for each place of the arrays: job, customer, campaign, version and slot. The
-- whole plan counts from the job's completion; where its first touch lies before the slot, plan_shift moves all that is due by
-- the difference, so that a late start keeps the distances. The first touch is queued at its next allowed moment.
-- Moves: none → active; none → pending
-- Locks: customers, campaign_enrollments, touch_queue (new rows only; the caller holds the customers)
-- Raises: none
create or replace function touchline.plan_enrollments(
  p_business_id uuid, p_job_ids uuid[], p_customer_ids uuid[], p_campaign_ids uuid[], p_versions integer[], p_slots timestamptz[],
  p_now timestamptz) returns void
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_max_late interval;
  v_made record;
begin
  select pg_catalog.make_interval(hours => s.max_late_hours) into v_max_late
  from touchline.sending_policies s
  where s.business_id = p_business_id;

  with wanted as materialized (
    select p_business_id as business_id, w.*
    from unnest(p_job_ids, p_customer_ids, p_campaign_ids, p_versions, p_slots) w (job_id, customer_id, campaign_id, version, slot)
  ), hours as materialized (
    select v.campaign_id, v.version, pg_catalog.max(t.touch_number) as touches,
      pg_catalog.sum(t.delay_hours) filter (where t.touch_number <= 1)::integer as to_1,
      pg_catalog.sum(t.delay_hours) filter (where t.touch_number <= 2)::integer as to_2,
      pg_catalog.sum(t.delay_hours) filter (where t.touch_number <= 3)::integer as to_3,
      pg_catalog.sum(t.delay_hours)::integer as to_4
    from (select distinct w.campaign_id, w.version from wanted w) v
    join touchline.campaign_touches t on (t.business_id, t.campaign_id, t.version) = (p_business_id, v.campaign_id, v.version)
    group by v.campaign_id, v.version
  ), planned as (
    select w.job_id, w.customer_id, w.campaign_id, w.version, w.slot, h.touches, j.completed_at as anchor_at,
      j.completed_at + pg_catalog.make_interval(hours => h.to_1) as at_1,
      case when h.touches >= 2 then j.completed_at + pg_catalog.make_interval(hours => h.to_2) end as at_2,
      case when h.touches >= 3 then j.completed_at + pg_catalog.make_interval(hours => h.to_3) end as at_3,
      case when h.touches >= 4 then j.completed_at + pg_catalog.make_interval(hours => h.to_4) end as at_4
    from wanted w
    join hours h on (h.campaign_id, h.version) = (w.campaign_id, w.version)
    cross join lateral (select x.completed_at from touchline.jobs x where (x.business_id, x.id) = (w.business_id, w.job_id) offset 0) j
  ), made as (
    insert into touchline.campaign_enrollments (business_id, campaign_id, campaign_version, job_id, customer_id, enrolled_at,
      anchor_at, plan_shift, touch_1_scheduled_at, touch_1_status, touch_2_scheduled_at, touch_2_status, touch_3_scheduled_at,
      touch_3_status, touch_4_scheduled_at, touch_4_status)
    select p_business_id, p.campaign_id, p.version, p.job_id, p.customer_id, p_now, p.anchor_at,
      touchline.elapsed(p.at_1, p.slot), p.at_1, 'pending', p.at_2, case when p.at_2 is not null then 'pending' end,
      p.at_3, case when p.at_3 is not null then 'pending' end, p.at_4, case when p.at_4 is not null then 'pending' end
    from planned p
    order by p.slot, p.job_id
    returning business_id, id, customer_id, campaign_id, campaign_version, touch_1_scheduled_at, plan_shift
  )
  select pg_catalog.array_agg(m.id order by m.id) as ids, pg_catalog.array_agg(m.touch_1_scheduled_at order by m.id) as plans,
    pg_catalog.array_agg(m.touch_1_scheduled_at + m.plan_shift order by m.id) as ats,
    pg_catalog.array_agg(t.channel order by m.id) as channels, pg_catalog.array_agg(k.time_zone order by m.id) as zones,
    pg_catalog.array_agg(k.time_zone_source order by m.id) as sources
  into v_made
  from made m
  cross join lateral (
    select x.time_zone, x.time_zone_source from touchline.customers x where (x.business_id, x.id) = (m.business_id, m.customer_id) offset 0) k
  join touchline.campaign_touches t on (t.business_id, t.campaign_id, t.version, t.touch_number)
    = (p_business_id, m.campaign_id, m.campaign_version, 1);

  -- Without any open window in 14 days the claim will skip the touch; until then its plan stands.
  insert into touchline.touch_queue (business_id, enrollment_id, touch_number, channel, scheduled_at, due_at, late_after,
    deferred_reason, deferrals)
  select p_business_id, f.id, 1, f.channel, f.scheduled_at, greatest(coalesce(f.allowed_at, f.wanted_at), p_now),
    coalesce(f.allowed_at, f.wanted_at) + v_max_late, w.reason, case when w.reason is not null then 1 end
  from unnest(v_made.ids, v_made.plans, v_made.ats, v_made.channels,
      touchline.allowed_moments(p_business_id, v_made.ats, v_made.channels, v_made.zones, v_made.sources))
    f (id, scheduled_at, wanted_at, channel, allowed_at)
  cross join lateral (
    select touchline.wait_reason(f.wanted_at, f.allowed_at, null, coalesce(f.allowed_at, f.wanted_at)) as reason offset 0) w;
end
$$;

revoke all on function touchline.plan_enrollments(uuid, uuid[], uuid[], uuid[], integer[], timestamptz[], timestamptz) from public;
