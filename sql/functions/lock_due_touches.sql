-- Purpose: the claim's locks on lanes, never waiting: of each the next due queue rows above the low watermark, at most p_limits[i], then
-- their enrollments, then their customers, then the messages of those that are tried again, every one SKIP LOCKED and at most one
-- touch per customer. Whose enrollment, customer or message is busy, and a customer's further touches, are due again in 2 s.
-- Nothing is decided here: guards are read after these locks. Answers what is locked (enrollment_ids[n] of lane lanes[n], its queue
-- row at row_places[n], where it stays while it is locked) and the last row that was looked at in each lane.
-- Moves: pending → pending (deferred by 2 s)
-- Locks: customers, campaign_enrollments, touch_queue, send_logs (the claim's own order, without waiting: queue, enrollment,
-- customer, message)
-- Raises: none
create or replace function touchline.lock_due_touches(
  p_business_ids uuid[], p_channels text[], p_floor_due_ats timestamptz[], p_floor_enrollment_ids uuid[], p_limits integer[],
  p_now timestamptz,
  out lanes integer[], out enrollment_ids uuid[], out row_places tid[], out last_due_ats timestamptz[], out last_enrollment_ids uuid[])
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_taken record;
  v_free record;
  v_customers record;
  v_busy uuid[];
begin
  with due as materialized (
    select l.place::integer as lane, r.enrollment_id, r.touch_number, r.due_at, r.row_place
    from unnest(p_business_ids, p_channels, p_floor_due_ats, p_floor_enrollment_ids, p_limits) with ordinality
      l (business_id, channel, floor_due_at, floor_enrollment_id, most, place)
    cross join lateral (
      select q.enrollment_id, q.touch_number, q.due_at, q.ctid as row_place
      from touchline.touch_queue q
      where q.business_id = l.business_id
        and q.channel = l.channel
        and (q.due_at, q.enrollment_id) > (l.floor_due_at, l.floor_enrollment_id)
        and q.due_at <= p_now
        and q.claim_id is null
      order by q.due_at, q.enrollment_id
      limit l.most
      for update skip locked) r
  ), last as (
    select distinct on (d.lane) d.lane, d.due_at, d.enrollment_id
    from due d
    order by d.lane, d.due_at desc, d.enrollment_id desc
  ), places as (
    select p.place from pg_catalog.generate_series(1, pg_catalog.cardinality(p_business_ids)) p (place)
  )
  select pg_catalog.array_agg(d.lane order by d.lane, d.due_at, d.enrollment_id) as lanes,
    pg_catalog.array_agg(d.enrollment_id order by d.lane, d.due_at, d.enrollment_id) as ids,
    pg_catalog.array_agg(d.touch_number order by d.lane, d.due_at, d.enrollment_id) as numbers,
    pg_catalog.array_agg(d.row_place order by d.lane, d.due_at, d.enrollment_id) as row_places,
    (select pg_catalog.array_agg(l.due_at order by p.place) from places p left join last l on l.lane = p.place) as last_due_ats,
    (select pg_catalog.array_agg(l.enrollment_id order by p.place) from places p left join last l on l.lane = p.place) as last_ids
  into v_taken
  from due d;
  last_due_ats := v_taken.last_due_ats;
  last_enrollment_ids := v_taken.last_ids;
  if v_taken.ids is null then
    return;
  end if;

  select pg_catalog.array_agg(t.lane order by t.place) as lanes, pg_catalog.array_agg(t.id order by t.place) as ids,
    pg_catalog.array_agg(t.number order by t.place) as numbers, pg_catalog.array_agg(t.row_place order by t.place) as row_places,
    pg_catalog.array_agg(l.customer_id order by t.place) as owners
  into v_free
  from unnest(v_taken.lanes, v_taken.ids, v_taken.numbers, v_taken.row_places) with ordinality t (lane, id, number, row_place, place)
  cross join lateral (
    select e.customer_id
    from touchline.campaign_enrollments e
    where (e.business_id, e.id) = (p_business_ids[t.lane], t.id)
    for no key update skip locked) l;

  select pg_catalog.array_agg(o.business_id) as businesses, pg_catalog.array_agg(o.customer_id) as ids
  into v_customers
  from (
    select distinct p_business_ids[f.lane] as business_id, f.customer_id
    from unnest(v_free.lanes, v_free.owners) f (lane, customer_id)) o
  cross join lateral (
    select from touchline.customers k
    where (k.business_id, k.id) = (o.business_id, o.customer_id)
    for no key update skip locked) l;

  select pg_catalog.array_agg(f.id) into v_busy
  from unnest(v_free.lanes, v_free.ids, v_free.numbers) f (lane, id, number)
  cross join lateral (
    select x.business_id, x.id
    from touchline.send_logs x
    where (x.business_id, x.campaign_enrollment_id, x.touch_number) = (p_business_ids[f.lane], f.id, f.number)
    offset 0) m
  left join lateral (
    select true as is_ours
    from touchline.send_logs l
    where (l.business_id, l.id) = (m.business_id, m.id)
    for no key update skip locked) l on true
  where l.is_ours is null;

  -- Joined, not searched: an array is read from its start for every row.
  select pg_catalog.array_agg(f.lane order by f.place), pg_catalog.array_agg(f.id order by f.place),
    pg_catalog.array_agg(f.row_place order by f.place)
  into lanes, enrollment_ids, row_places
  from (
    select distinct on (k.business_id, k.id) o.lane, o.id, o.row_place, o.place
    from unnest(v_free.lanes, v_free.ids, v_free.row_places, v_free.owners) with ordinality o (lane, id, row_place, customer_id, place)
    join unnest(v_customers.businesses, v_customers.ids) k (business_id, id)
      on (k.business_id, k.id) = (p_business_ids[o.lane], o.customer_id)
    where not exists (select from unnest(v_busy) b (id) where b.id = o.id)
    order by k.business_id, k.id, o.place
  ) f;

  if coalesce(pg_catalog.cardinality(enrollment_ids), 0) < pg_catalog.cardinality(v_taken.ids) then
    update touchline.touch_queue q
    set due_at = p_now + interval '2 seconds', deferred_reason = coalesce(q.deferred_reason, 'busy'),
      deferrals = least(coalesce(q.deferrals, 0) + 1, 1000)
    from (
      select p_business_ids[t.lane] as business_id, t.id
      from unnest(v_taken.lanes, v_taken.ids) t (lane, id)
      where not exists (select from unnest(enrollment_ids) f (id) where f.id = t.id)) b
    where (q.business_id, q.enrollment_id) = (b.business_id, b.id);
  end if;
end
$$;

revoke all on function touchline.lock_due_touches(uuid[], text[], timestamptz[], uuid[], integer[], timestamptz) from public;
