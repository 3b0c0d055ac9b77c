-- Purpose: the moment since which everything of a business is looked back at, when its messages and enrollments are kept for p_days:
-- re-entry (decide_jobs), the frequency cap and the minimum gap (touch_decisions) reach no further. Times as they are computed there.
-- Moves: none
-- Locks: none
-- Raises: none
create or replace function touchline.kept_since(p_business_id uuid, p_days integer, p_now timestamptz) returns timestamptz
language sql stable security definer
set search_path = ''
as $$
  select p_now - greatest(
    pg_catalog.make_interval(hours => 24 * greatest(p_days, s.reentry_days_after_review, s.reentry_days_after_enrollment)),
    pg_catalog.make_interval(hours => greatest(24, s.min_gap_hours) + s.max_late_hours))
  from touchline.sending_policies s
  where s.business_id = p_business_id
$$;

revoke all on function touchline.kept_since(uuid, integer, timestamptz) from public;
