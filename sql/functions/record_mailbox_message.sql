-- Purpose: the built-in mailbox accepts a message: the committed row is the acceptance. p_message holds from_name, subject, text and
-- html as they would have left; recipient and channel are the intent's. True when it is new; the same attempt again changes
-- nothing and answers false.
-- Moves: none
-- Locks: send_logs
-- Raises: TL100 called_as_owner, TL101 isolation_level, TL102 clock_refused, TL201 not_found
create or replace function touchline.record_mailbox_message(
  p_business_id uuid, p_send_log_id uuid, p_attempt integer, p_message jsonb, p_now timestamptz default null) returns boolean
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_now timestamptz;
  v_log record;
begin
  perform touchline.require_worker();
  v_now := touchline.current_moment(p_now);
  -- A wiped message has no recipient, and must not come back; who wipes it waits here.
  select l.channel, l.recipient into v_log
  from touchline.send_logs l
  where l.business_id = p_business_id
    and l.id = p_send_log_id
    and l.attempt >= p_attempt
    and l.recipient is not null
  for share;
  if not found then
    raise exception 'There is no such message'
      using errcode = 'TL201', detail = 'The mailbox takes claimed messages only, and no erased ones.',
        hint = 'Claim it first.';
  end if;
  insert into touchline.mailbox_messages (
    business_id, send_log_id, attempt, channel, recipient, from_name, subject, text, html, accepted_at)
  values (p_business_id, p_send_log_id, p_attempt, v_log.channel, v_log.recipient, p_message ->> 'from_name',
    p_message ->> 'subject', coalesce(p_message ->> 'text', ''), p_message ->> 'html', v_now)
  on conflict (business_id, send_log_id, attempt) do nothing;
  return found;
end
$$;

revoke all on function touchline.record_mailbox_message(uuid, uuid, integer, jsonb, timestamptz) from public;
grant execute on function touchline.record_mailbox_message(uuid, uuid, integer, jsonb, timestamptz)
to touchline_worker, service_role;
