-- Purpose: when a touch that was not accepted may be tried again: after 1, 2, 4 … minutes by counted attempts (at most 6 h), plus
-- up to a tenth that depends on the message alone (so that a thousand retries do not come at once, and a replay is the same),
-- and not before the provider's Retry-After, clamped to a day. A touch that was not started, or that a
-- person sends again, is due at once.
-- Moves: none
-- Locks: none
-- Raises: none
create or replace function touchline.retry_at(
  p_outcome text, p_send_log_id uuid, p_attempts integer, p_retry_after_seconds numeric, p_now timestamptz) returns timestamptz
language plpgsql immutable
set search_path = ''
as $$
declare
  v_wait numeric := least(60 * 2 ^ least(p_attempts, 12), 21600);
  v_spread numeric := (pg_catalog.hashtextextended(p_send_log_id::text, p_attempts) & 1023) / 10240.0;
begin
  if p_outcome in ('not_started', 'resend') then
    return p_now;
  end if;
  return p_now + pg_catalog.make_interval(
    secs => greatest(v_wait * (1 + v_spread), least(coalesce(p_retry_after_seconds, 0), 86400))::double precision);
end
$$;

revoke all on function touchline.retry_at(text, uuid, integer, numeric, timestamptz) from public;
