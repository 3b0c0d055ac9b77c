-- Campaign attribution on messages. A message sent by hand keeps NULLs; a row written before this migration was an email.
-- Deleting a campaign or enrollment keeps the history of what was sent.
set lock_timeout = '4s';

alter table touchline.send_logs
  add column campaign_id uuid,
  add column campaign_enrollment_id uuid,
  add column touch_number smallint,
  add column channel text not null default 'email',
  add constraint send_logs_campaign_fk foreign key (business_id, campaign_id)
    references touchline.campaigns (business_id, id) on delete set null (campaign_id),
  add constraint send_logs_enrollment_fk foreign key (business_id, campaign_enrollment_id)
    references touchline.campaign_enrollments (business_id, id) on delete set null (campaign_enrollment_id),
  add constraint send_logs_touch_number check (touch_number between 1 and 4),
  add constraint send_logs_channel check (channel in ('email', 'sms'));

create index idx_send_logs_campaign on touchline.send_logs (campaign_id, business_id, touch_number) where campaign_id is not null;
-- At most one message per touch of an enrollment, whoever tries.
create unique index idx_send_logs_enrollment on touchline.send_logs (business_id, campaign_enrollment_id, touch_number)
where campaign_enrollment_id is not null;
