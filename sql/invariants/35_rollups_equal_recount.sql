-- Invariant 35: the daily counts equal a recount of the ledger.
-- Scope: live
-- Why: a day is one of the business's zone, and a message counts on the day it was settled (sent: accepted). Compared from the
-- first to the last day that a business has counts of; what a message became later (delivered, opened …) is judged by 34.
with spans as materialized (
  select d.business_id, b.time_zone, min(d.day) as first_day, max(d.day) as last_day
  from touchline.daily_stats d
  join touchline.businesses b on b.id = d.business_id
  group by d.business_id, b.time_zone
), recounted as (
  select s.business_id, l.campaign_id, l.touch_number, l.channel, m.day,
    pg_catalog.count(*) filter (where l.state = 'sent') as sent,
    pg_catalog.count(*) filter (where l.state = 'presumed_sent') as presumed_sent,
    pg_catalog.count(*) filter (where l.state = 'failed') as failed
  from spans s
  join touchline.send_logs l on l.business_id = s.business_id
  cross join lateral (select (coalesce(l.sent_at, l.settled_at) at time zone s.time_zone)::date as day) m
  where l.state in ('sent', 'presumed_sent', 'failed')
    and l.campaign_id is not null
    and m.day between s.first_day and s.last_day
  group by s.business_id, l.campaign_id, l.touch_number, l.channel, m.day
)
select business_id, campaign_id, touch_number, channel, day, d.sent, r.sent as recounted_sent, d.presumed_sent,
  r.presumed_sent as recounted_presumed_sent, d.failed, r.failed as recounted_failed
from touchline.daily_stats d
full join recounted r using (business_id, campaign_id, touch_number, channel, day)
where day >= (p_since at time zone 'UTC')::date
  and (coalesce(d.sent, 0), coalesce(d.presumed_sent, 0), coalesce(d.failed, 0))
    <> (coalesce(r.sent, 0), coalesce(r.presumed_sent, 0), coalesce(r.failed, 0))
