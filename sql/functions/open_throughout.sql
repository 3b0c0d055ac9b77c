-- Purpose: the cheap half of next_allowed_at for a customer: whether a channel of a business is open from p_at through p_at + p_span in
-- the zones that count for them (sending_zones). Near a change of the clock, and where two windows meet, it answers false and
-- next_allowed_at decides. Where true, next_allowed_at answers every moment of the stretch with itself. Never an error.
-- Moves: none
-- Locks: none
-- Raises: none
create or replace function touchline.open_throughout(
  p_at timestamptz, p_span interval, p_channel text, p_business_id uuid, p_customer_zone text, p_zone_source text) returns boolean
language plpgsql stable
set search_path = ''
as $$
declare
  v_zones record;
begin
  select z.zone, z.business_zone into v_zones
  from touchline.sending_zones(p_business_id, p_customer_zone, p_zone_source) z;
  return coalesce(touchline.stays_open(p_business_id, p_channel, v_zones.zone, p_at, p_span)
    and (v_zones.business_zone is null or touchline.stays_open(p_business_id, p_channel, v_zones.business_zone, p_at, p_span)), false);
exception
  -- The time zones of the server changed under a listed name, or the moment is beyond the calendar.
  when invalid_parameter_value or datetime_field_overflow then
    return false;
end
$$;

revoke all on function touchline.open_throughout(timestamptz, interval, text, uuid, text, text) from public;
