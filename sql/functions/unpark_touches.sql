-- Purpose: lets enrollments go on after a wait: enrollment p_enrollment_ids[i] is shifted by p_waits[i], and its queue row with
-- it, so that the gaps between its remaining touches survive. Rows parked for p_blocked_by become due at the first allowed
-- moment of the shifted plan, or stay parked for another reason that still holds (the campaign is paused). Rows that are leased,
-- unknown, held or parked otherwise get only a new late_after. The caller holds the lanes. Answers how many became due.
-- Moves: none
-- Locks: campaign_enrollments, touch_queue
-- Raises: none
create or replace function touchline.unpark_touches(
  p_business_id uuid, p_enrollment_ids uuid[], p_waits interval[], p_blocked_by text, p_now timestamptz) returns integer
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_count integer;
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

  update touchline.campaign_enrollments e
  set plan_shift = e.plan_shift + w.wait
  from unnest(p_enrollment_ids, p_waits) w (enrollment_id, wait)
  where e.business_id = p_business_id
    and e.id = w.enrollment_id
    and e.status = 'active'
    and w.wait > interval '0';

  with planned as materialized (
    select q.enrollment_id, s.max_late_hours, (q.claim_id is null and q.blocked_by = p_blocked_by) is true as is_parked,
      coalesce(
        touchline.next_allowed_at(q.scheduled_at + e.plan_shift, q.channel, q.business_id, k.time_zone, k.time_zone_source),
        q.scheduled_at + e.plan_shift) as base,
      -- What the claim would park it for; it then waits there without being claimed first.
      case when c.status = 'paused' then 'campaign_paused' when b.status = 'suspended' then 'business_suspended' end as still
    from touchline.touch_queue q
    join touchline.campaign_enrollments e on (e.business_id, e.id) = (q.business_id, q.enrollment_id) and e.status = 'active'
    join touchline.campaigns c on (c.business_id, c.id) = (e.business_id, e.campaign_id)
    join touchline.customers k on (k.business_id, k.id) = (e.business_id, e.customer_id)
    join touchline.businesses b on b.id = q.business_id
    join touchline.sending_policies s on s.business_id = q.business_id
    where q.business_id = p_business_id
      and q.enrollment_id = any (p_enrollment_ids)
  ), moved as (
    update touchline.touch_queue q
    set late_after = p.base + pg_catalog.make_interval(hours => p.max_late_hours),
      blocked_by = case when p.is_parked then p.still else q.blocked_by end,
      due_at = case
        when p.is_parked and p.still is null then greatest(p.base, p_now)
        when q.claim_id is null and q.blocked_by is null then greatest(p.base, q.due_at, p_now)
        else q.due_at
      end
    from planned p
    where q.business_id = p_business_id
      and q.enrollment_id = p.enrollment_id
    returning p.is_parked and p.still is null as became_due
  )
  select pg_catalog.count(*) into v_count
  from moved m
  where m.became_due;
  return v_count;
end
$$;

revoke all on function touchline.unpark_touches(uuid, uuid[], interval[], text, timestamptz) from public;
