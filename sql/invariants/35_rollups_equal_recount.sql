-- Invariant 35: the daily counts equal a recount of the ledger at every moment.
-- Scope: live
-- Why: a day is one of the business's zone, and a message counts on the day it was settled (sent: accepted), with all that was told
-- of it later. Days before messages_pruned_before are not recounted. The enrollment of a skipped touch may have been purged, so
-- that more skips were counted than there are; in a harness 35_skips_equal_recount knows better.
with recounted as (
  select l.business_id, l.campaign_id, l.touch_number, l.channel, m.day,
    pg_catalog.count(*) filter (where l.state = 'sent') as sent,
    pg_catalog.count(*) filter (where l.state = 'presumed_sent') as presumed_sent,
    pg_catalog.count(*) filter (where l.state = 'failed') as failed,
    0 as skipped,
    pg_catalog.count(*) filter (where l.state = 'sent' and l.status in ('delivered', 'opened', 'clicked', 'complained')) as delivered,
    pg_catalog.count(*) filter (where l.state = 'sent' and l.status in ('opened', 'clicked')) as opened,
    pg_catalog.count(*) filter (where l.state = 'sent' and l.status = 'clicked') as clicked,
    pg_catalog.count(*) filter (where l.state = 'sent' and l.status = 'bounced') as bounced,
    pg_catalog.count(*) filter (where l.state = 'sent' and l.status = 'complained') as complained
  from touchline.send_logs l
  join touchline.businesses b on b.id = l.business_id
  cross join lateral (select (coalesce(l.sent_at, l.settled_at) at time zone b.time_zone)::date as day) m
  where l.state in ('sent', 'presumed_sent', 'failed')
    and l.campaign_id is not null
    and coalesce(l.sent_at, l.settled_at) >= p_since
  group by l.business_id, l.campaign_id, l.touch_number, l.channel, m.day
  union all
  select s.business_id, s.campaign_id, s.touch_number, s.channel, m.day, 0, 0, 0, pg_catalog.count(*), 0, 0, 0, 0, 0
  from touchline.skipped_touches s
  join touchline.businesses b on b.id = s.business_id
  cross join lateral (select (s.skipped_at at time zone b.time_zone)::date as day) m
  where s.skipped_at >= p_since
  group by s.business_id, s.campaign_id, s.touch_number, s.channel, m.day
), ledger as (
  select r.business_id, r.campaign_id, r.touch_number, r.channel, r.day, pg_catalog.sum(r.sent) as sent,
    pg_catalog.sum(r.presumed_sent) as presumed_sent, pg_catalog.sum(r.failed) as failed, pg_catalog.sum(r.skipped) as skipped,
    pg_catalog.sum(r.delivered) as delivered, pg_catalog.sum(r.opened) as opened, pg_catalog.sum(r.clicked) as clicked,
    pg_catalog.sum(r.bounced) as bounced, pg_catalog.sum(r.complained) as complained
  from recounted r
  group by r.business_id, r.campaign_id, r.touch_number, r.channel, r.day
)
select business_id, campaign_id, touch_number, channel, day, c.counted, c.recounted, s.skipped,
  r.skipped as recounted_skipped
from touchline.campaign_daily_stats s
full join ledger r using (business_id, campaign_id, touch_number, channel, day)
join touchline.businesses b on b.id = business_id
cross join touchline.installation i
cross join lateral (
  select array[coalesce(s.sent, 0), coalesce(s.presumed_sent, 0), coalesce(s.failed, 0), coalesce(s.delivered, 0),
      coalesce(s.opened, 0), coalesce(s.clicked, 0), coalesce(s.bounced, 0), coalesce(s.complained, 0)]::bigint[] as counted,
    array[coalesce(r.sent, 0), coalesce(r.presumed_sent, 0), coalesce(r.failed, 0), coalesce(r.delivered, 0),
      coalesce(r.opened, 0), coalesce(r.clicked, 0), coalesce(r.bounced, 0), coalesce(r.complained, 0)]::bigint[] as recounted) c
where (c.counted <> c.recounted or coalesce(s.skipped, 0) < coalesce(r.skipped, 0))
  and day::timestamp at time zone b.time_zone >= greatest(p_since, i.messages_pruned_before)
