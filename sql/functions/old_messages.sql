-- Purpose: the one home of whether a message may go: which of the given ones of a business are settled, with nobody looking for
-- evidence, and were neither claimed, settled, accepted nor heard of (message_events) since p_before.
-- Moves: none
-- Locks: none
-- Raises: none
create or replace function touchline.old_messages(p_business_id uuid, p_ids uuid[], p_before timestamptz) returns setof uuid
language sql stable security definer
set search_path = ''
as $$
  select l.id
  from touchline.send_logs l
  where l.business_id = p_business_id
    and l.id = any (p_ids)
    and coalesce(l.state in ('sent', 'presumed_sent', 'failed', 'cancelled'), true)
    and greatest(l.created_at, l.claimed_at, l.settled_at, l.sent_at) < p_before
    and not exists (select from touchline.evidence_checks c where (c.business_id, c.send_log_id) = (l.business_id, l.id))
    and not exists (
      select from touchline.message_events m
      where (m.business_id, m.send_log_id) = (l.business_id, l.id)
        and greatest(m.occurred_at, m.created_at) >= p_before)
$$;

revoke all on function touchline.old_messages(uuid, uuid[], timestamptz) from public;
