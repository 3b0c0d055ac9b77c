-- Why a touch is due later than planned, and how often it was deferred, written together with due_at and frozen into the intent;
-- when a touch was skipped; and the orders in which people and messages are listed. Null, not 0, where nothing was deferred: a 0 in
-- every row costs 7 % more WAL per settle.
set lock_timeout = '4s';

alter table touchline.touch_queue
  add column deferred_reason text,
  add column deferrals smallint,
  add constraint touch_queue_deferrals check (deferrals > 0),
  add constraint touch_queue_deferred_reason check ((deferrals is null) = (deferred_reason is null));

alter table touchline.send_logs
  add column deferred_reason text,
  add column deferrals smallint,
  add constraint send_logs_deferrals check (deferrals > 0),
  add constraint send_logs_deferred_reason check ((deferrals is null) = (deferred_reason is null));

-- One way only: of what was skipped before this migration the moment is not known.
alter table touchline.campaign_enrollments
  add column touch_1_skipped_at timestamptz,
  add column touch_2_skipped_at timestamptz,
  add column touch_3_skipped_at timestamptz,
  add column touch_4_skipped_at timestamptz,
  add constraint campaign_enrollments_touch_1_skipped_at check (touch_1_skipped_at is null or touch_1_status = 'skipped'),
  add constraint campaign_enrollments_touch_2_skipped_at check (touch_2_skipped_at is null or touch_2_status = 'skipped'),
  add constraint campaign_enrollments_touch_3_skipped_at check (touch_3_skipped_at is null or touch_3_status = 'skipped'),
  add constraint campaign_enrollments_touch_4_skipped_at check (touch_4_skipped_at is null or touch_4_status = 'skipped');

-- The people of a campaign by status, newest first. Like its neighbours it changes only when a sequence begins or ends.
create index campaign_enrollments_people on touchline.campaign_enrollments (business_id, campaign_id, status, enrolled_at, id);

-- Many messages are accepted at one moment; a page of the list ends between them.
drop index touchline.mailbox_messages_latest;
create index mailbox_messages_latest on touchline.mailbox_messages (business_id, accepted_at, send_log_id, attempt);
