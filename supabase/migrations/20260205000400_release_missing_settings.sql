-- Touches that wait for a setting of their business go on when it is there, whoever wrote it: a function, the dashboard or
-- PostgREST. They are due as planned; the next sweep tells their lane, and the claim asks every guard again.
set lock_timeout = '4s';

create function touchline.release_missing_settings() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  -- In the order of everybody who locks several: a pause of the campaign would meet this crosswise.
  perform
  from touchline.touch_queue q
  where q.business_id = new.id
    and q.channel in ('email', 'sms')
    and q.due_at = 'infinity'
    and q.blocked_by = 'missing_setting'
  order by q.enrollment_id
  for update;
  update touchline.touch_queue q
  set due_at = q.scheduled_at, blocked_by = null
  where q.business_id = new.id
    and q.channel in ('email', 'sms')
    and q.due_at = 'infinity'
    and q.blocked_by = 'missing_setting';
  return null;
end $$;
revoke all on function touchline.release_missing_settings() from public;
create trigger businesses_release_missing_settings after update on touchline.businesses
for each row when (
  old.postal_address is null and new.postal_address is not null or old.review_url is null and new.review_url is not null)
execute function touchline.release_missing_settings();
