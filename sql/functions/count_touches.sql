-- Purpose: the one writer of daily_stats_changes: touch i, which is in p_states[i] with the provider's p_statuses[i], counts
-- p_changes[i] times more (1: is so now; -1: was so) on the day of p_ats[i]. Written together, a row per business, campaign, touch,
-- channel, quarter hour and measure, and none where nothing changes. Messages sent by hand belong to no campaign and are not counted.
-- Moves: none
-- Locks: none
-- Raises: none
create or replace function touchline.count_touches(
  p_business_ids uuid[], p_campaign_ids uuid[], p_numbers smallint[], p_channels text[], p_ats timestamptz[], p_states text[],
  p_statuses text[], p_changes integer[]) returns void
language plpgsql volatile security definer
set search_path = ''
as $$
begin
  insert into touchline.daily_stats_changes (business_id, campaign_id, touch_number, channel, at, measure, change)
  select t.business_id, t.campaign_id, t.number, t.channel, t.at, m.measure, pg_catalog.sum(t.change)
  from (
    select u.business_id, u.campaign_id, u.number, u.channel, pg_catalog.date_bin('15 minutes', u.at, timestamptz '2000-01-01Z') as at, u.state,
      u.status, pg_catalog.sum(u.change) as change
    from unnest(p_business_ids, p_campaign_ids, p_numbers, p_channels, p_ats, p_states, p_statuses, p_changes)
      u (business_id, campaign_id, number, channel, at, state, status, change)
    where (u.campaign_id, u.number, u.at) is not null
      and u.state in ('sent', 'presumed_sent', 'failed', 'skipped')
    group by 1, 2, 3, 4, 5, 6, 7
  ) t
  cross join lateral unnest(touchline.touch_measures(t.state, t.status)) m (measure)
  group by t.business_id, t.campaign_id, t.number, t.channel, t.at, m.measure
  having pg_catalog.sum(t.change) <> 0;
end
$$;

revoke all on function touchline.count_touches(uuid[], uuid[], smallint[], text[], timestamptz[], text[], text[], integer[])
from public;
