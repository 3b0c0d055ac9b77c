-- Invariant 35: the daily counts of skipped touches equal a recount of the enrollments, where none was purged.
-- Scope: harness
select business_id, campaign_id, touch_number, channel, day, c.skipped, r.skipped as recounted
from (
  select s.business_id, s.campaign_id, s.touch_number, s.channel, s.day, s.skipped
  from touchline.campaign_daily_stats s
  where s.skipped <> 0
) c
full join (
  select e.business_id, e.campaign_id, t.touch_number, t.channel, (s.at at time zone b.time_zone)::date as day,
    pg_catalog.count(*) as skipped
  from touchline.campaign_enrollments e
  join touchline.businesses b on b.id = e.business_id
  cross join lateral (values
    (1::smallint, e.touch_1_skipped_at), (2::smallint, e.touch_2_skipped_at),
    (3::smallint, e.touch_3_skipped_at), (4::smallint, e.touch_4_skipped_at)) s (number, at)
  join touchline.campaign_touches t on (t.business_id, t.campaign_id, t.version, t.touch_number)
    = (e.business_id, e.campaign_id, e.campaign_version, s.number)
  where s.at is not null
  group by e.business_id, e.campaign_id, t.touch_number, t.channel, day
) r using (business_id, campaign_id, touch_number, channel, day)
join touchline.businesses b on b.id = business_id
cross join touchline.installation i
where c.skipped is distinct from r.skipped
  and day::timestamp at time zone b.time_zone >= coalesce(i.messages_pruned_before, '-infinity')
