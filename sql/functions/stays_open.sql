-- Purpose: the cheap half of next_allowed_at: whether one window of the business is open in a zone from p_at through
-- p_at + p_span. It reads the wall clock alone; near a change of the clock it answers false, and open_moments decides.
-- Moves: none
-- Locks: none
-- Raises: none
create or replace function touchline.stays_open(
  p_business_id uuid, p_channel text, p_zone text, p_at timestamptz, p_span interval
) returns boolean
language plpgsql stable
set search_path = ''
as $$
declare
  v_start constant timestamp := p_at at time zone p_zone;
  v_end constant timestamp := v_start + p_span;
  v_midnight constant timestamp := v_start::date;
  v_weekday constant smallint := extract(isodow from v_start);
  -- How far the clock is moved between a day before and a day after.
  v_change constant interval := (p_at + p_span + interval '24 hours') at time zone p_zone
    - (p_at - interval '24 hours') at time zone p_zone - p_span - interval '48 hours';
begin
  -- A change of the clock matters for as long as it moves the clock; hours, never days, for those are the connection's.
  if v_change <> interval '0' and (v_change not between interval '-3 hours' and interval '3 hours'
    or (p_at + p_span + interval '3 hours') at time zone p_zone - (p_at - interval '3 hours') at time zone p_zone
      <> p_span + interval '6 hours')
  then
    return false;
  end if;
  if exists (
    select from touchline.sending_windows w
    where w.business_id = p_business_id
      and w.channel = p_channel
      and w.iso_weekday = v_weekday
      and w.opens <= v_start::time
      and v_end < v_midnight + w.closes + case when w.closes <= w.opens then interval '1 day' else interval '0' end
  ) then
    return true;
  end if;
  return exists (
    select from touchline.sending_windows w
    where w.business_id = p_business_id
      and w.channel = p_channel
      and w.iso_weekday = case v_weekday when 1 then 7 else v_weekday - 1 end
      and w.closes <= w.opens
      and v_end < v_midnight + w.closes
  );
end
$$;

revoke all on function touchline.stays_open(uuid, text, text, timestamptz, interval) from public;
