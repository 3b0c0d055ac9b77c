-- Purpose: house-keeping of the daily counts: takes at most p_limit rows of daily_stats_changes away and adds them to daily_stats, on
-- the day that each business has by its present time zone. Nobody waits: a business that somebody else folds, or whose profile is
-- being written, is left for another time, and so is a campaign that is being deleted; what belongs to nobody any more is dropped.
-- Returns how many rows it took.
-- Moves: none
-- Locks: campaigns (businesses before; each SKIP LOCKED)
-- Raises: TL100 called_as_owner, TL101 isolation_level
create or replace function touchline.fold_daily_stats(p_limit integer default 5000) returns integer
language plpgsql volatile security definer
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set jit = off
as $$
declare
  v_waiting uuid[];
  v_businesses uuid[];
  v_dropped integer;
  v_folded integer;
begin
  perform touchline.require_worker();
  -- From each business that has rows to the next, by their key.
  with recursive waiting as (
    (select c.business_id from touchline.daily_stats_changes c order by c.business_id limit 1)
    union all
    select (
      select c.business_id from touchline.daily_stats_changes c where c.business_id > w.business_id order by c.business_id limit 1)
    from waiting w
    where w.business_id is not null
  )
  select pg_catalog.array_agg(w.business_id) into v_waiting
  from (select x.business_id from waiting x where x.business_id is not null limit 1000) w;
  if v_waiting is null then
    return 0;
  end if;
  delete from touchline.daily_stats_changes c
  using unnest(v_waiting) w (id)
  where c.business_id = w.id
    and not exists (select from touchline.businesses b where b.id = w.id);
  get diagnostics v_dropped = row_count;
  v_businesses := array(
    select b.id from touchline.businesses b where b.id = any (v_waiting) order by b.id for no key update skip locked);

  -- From here on the zones stand still, and nobody else folds these businesses: their rows need no locks.
  with picked as materialized (
    select c.*
    from unnest(v_businesses) b (id)
    cross join lateral (
      select x.business_id, x.id, x.campaign_id
      from touchline.daily_stats_changes x
      where x.business_id = b.id
      order by x.id
      limit p_limit) c
    limit p_limit
  ), held as materialized (
    select k.business_id, k.id
    from touchline.campaigns k
    where (k.business_id, k.id) in (select p.business_id, p.campaign_id from picked p)
    for key share skip locked
  ), taken as (
    delete from touchline.daily_stats_changes c
    using picked p
    where (c.business_id, c.id) = (p.business_id, p.id)
      and ((p.business_id, p.campaign_id) in (select h.business_id, h.id from held h)
        or not exists (select from touchline.campaigns k where (k.business_id, k.id) = (p.business_id, p.campaign_id)))
    returning c.*
  ), folded as (
    insert into touchline.daily_stats as d (business_id, campaign_id, touch_number, channel, day, sent, presumed_sent, failed, skipped,
      delivered, opened, clicked, bounced, complained)
    select t.business_id, t.campaign_id, t.touch_number, t.channel, (t.at at time zone b.time_zone)::date as day,
      coalesce(pg_catalog.sum(t.change) filter (where t.measure = 'sent'), 0),
      coalesce(pg_catalog.sum(t.change) filter (where t.measure = 'presumed_sent'), 0),
      coalesce(pg_catalog.sum(t.change) filter (where t.measure = 'failed'), 0),
      coalesce(pg_catalog.sum(t.change) filter (where t.measure = 'skipped'), 0),
      coalesce(pg_catalog.sum(t.change) filter (where t.measure = 'delivered'), 0),
      coalesce(pg_catalog.sum(t.change) filter (where t.measure = 'opened'), 0),
      coalesce(pg_catalog.sum(t.change) filter (where t.measure = 'clicked'), 0),
      coalesce(pg_catalog.sum(t.change) filter (where t.measure = 'bounced'), 0),
      coalesce(pg_catalog.sum(t.change) filter (where t.measure = 'complained'), 0)
    from taken t
    join held h on (h.business_id, h.id) = (t.business_id, t.campaign_id)
    join touchline.businesses b on b.id = t.business_id
    group by t.business_id, t.campaign_id, t.touch_number, t.channel, day
    order by t.business_id, t.campaign_id, day, t.touch_number, t.channel
    on conflict (business_id, campaign_id, day, touch_number, channel) do update
    set sent = d.sent + excluded.sent, presumed_sent = d.presumed_sent + excluded.presumed_sent, failed = d.failed + excluded.failed,
      skipped = d.skipped + excluded.skipped, delivered = d.delivered + excluded.delivered, opened = d.opened + excluded.opened,
      clicked = d.clicked + excluded.clicked, bounced = d.bounced + excluded.bounced, complained = d.complained + excluded.complained
  )
  select pg_catalog.count(*) into v_folded
  from taken t;
  return v_dropped + v_folded;
end
$$;

revoke all on function touchline.fold_daily_stats(integer) from public;
grant execute on function touchline.fold_daily_stats(integer) to touchline_worker, service_role;
