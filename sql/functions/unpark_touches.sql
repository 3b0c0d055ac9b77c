-- Purpose: lets the enrollments of a campaign, or of the whole business where p_campaign_id is null, go on after a wait since
-- p_since: each is shifted by the time it waited (from its own enrollment, if later; up to its campaign's pause, if that lasts),
-- so that the gaps between its remaining touches survive. Rows parked for p_blocked_by become due at the first allowed moment
-- of the shifted plan, or stay parked for what still holds; leased, unknown, held or otherwise parked ones get only a new
-- late_after. The caller holds the business's lanes. Answers how many became due.
-- Moves: none
-- Locks: campaign_enrollments, touch_queue
-- Raises: none
create or replace function touchline.unpark_touches(
  p_business_id uuid, p_campaign_id uuid, p_since timestamptz, p_blocked_by text, p_now timestamptz) returns integer
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_ids uuid[];
  v_waiting record;
  v_count integer;
begin
  -- Only what is locked here is moved: who is enrolled meanwhile has not waited, and would be locked out of order later.
  with locked as materialized (
    select e.id
    from touchline.campaign_enrollments e
    where e.business_id = p_business_id
      and (p_campaign_id is null or e.campaign_id = p_campaign_id)
      and e.status = 'active'
    order by e.id
    for no key update
  )
  select pg_catalog.array_agg(l.id) into v_ids
  from locked l;
  perform
  from touchline.touch_queue q
  where q.business_id = p_business_id
    and q.enrollment_id = any (v_ids)
  order by q.enrollment_id
  for update;

  update touchline.campaign_enrollments e
  set plan_shift = e.plan_shift + touchline.elapsed(greatest(p_since, e.enrolled_at), coalesce(c.paused_at, p_now))
  from touchline.campaigns c
  where e.business_id = p_business_id
    and e.id = any (v_ids)
    and (c.business_id, c.id) = (e.business_id, e.campaign_id);

  select pg_catalog.array_agg(w.enrollment_id) as ids, pg_catalog.array_agg(w.scheduled_at + e.plan_shift) as wanted_ats,
    pg_catalog.array_agg(w.channel) as channels, pg_catalog.array_agg(k.time_zone) as zones,
    pg_catalog.array_agg(k.time_zone_source) as sources
  into v_waiting
  from touchline.touch_queue w
  join touchline.campaign_enrollments e on (e.business_id, e.id) = (w.business_id, w.enrollment_id)
  join touchline.customers k on (k.business_id, k.id) = (e.business_id, e.customer_id)
  where w.business_id = p_business_id
    and w.enrollment_id = any (v_ids);
  if v_waiting.ids is null then
    return 0;
  end if;

  with moved as (
    update touchline.touch_queue q
    set late_after = p.base + pg_catalog.make_interval(hours => s.max_late_hours),
      blocked_by = case when p.is_parked then p.still else q.blocked_by end,
      due_at = case
        when p.is_parked and p.still is null then greatest(p.base, p_now)
        when q.claim_id is null and q.blocked_by is null then greatest(p.base, q.due_at, p_now)
        else q.due_at
      end,
      deferred_reason = case when p.is_parked and p.still is null then p.wait else q.deferred_reason end,
      deferrals = case when not p.is_parked or p.still is not null then q.deferrals
        when p.wait is not null then case when p.keeps then coalesce(q.deferrals, 1) else 1 end end
    from unnest(v_waiting.ids, v_waiting.wanted_ats, touchline.allowed_moments(
        p_business_id, v_waiting.wanted_ats, v_waiting.channels, v_waiting.zones, v_waiting.sources))
      a (enrollment_id, wanted_at, allowed_at)
    join touchline.touch_queue w on (w.business_id, w.enrollment_id) = (p_business_id, a.enrollment_id)
    join touchline.campaign_enrollments e on (e.business_id, e.id) = (w.business_id, w.enrollment_id)
    join touchline.campaigns c on (c.business_id, c.id) = (e.business_id, e.campaign_id)
    join touchline.businesses b on b.id = w.business_id
    join touchline.sending_policies s on s.business_id = w.business_id
    -- Behind its shifted plan: it waited already when it was parked, and what it waited for is why it is late.
    cross join lateral (select coalesce(a.allowed_at, a.wanted_at) < p_now as keeps offset 0) k
    cross join lateral (
      select coalesce(a.allowed_at, a.wanted_at) as base,
        coalesce(touchline.wait_reason(a.wanted_at, a.allowed_at, null, coalesce(a.allowed_at, a.wanted_at)),
          case when k.keeps then w.deferred_reason end) as wait,
        k.keeps,
        (w.claim_id is null and w.blocked_by = p_blocked_by) is true as is_parked,
        -- What the claim would park it for; it then waits there without being claimed first.
        case when c.status = 'paused' then 'campaign_paused' when b.status = 'suspended' then 'business_suspended' end as still
      offset 0) p
    where (q.business_id, q.enrollment_id) = (w.business_id, w.enrollment_id)
    returning p.is_parked and p.still is null as became_due
  )
  select pg_catalog.count(*) into v_count
  from moved m
  where m.became_due;
  return v_count;
end
$$;

revoke all on function touchline.unpark_touches(uuid, uuid, timestamptz, text, timestamptz) from public;
