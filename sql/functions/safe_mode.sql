-- Purpose: since when and why nothing is sent from this database, and how many messages of the time it lost are still open: one row in
-- safe mode, none outside of it. One that no worker has told yet, since none looked after a restore, has no moment.
-- p_generation_seen is the highest generation that somebody remembers outside of the database.
-- Moves: none
-- Locks: none
-- Raises: none
create or replace function touchline.safe_mode(
  p_generation_seen bigint default null, out since timestamptz, out reason text, out open_doubts integer) returns setof record
language sql stable security definer
set search_path = ''
as $$
  select i.safe_mode_at, r.reason, touchline.open_doubts()
  from touchline.installation i
  cross join lateral (
    select coalesce(i.safe_mode_reason, touchline.away_reason(p_generation_seen, touchline.current_moment(null))) as reason) r
  where r.reason is not null
$$;

revoke all on function touchline.safe_mode(bigint) from public;
grant execute on function touchline.safe_mode(bigint) to authenticated, service_role, touchline_worker;
