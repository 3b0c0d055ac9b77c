-- Purpose: how many touches of a campaign were sent, failed, skipped …, per touch, channel and day of the business's zone (the day
-- on which each was sent or settled; what providers told of it later counts on that day, too). Equal to a recount at every moment:
-- daily_stats and what is not folded into it yet. Ask for one business (business_id = …).
create or replace view touchline.campaign_daily_stats
with (security_invoker = true)
as
select s.business_id, s.campaign_id, s.touch_number, s.channel, s.day, pg_catalog.sum(s.sent)::integer as sent,
  pg_catalog.sum(s.presumed_sent)::integer as presumed_sent, pg_catalog.sum(s.failed)::integer as failed,
  pg_catalog.sum(s.skipped)::integer as skipped, pg_catalog.sum(s.delivered)::integer as delivered,
  pg_catalog.sum(s.opened)::integer as opened, pg_catalog.sum(s.clicked)::integer as clicked,
  pg_catalog.sum(s.bounced)::integer as bounced, pg_catalog.sum(s.complained)::integer as complained
from (
  select d.business_id, d.campaign_id, d.touch_number, d.channel, d.day, d.sent, d.presumed_sent, d.failed, d.skipped, d.delivered,
    d.opened, d.clicked, d.bounced, d.complained
  from touchline.daily_stats d
  union all
  select c.business_id, c.campaign_id, c.touch_number, c.channel, (c.at at time zone b.time_zone)::date,
    case c.measure when 'sent' then c.change else 0 end, case c.measure when 'presumed_sent' then c.change else 0 end,
    case c.measure when 'failed' then c.change else 0 end, case c.measure when 'skipped' then c.change else 0 end,
    case c.measure when 'delivered' then c.change else 0 end, case c.measure when 'opened' then c.change else 0 end,
    case c.measure when 'clicked' then c.change else 0 end, case c.measure when 'bounced' then c.change else 0 end,
    case c.measure when 'complained' then c.change else 0 end
  from touchline.daily_stats_changes c
  join touchline.businesses b on b.id = c.business_id
  join touchline.campaigns k on (k.business_id, k.id) = (c.business_id, c.campaign_id)
) s
group by s.business_id, s.campaign_id, s.touch_number, s.channel, s.day;

revoke all on touchline.campaign_daily_stats from public, anon, authenticated, service_role, touchline_worker;
grant select on touchline.campaign_daily_stats to authenticated, service_role;
