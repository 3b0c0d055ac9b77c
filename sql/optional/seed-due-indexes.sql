-- The seed's four due indexes, for a cron of one's own: touchline migrate --with seed-due-indexes.
-- Off by default: with them every outcome of a touch also updates an index, which halves the throughput.
create index if not exists idx_enrollments_touch_1_due on touchline.campaign_enrollments (touch_1_scheduled_at)
where status = 'active' and current_touch = 1 and touch_1_sent_at is null;
create index if not exists idx_enrollments_touch_2_due on touchline.campaign_enrollments (touch_2_scheduled_at)
where status = 'active' and current_touch = 2 and touch_2_sent_at is null;
create index if not exists idx_enrollments_touch_3_due on touchline.campaign_enrollments (touch_3_scheduled_at)
where status = 'active' and current_touch = 3 and touch_3_sent_at is null;
create index if not exists idx_enrollments_touch_4_due on touchline.campaign_enrollments (touch_4_scheduled_at)
where status = 'active' and current_touch = 4 and touch_4_sent_at is null;
