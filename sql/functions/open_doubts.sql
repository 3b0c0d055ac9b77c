-- Purpose: how many messages that may have left in a time this database lost are still without evidence and without a decision.
-- Moves: none
-- Locks: none
-- Raises: none
create or replace function touchline.open_doubts() returns integer
language sql stable security definer
set search_path = ''
as $$
  select pg_catalog.count(*)::integer
  from touchline.lane_claims c
  cross join lateral unnest(c.send_log_ids) k (id)
  join touchline.send_logs l on (l.business_id, l.id, l.claim_id) = (c.business_id, k.id, c.claim_id)
  join touchline.send_attempts t on (t.business_id, t.send_log_id, t.attempt) = (l.business_id, l.id, l.attempt)
  where l.state in ('sending', 'unknown')
    and t.is_assumed
$$;

revoke all on function touchline.open_doubts() from public;
