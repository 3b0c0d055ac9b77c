-- Purpose: what an erasure leaves of messages: that they were sent, when, and by which campaign; not to whom, not with which
-- words, not what the provider said of the address. A message on its way (sending, unknown, held) is left whole; whoever
-- settles one of an erased customer calls this again. The caller holds the locks.
-- Moves: none
-- Locks: send_logs
-- Raises: none
create or replace function touchline.wipe_messages(p_business_id uuid, p_send_log_ids uuid[]) returns void
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_ids uuid[];
begin
  with wiped as (
    update touchline.send_logs l
    set recipient = null,
      subject = null,
      variables = null,
      error_message = null
    where l.business_id = p_business_id
      and l.id = any (p_send_log_ids)
      and coalesce(l.state, '') not in ('sending', 'unknown', 'held', 'retry')
    returning l.id
  )
  select pg_catalog.array_agg(w.id) into v_ids
  from wiped w;

  update touchline.send_attempts a
  set error_message = null
  where a.business_id = p_business_id
    and a.send_log_id = any (v_ids)
    and a.error_message is not null;
  -- Only what has been read: a callback that waits may still prove something.
  update touchline.webhook_inbox w
  set headers = '{}',
    body = ''
  from touchline.message_events m
  where m.business_id = p_business_id
    and m.send_log_id = any (v_ids)
    and (w.business_id, w.id) = (m.business_id, m.webhook_id)
    and w.processed_at is not null;
  update touchline.message_events m
  set detail = '{}'
  where m.business_id = p_business_id
    and m.send_log_id = any (v_ids);
end
$$;

revoke all on function touchline.wipe_messages(uuid, uuid[]) from public;
