-- Purpose: why a touch that is queued waits beyond p_wanted_at, its shifted plan: quiet_hours where it is due when the windows open
-- (p_allowed_at), min_gap where it is due a gap after the touch before it (p_gap_until), previous_touch where that one was late;
-- null where it does not wait. Planning asks it for every touch it queues; what the claim defers has the guard's own reason.
-- Moves: none
-- Locks: none
-- Raises: none
create or replace function touchline.wait_reason(
  p_wanted_at timestamptz, p_allowed_at timestamptz, p_gap_until timestamptz, p_due_at timestamptz) returns text
language plpgsql immutable parallel safe
set search_path = ''
as $$
begin
  return case
    when p_due_at <= p_wanted_at then null
    when p_due_at = p_gap_until and p_gap_until > coalesce(p_allowed_at, p_wanted_at) then 'min_gap'
    when p_due_at = p_allowed_at then 'quiet_hours'
    else 'previous_touch'
  end;
end
$$;

revoke all on function touchline.wait_reason(timestamptz, timestamptz, timestamptz, timestamptz) from public;
