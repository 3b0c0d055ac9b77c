-- Messages whose outcome nobody knew are a list that people read, and must be found without a walk through all messages. Since when
-- is a column of its own, written only then: an index on the state would write every index anew at each settle (no HOT update).
set lock_timeout = '4s';

alter table touchline.send_logs add column unproved_at timestamptz;

create function touchline.note_unproved() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  new.unproved_at := new.claimed_at;
  return new;
end $$;
revoke all on function touchline.note_unproved() from public;

create trigger send_logs_unproved before update of state on touchline.send_logs
for each row when (new.state in ('unknown', 'held', 'presumed_sent') and old.unproved_at is null)
execute function touchline.note_unproved();

update touchline.send_logs l
set unproved_at = l.claimed_at
where l.state in ('unknown', 'held', 'presumed_sent');

create index send_logs_unproved on touchline.send_logs (business_id, unproved_at, id) where unproved_at is not null;
