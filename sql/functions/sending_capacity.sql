-- Purpose: what a business's accounts can send: per channel the rate of the account in use in messages an hour (null: no limit of
-- Touchline's), and the hours a day in which its sending windows are open, on average of the four weeks from p_now in its zone.
-- Moves: none
-- Locks: none
-- Raises: TL102 clock_refused, TL201 not_found, TL202 not_allowed
create or replace function touchline.sending_capacity(p_business_id uuid, p_now timestamptz default null)
returns table (channel text, rate_per_hour integer, open_hours double precision)
language plpgsql stable security definer
set search_path = ''
set timezone = 'UTC'
as $$
declare
  v_now timestamptz;
begin
  perform touchline.require_access(p_business_id, 'read');
  v_now := touchline.current_moment(p_now);
  return query
  select a.channel, a.rate_per_hour,
    touchline.hours_of(touchline.open_moments(p_business_id, a.channel, b.time_zone, v_now, v_now + interval '672 hours')) / 28
  from touchline.sender_accounts a
  join touchline.businesses b on b.id = a.business_id
  where a.business_id = p_business_id
    and a.in_use
  order by a.channel;
end
$$;

revoke all on function touchline.sending_capacity(uuid, timestamptz) from public;
grant execute on function touchline.sending_capacity(uuid, timestamptz) to authenticated, service_role, touchline_worker;
