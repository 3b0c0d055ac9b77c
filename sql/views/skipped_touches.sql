-- Purpose: every touch that was skipped, a row each, with its channel: what the daily counts count of enrollments. Ask for one business
-- (business_id = …).
create or replace view touchline.skipped_touches
with (security_invoker = true)
as
select e.business_id, e.campaign_id, t.touch_number, t.channel, s.skipped_at
from touchline.campaign_enrollments e
cross join lateral (values
  (1::smallint, e.touch_1_skipped_at), (2::smallint, e.touch_2_skipped_at),
  (3::smallint, e.touch_3_skipped_at), (4::smallint, e.touch_4_skipped_at)) s (number, skipped_at)
join touchline.campaign_touches t on (t.business_id, t.campaign_id, t.version, t.touch_number)
  = (e.business_id, e.campaign_id, e.campaign_version, s.number)
where s.skipped_at is not null
  -- Said of the row as well, so that those without a skip are never multiplied.
  and coalesce(e.touch_1_skipped_at, e.touch_2_skipped_at, e.touch_3_skipped_at, e.touch_4_skipped_at) is not null;

revoke all on touchline.skipped_touches from public, anon, authenticated, service_role, touchline_worker;
grant select on touchline.skipped_touches to authenticated, service_role;
