-- Purpose: own counts that are not folded yet, read only: the view campaign_daily_stats reads them as whoever asks.
revoke all on touchline.daily_stats_changes from public, anon, authenticated, service_role, touchline_worker;
grant select, insert, update, delete on touchline.daily_stats_changes to service_role;
drop policy if exists daily_stats_changes_select on touchline.daily_stats_changes;
drop policy if exists daily_stats_changes_insert on touchline.daily_stats_changes;
drop policy if exists daily_stats_changes_update on touchline.daily_stats_changes;
drop policy if exists daily_stats_changes_delete on touchline.daily_stats_changes;

grant select on touchline.daily_stats_changes to authenticated;
create policy daily_stats_changes_select on touchline.daily_stats_changes for select to authenticated
using (business_id = any (touchline.my_business_ids()));
