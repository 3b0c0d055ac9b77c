-- Purpose: own counts, read only.
revoke all on touchline.daily_stats from public, anon, authenticated, service_role, touchline_worker;
grant select, insert, update, delete on touchline.daily_stats to service_role;
drop policy if exists daily_stats_select on touchline.daily_stats;
drop policy if exists daily_stats_insert on touchline.daily_stats;
drop policy if exists daily_stats_update on touchline.daily_stats;
drop policy if exists daily_stats_delete on touchline.daily_stats;

grant select on touchline.daily_stats to authenticated;
create policy daily_stats_select on touchline.daily_stats for select to authenticated
using (business_id = any (touchline.my_business_ids()));
