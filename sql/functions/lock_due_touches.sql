-- Purpose: the claim's locks on one lane, never waiting: the next due queue rows above the low watermark, then their enrollments,
-- then their customers, then the messages of those that are tried again, every one SKIP LOCKED and at most one touch per
-- customer. Whose enrollment, customer or message is busy, and a customer's further touches, are due again in 2 s. Nothing is
-- decided here: guards are read after these locks.
-- Moves: pending → pending (deferred by 2 s)
-- Locks: customers, campaign_enrollments, touch_queue, send_logs (the claim's own order, without waiting: queue, enrollment,
-- customer, message)
-- Raises: none
create or replace function touchline.lock_due_touches(
  p_business_id uuid, p_channel text, p_floor_due_at timestamptz, p_floor_enrollment_id uuid, p_limit integer, p_now timestamptz,
  out enrollment_ids uuid[], out last_due_at timestamptz, out last_enrollment_id uuid)
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_taken uuid[];
  v_numbers smallint[];
  v_free uuid[];
  v_owners uuid[];
  v_customers uuid[];
  v_busy uuid[];
begin
  with due as materialized (
    select q.enrollment_id, q.touch_number, q.due_at
    from touchline.touch_queue q
    where q.business_id = p_business_id
      and q.channel = p_channel
      and (q.due_at, q.enrollment_id) > (p_floor_due_at, p_floor_enrollment_id)
      and q.due_at <= p_now
      and q.claim_id is null
    order by q.due_at, q.enrollment_id
    limit p_limit
    for update skip locked
  )
  select pg_catalog.array_agg(d.enrollment_id order by d.due_at, d.enrollment_id),
    pg_catalog.array_agg(d.touch_number order by d.due_at, d.enrollment_id), max(d.due_at)
  into v_taken, v_numbers, last_due_at
  from due d;
  if v_taken is null then
    return;
  end if;
  last_enrollment_id := v_taken[pg_catalog.cardinality(v_taken)];

  with locked as materialized (
    select e.id, e.customer_id
    from touchline.campaign_enrollments e
    where e.business_id = p_business_id
      and e.id = any (v_taken)
    for no key update skip locked
  )
  select pg_catalog.array_agg(l.id order by t.place), pg_catalog.array_agg(l.customer_id order by t.place),
    pg_catalog.array_agg(t.number order by t.place)
  into v_free, v_owners, v_numbers
  from locked l
  join unnest(v_taken, v_numbers) with ordinality t (id, number, place) on t.id = l.id;

  with locked as materialized (
    select k.id
    from touchline.customers k
    where k.business_id = p_business_id
      and k.id = any (array(select distinct o.id from unnest(v_owners) o (id)))
    for no key update skip locked
  )
  select pg_catalog.array_agg(l.id) into v_customers
  from locked l;

  with messages as materialized (
    select l.id, f.enrollment_id
    from unnest(v_free, v_numbers) f (enrollment_id, number)
    join touchline.send_logs l on (l.business_id, l.campaign_enrollment_id, l.touch_number)
      = (p_business_id, f.enrollment_id, f.number)
    -- By keys: joined alone, a plan made while there were no messages would walk all of the business.
    where l.campaign_enrollment_id = any (v_free)
  ), locked as materialized (
    select l.id
    from touchline.send_logs l
    where l.business_id = p_business_id
      and l.id = any (array(select m.id from messages m))
    for no key update skip locked
  )
  select pg_catalog.array_agg(m.enrollment_id) into v_busy
  from messages m
  where not exists (select from locked l where l.id = m.id);

  -- Joined, not searched: an array is read from its start for every row.
  select pg_catalog.array_agg(f.id order by f.place) into enrollment_ids
  from (
    select distinct on (o.customer_id) o.id, o.place
    from unnest(v_free, v_owners) with ordinality o (id, customer_id, place)
    join unnest(v_customers) k (id) on k.id = o.customer_id
    where not exists (select from unnest(v_busy) b (id) where b.id = o.id)
    order by o.customer_id, o.place
  ) f;

  if coalesce(pg_catalog.cardinality(enrollment_ids), 0) < pg_catalog.cardinality(v_taken) then
    update touchline.touch_queue q
    set due_at = p_now + interval '2 seconds', deferred_reason = coalesce(q.deferred_reason, 'busy'),
      deferrals = least(coalesce(q.deferrals, 0) + 1, 1000)
    where q.business_id = p_business_id
      and q.enrollment_id = any (array(
        select t.id from unnest(v_taken) t (id) except select f.id from unnest(enrollment_ids) f (id)));
  end if;
end
$$;

revoke all on function touchline.lock_due_touches(uuid, text, timestamptz, uuid, integer, timestamptz) from public;
