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
  v_free uuid[];
  v_customers uuid[];
  v_busy uuid[];
begin
  with due as materialized (
    select q.enrollment_id, q.due_at
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
  select pg_catalog.array_agg(d.enrollment_id order by d.due_at, d.enrollment_id), max(d.due_at),
    (pg_catalog.array_agg(d.enrollment_id order by d.due_at desc, d.enrollment_id desc))[1]
  into v_taken, last_due_at, last_enrollment_id
  from due d;
  if v_taken is null then
    return;
  end if;

  with locked as materialized (
    select e.id, e.customer_id
    from touchline.campaign_enrollments e
    where e.business_id = p_business_id
      and e.id = any (v_taken)
    for no key update skip locked
  )
  select pg_catalog.array_agg(l.id), pg_catalog.array_agg(distinct l.customer_id) into v_free, v_customers
  from locked l;

  with locked as materialized (
    select k.id
    from touchline.customers k
    where k.business_id = p_business_id
      and k.id = any (v_customers)
    for no key update skip locked
  )
  select pg_catalog.array_agg(l.id) into v_customers
  from locked l;

  with messages as materialized (
    select l.id, q.enrollment_id
    from touchline.touch_queue q
    join touchline.send_logs l on (l.business_id, l.campaign_enrollment_id, l.touch_number)
      = (q.business_id, q.enrollment_id, q.touch_number)
    where q.business_id = p_business_id
      and q.enrollment_id = any (v_free)
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

  select pg_catalog.array_agg(f.id) into enrollment_ids
  from (
    select distinct on (e.customer_id) e.id
    from touchline.campaign_enrollments e
    where e.business_id = p_business_id
      and e.id = any (v_free)
      and e.customer_id = any (v_customers)
      and not e.id = any (coalesce(v_busy, '{}'))
    order by e.customer_id, pg_catalog.array_position(v_taken, e.id)
  ) f;

  if coalesce(pg_catalog.cardinality(enrollment_ids), 0) < pg_catalog.cardinality(v_taken) then
    update touchline.touch_queue q
    set due_at = p_now + interval '2 seconds'
    where q.business_id = p_business_id
      and q.enrollment_id = any (v_taken)
      and not q.enrollment_id = any (coalesce(enrollment_ids, '{}'));
  end if;
end
$$;

revoke all on function touchline.lock_due_touches(uuid, text, timestamptz, uuid, integer, timestamptz) from public;
