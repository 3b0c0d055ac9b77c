-- Counting without hot rows: whoever changes what a touch counts as appends a line here, and house-keeping folds the lines into
-- daily_stats, which so is written by one at a time. Read both together: the view campaign_daily_stats.
set lock_timeout = '4s';

-- No foreign keys: they would lock the business and its campaign for everybody who settles. What belongs to nobody any more is
-- dropped when it is folded. at is kept to the quarter hour, as all zones change their day on one: the day is computed late.
create table touchline.daily_stats_changes (
  business_id uuid not null,
  id uuid not null default touchline.uuid_v7(),
  campaign_id uuid not null,
  touch_number smallint not null,
  channel text not null,
  at timestamptz not null,
  measure text not null,
  change integer not null,
  primary key (business_id, id),
  constraint daily_stats_changes_touch_number check (touch_number between 1 and 4),
  constraint daily_stats_changes_channel check (channel in ('email', 'sms')),
  constraint daily_stats_changes_measure check (measure in (
    'sent', 'presumed_sent', 'failed', 'skipped', 'delivered', 'opened', 'clicked', 'bounced', 'complained')),
  constraint daily_stats_changes_change check (change <> 0)
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0,
  vacuum_truncate = off);
alter table touchline.daily_stats_changes enable row level security;
comment on table touchline.daily_stats_changes is
  'What daily_stats does not hold yet: a row per transaction and kind of count; emptied by house-keeping.';

-- A row of a half is not a count: what was presumed on one day and proved on another may be folded in either order. Both halves
-- together are never negative (invariant 35).
alter table touchline.daily_stats drop constraint daily_stats_not_negative;

-- A day is one of the business's zone: with another zone every day is another one. Also for who writes the column without a
-- function of ours.
create function touchline.recount_in_new_zone() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  perform touchline.recount_daily_stats(new.id);
  return null;
end $$;
revoke all on function touchline.recount_in_new_zone() from public;
create trigger businesses_recount after update of time_zone on touchline.businesses
for each row when (old.time_zone is distinct from new.time_zone)
execute function touchline.recount_in_new_zone();
