-- Purpose: what a list shows of a campaign, at a price that does not grow with its people. active, completed, stopped and parked count
-- people up to 10,001, which stands for that many or more; parked are those whose next touch waits for something other than time.
-- next_due_at is the earliest moment at which one of its touches may be claimed, null when none waits: of the next thousand touches
-- of each of the business's lanes, else of a thousand of the campaign's people. sent counts touches that were accepted or are presumed
-- to have been, by the daily counts. Zeros for what is not the business's.
-- Moves: none
-- Locks: none
-- Raises: TL100 called_as_owner, TL101 isolation_level, TL201 not_found
create or replace function touchline.campaign_figures(
  p_business_id uuid, p_campaign_id uuid, out active bigint, out completed bigint, out stopped bigint, out parked bigint,
  out next_due_at timestamptz, out sent bigint)
language plpgsql stable strict security definer
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set jit = off
set enable_bitmapscan = off
as $$
declare
  v_most constant integer := 10001;
  v_status text;
  v_people bigint[] := '{}';
  v_ids uuid[];
begin
  perform touchline.require_access(p_business_id, 'read');
  foreach v_status in array '{active,completed,stopped}'::text[] loop
    v_people := v_people || array(
      select pg_catalog.count(*)
      from (
        select from touchline.campaign_enrollments e
        where e.business_id = p_business_id and e.campaign_id = p_campaign_id and e.status = v_status
        limit v_most) n);
  end loop;
  active := v_people[1];
  completed := v_people[2];
  stopped := v_people[3];
  select (
      select coalesce(pg_catalog.sum(d.sent + d.presumed_sent), 0)
      from touchline.daily_stats d
      where d.business_id = p_business_id and d.campaign_id = p_campaign_id)
    + (
      select coalesce(pg_catalog.sum(c.change), 0)
      from touchline.daily_stats_changes c
      where c.business_id = p_business_id and c.campaign_id = p_campaign_id and c.measure in ('sent', 'presumed_sent'))
  into sent;
  parked := 0;
  if active = 0 then
    return;
  end if;

  -- What is parked stands at the end of its lane.
  v_ids := array(
    select w.enrollment_id
    from touchline.touch_queue w
    where w.business_id = p_business_id and w.channel in ('email', 'sms') and w.due_at = 'infinity'
    limit v_most);
  -- From the queue to each person by its key: by the campaign there may be a million of them.
  select pg_catalog.count(*) into parked
  from unnest(v_ids) w (id)
  cross join lateral (
    select e.campaign_id, e.status, e.current_touch
    from touchline.campaign_enrollments e
    where e.business_id = p_business_id and e.id = w.id
    offset 0
  ) o
  where o.campaign_id = p_campaign_id and o.status = 'active';

  select pg_catalog.min(n.due_at) into next_due_at
  from touchline.business_dispatch l
  cross join lateral (
    select w.due_at
    from (
      select q.enrollment_id, q.due_at
      from touchline.touch_queue q
      where q.business_id = l.business_id and q.channel = l.channel
        and (q.due_at, q.enrollment_id) > (l.floor_due_at, l.floor_enrollment_id)
        and q.due_at < 'infinity' and q.claim_id is null and not q.stopping
      order by q.due_at, q.enrollment_id
      limit 1000
    ) w
    cross join lateral (
      select e.campaign_id, e.status, e.current_touch
      from touchline.campaign_enrollments e
      where e.business_id = p_business_id and e.id = w.enrollment_id
      offset 0
    ) o
    where o.campaign_id = p_campaign_id and o.status = 'active'
    order by w.due_at
    limit 1
  ) n
  where l.business_id = p_business_id;
  if next_due_at is null then
    v_ids := array(
      select e.id
      from touchline.campaign_enrollments e
      where e.business_id = p_business_id and e.campaign_id = p_campaign_id and e.status = 'active'
      limit 1000);
    select pg_catalog.min(o.due_at) into next_due_at
    from unnest(v_ids) w (id)
    cross join lateral (
      select q.due_at
      from touchline.touch_queue q
      where q.business_id = p_business_id and q.enrollment_id = w.id
        and q.blocked_by is null and q.claim_id is null and not q.stopping
      offset 0
    ) o;
  end if;
end
$$;

revoke all on function touchline.campaign_figures(uuid, uuid) from public;
grant execute on function touchline.campaign_figures(uuid, uuid) to authenticated, service_role, touchline_worker;
