-- Purpose: the one home of counting anew: daily_stats of a business becomes what its messages and enrollments say in its present time
-- zone, less what stands in daily_stats_changes, in one statement under the business's lock, so that both together are right at every
-- moment. Days that do not lie wholly after installation.messages_pruned_before stay as they were counted: their messages may be gone.
-- Moves: none
-- Locks: campaigns (businesses before)
-- Raises: TL101 isolation_level
create or replace function touchline.recount_daily_stats(p_business_id uuid) returns void
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_zone text;
  v_first_day date;
begin
  if pg_catalog.current_setting('transaction_isolation') <> 'read committed' then
    raise exception 'Isolation level % is not supported here', pg_catalog.current_setting('transaction_isolation')
      using errcode = 'TL101', detail = 'What is counted after waiting for a lock must see what was committed meanwhile.',
        hint = 'Begin the transaction with: begin isolation level read committed.';
  end if;
  select b.time_zone into v_zone from touchline.businesses b where b.id = p_business_id for no key update;
  perform from touchline.campaigns k where k.business_id = p_business_id order by k.id for key share;
  select coalesce(pg_catalog.min(d.day), '-infinity') into v_first_day
  from touchline.installation i
  cross join lateral (
    select (i.messages_pruned_before at time zone v_zone)::date + n as day from (values (0), (1)) n (n)) d
  where d.day::timestamp at time zone v_zone >= i.messages_pruned_before;

  with counted as (
    select l.campaign_id, l.touch_number, l.channel, (coalesce(l.sent_at, l.settled_at) at time zone v_zone)::date as day, l.state,
      l.status, pg_catalog.count(*) as change
    from touchline.send_logs l
    where l.business_id = p_business_id
      and l.campaign_id is not null
      and l.state in ('sent', 'presumed_sent', 'failed')
    group by 1, 2, 3, 4, 5, 6
    union all
    select s.campaign_id, s.touch_number, s.channel, (s.skipped_at at time zone v_zone)::date, 'skipped', null, pg_catalog.count(*)
    from touchline.skipped_touches s
    where s.business_id = p_business_id
    group by 1, 2, 3, 4
  ), changes as (
    select n.campaign_id, n.touch_number, n.channel, n.day, m.measure, n.change
    from counted n
    cross join lateral unnest(touchline.touch_measures(n.state, n.status)) m (measure)
    union all
    select c.campaign_id, c.touch_number, c.channel, (c.at at time zone v_zone)::date, c.measure, -c.change
    from touchline.daily_stats_changes c
    join touchline.campaigns k on (k.business_id, k.id) = (c.business_id, c.campaign_id)
    where c.business_id = p_business_id
  ), anew as materialized (
    select c.campaign_id, c.touch_number, c.channel, c.day,
      coalesce(pg_catalog.sum(c.change) filter (where c.measure = 'sent'), 0) as sent,
      coalesce(pg_catalog.sum(c.change) filter (where c.measure = 'presumed_sent'), 0) as presumed_sent,
      coalesce(pg_catalog.sum(c.change) filter (where c.measure = 'failed'), 0) as failed,
      coalesce(pg_catalog.sum(c.change) filter (where c.measure = 'skipped'), 0) as skipped,
      coalesce(pg_catalog.sum(c.change) filter (where c.measure = 'delivered'), 0) as delivered,
      coalesce(pg_catalog.sum(c.change) filter (where c.measure = 'opened'), 0) as opened,
      coalesce(pg_catalog.sum(c.change) filter (where c.measure = 'clicked'), 0) as clicked,
      coalesce(pg_catalog.sum(c.change) filter (where c.measure = 'bounced'), 0) as bounced,
      coalesce(pg_catalog.sum(c.change) filter (where c.measure = 'complained'), 0) as complained
    from changes c
    where c.day >= v_first_day
    group by c.campaign_id, c.touch_number, c.channel, c.day
  ), gone as (
    delete from touchline.daily_stats d
    where d.business_id = p_business_id
      and d.day >= v_first_day
      and (d.campaign_id, d.touch_number, d.channel, d.day) not in (
        select a.campaign_id, a.touch_number, a.channel, a.day from anew a)
  )
  insert into touchline.daily_stats (business_id, campaign_id, touch_number, channel, day, sent, presumed_sent, failed, skipped,
    delivered, opened, clicked, bounced, complained)
  select p_business_id, a.*
  from anew a
  on conflict (business_id, campaign_id, day, touch_number, channel) do update
  set sent = excluded.sent, presumed_sent = excluded.presumed_sent, failed = excluded.failed, skipped = excluded.skipped,
    delivered = excluded.delivered, opened = excluded.opened, clicked = excluded.clicked, bounced = excluded.bounced,
    complained = excluded.complained;
end
$$;

revoke all on function touchline.recount_daily_stats(uuid) from public;
