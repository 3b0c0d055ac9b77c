-- Purpose: the one home of deleting messages, with their attempts, events and copies in the mailbox: notes first before which moment
-- messages may be gone (installation.messages_pruned_before, to the hour), so that nobody counts days that are no longer whole. Of
-- links those that unsubscribe stay for ever, the others go. The caller has locked the messages and decided.
-- Moves: settled → none
-- Locks: send_logs (held by the caller)
-- Raises: none
create or replace function touchline.delete_messages(p_business_id uuid, p_ids uuid[], p_before timestamptz) returns integer
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_before timestamptz := pg_catalog.date_trunc('hour', p_before) + interval '1 hour';
  v_count integer;
begin
  if p_ids = '{}' then
    return 0;
  end if;
  update touchline.installation i
  set messages_pruned_before = v_before
  where coalesce(i.messages_pruned_before < v_before, true);
  delete from touchline.links n
  where n.business_id = p_business_id
    and n.send_log_id = any (p_ids)
    and n.purpose <> 'unsubscribe';
  delete from touchline.send_logs l
  where l.business_id = p_business_id
    and l.id = any (p_ids);
  get diagnostics v_count = row_count;
  return v_count;
end
$$;

revoke all on function touchline.delete_messages(uuid, uuid[], timestamptz) from public;
