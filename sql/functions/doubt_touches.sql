-- Purpose: what was due in a time that this database lost may have left in that time. At most p_limit such touches get an attempt that we
-- assume was made between p_since and now, and are unknown: a look-up may prove it either way, and else the business's policy
-- decides. They are never replayed, because the key of what was really sent is lost. The lost time ends where safe mode began. With
-- p_since null the moment is that of the installation (a change of timeline), which is cleared when nothing is left. Returns how
-- many touches it looked at; 0: nothing is left.
-- Moves: pending → sending → unknown
-- Locks: campaign_enrollments, touch_queue, send_logs; business_dispatch last (SKIP LOCKED)
-- Raises: TL100 called_as_owner, TL101 isolation_level, TL102 clock_refused
create or replace function touchline.doubt_touches(
  p_since timestamptz default null, p_limit integer default 500, p_now timestamptz default null) returns integer
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_now timestamptz;
  v_since timestamptz;
  v_until timestamptz;
  v_claim_id uuid := pg_catalog.gen_random_uuid();
  v record;
  v_lane record;
begin
  perform touchline.require_worker();
  v_now := touchline.current_moment(p_now);
  select coalesce(p_since, i.doubts_since), coalesce(i.safe_mode_at, v_now) into v_since, v_until
  from touchline.installation i;
  if v_since is null then
    return 0;
  end if;
  select pg_catalog.array_agg(w.business_id) as businesses, pg_catalog.array_agg(w.enrollment_id) as enrollments into v
  from (
    select q.business_id, q.enrollment_id
    from touchline.touch_queue q
    join touchline.campaign_enrollments e on (e.business_id, e.id) = (q.business_id, q.enrollment_id)
    cross join lateral (
      select coalesce(pg_catalog.array_agg(l.touch_number), '{}') as doubted
      from touchline.send_logs l
      join touchline.send_attempts t on (t.business_id, t.send_log_id) = (l.business_id, l.id)
      where (l.business_id, l.campaign_enrollment_id) = (q.business_id, q.enrollment_id)
        and t.is_assumed) a
    where q.due_at <= v_now
      and q.claim_id is null
      and q.late_after >= v_now
      and not q.touch_number = any (a.doubted)
      -- The touch after a doubted one was planned for the lost time, and due only now.
      and (q.due_at <= v_until or q.scheduled_at + e.plan_shift <= v_until and a.doubted <> '{}')
    order by q.business_id, q.enrollment_id
    limit p_limit) w;

  perform
  from unnest(v.businesses, v.enrollments) k (business_id, id)
  join touchline.campaign_enrollments e on (e.business_id, e.id) = (k.business_id, k.id)
  order by e.business_id, e.id
  for no key update of e;
  perform
  from unnest(v.businesses, v.enrollments) k (business_id, id)
  join touchline.touch_queue q on (q.business_id, q.enrollment_id) = (k.business_id, k.id)
  order by q.business_id, q.enrollment_id
  for update of q;
  for v_lane in
    select q.business_id, q.channel, pg_catalog.array_agg(q.enrollment_id) as enrollments
    from unnest(v.businesses, v.enrollments) k (business_id, id)
    join touchline.touch_queue q on (q.business_id, q.enrollment_id) = (k.business_id, k.id)
    where q.due_at <= v_now and q.claim_id is null
    group by q.business_id, q.channel
  loop
    perform touchline.doubt_lane(v_lane.business_id, v_lane.channel, v_lane.enrollments, v_claim_id, v_since, v_now);
  end loop;
  if v.businesses is null and p_since is null then
    update touchline.installation i set doubts_since = null;
  end if;
  return coalesce(pg_catalog.cardinality(v.businesses), 0);
end
$$;

revoke all on function touchline.doubt_touches(timestamptz, integer, timestamptz) from public;
grant execute on function touchline.doubt_touches(timestamptz, integer, timestamptz) to touchline_worker, service_role;
