-- The built-in mailbox: what its sender accepted, as the customer would see it. Nothing in it has left this database.
set lock_timeout = '4s';

create table touchline.mailbox_messages (
  business_id uuid not null,
  send_log_id uuid not null,
  attempt smallint not null,
  channel text not null,
  recipient text not null,
  from_name text,
  subject text,
  text text not null,
  html text,
  accepted_at timestamptz not null,
  primary key (business_id, send_log_id, attempt),
  foreign key (business_id, send_log_id) references touchline.send_logs (business_id, id) on delete cascade,
  constraint mailbox_messages_channel check (channel in ('email', 'sms')),
  constraint mailbox_messages_attempt check (attempt >= 1)
);
create index mailbox_messages_latest on touchline.mailbox_messages (business_id, accepted_at desc);
alter table touchline.mailbox_messages enable row level security;
comment on table touchline.mailbox_messages is
  'Messages that the built-in mailbox accepted instead of a provider: one row per attempt, gone when its message is wiped.';

-- Whoever wipes a message, an erasure or the settle after it, wipes its copy too.
create function touchline.forget_mailbox_message() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  delete from touchline.mailbox_messages m
  where m.business_id = new.business_id
    and m.send_log_id = new.id;
  return null;
end $$;
revoke all on function touchline.forget_mailbox_message() from public;
create trigger send_logs_forget_mailbox after update of recipient on touchline.send_logs
for each row when (new.recipient is null and old.recipient is not null)
execute function touchline.forget_mailbox_message();
