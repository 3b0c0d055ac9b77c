-- Invariant 35: the daily counts of skipped touches equal a recount of the enrollments, where none was purged.
-- Scope: harness
select business_id, campaign_id, touch_number, channel, day, c.skipped, r.skipped as recounted
from (
  select s.business_id, s.campaign_id, s.touch_number, s.channel, s.day, s.skipped
  from touchline.campaign_daily_stats s
  where s.skipped <> 0
) c
full join (
  select s.business_id, s.campaign_id, s.touch_number, s.channel, (s.skipped_at at time zone b.time_zone)::date as day,
    pg_catalog.count(*) as skipped
  from touchline.skipped_touches s
  join touchline.businesses b on b.id = s.business_id
  group by s.business_id, s.campaign_id, s.touch_number, s.channel, day
) r using (business_id, campaign_id, touch_number, channel, day)
join touchline.businesses b on b.id = business_id
cross join touchline.installation i
where c.skipped is distinct from r.skipped
  and day::timestamp at time zone b.time_zone >= coalesce(i.messages_pruned_before, '-infinity')
