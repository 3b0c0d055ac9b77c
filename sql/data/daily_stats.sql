-- The daily counts of a database that sent before anybody counted, once: until this transaction ends nobody settles, and from then on
-- everybody counts. Where something is counted already, or nothing was ever sent, it changes nothing.
do $$
begin
  if not exists (select from touchline.daily_stats)
    and not exists (select from touchline.daily_stats_changes)
    and exists (select from touchline.send_logs) then
    lock table touchline.send_logs, touchline.campaign_enrollments in share mode;
    perform touchline.recount_daily_stats(b.id) from touchline.businesses b order by b.id;
  end if;
end $$;
