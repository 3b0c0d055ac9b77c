-- Purpose: the one home of quiet hours: the earliest moment from p_at on at which a message on a channel of a business may
-- start, with all of [moment, moment + p_span] inside its sending windows (see open_moments); null when none lies within
-- 14 days or p_span is longer than that. Never an error: one would abort the claim of everybody.
-- The windows are read in the customer's own zone if it is stated or from their address. If only an area code tells it, they
-- must be open in the business's zone as well. Without a zone that the server knows, the business's decides.
-- Moves: none
-- Locks: none
-- Raises: none
create or replace function touchline.next_allowed_at(
  p_at timestamptz, p_channel text, p_business_id uuid,
  p_customer_zone text default null, p_zone_source text default null, p_span interval default '0'
) returns timestamptz
language plpgsql stable
set search_path = ''
as $$
declare
  v_span interval;
  v_zone text;
  v_business_zone text;
  v_horizon interval;
  v_open tstzmultirange;
  v_found timestamptz;
begin
  if p_at is null or not pg_catalog.isfinite(p_at) or p_span > interval '336 hours' then
    return null;
  end if;
  -- In seconds: days and months would have the length that they have in the zone of the connection.
  v_span := pg_catalog.make_interval(secs => greatest(extract(epoch from p_span), 0)::double precision);
  select z.zone, z.business_zone into v_zone, v_business_zone
  from touchline.sending_zones(p_business_id, p_customer_zone, p_zone_source) z;
  if v_zone is null then
    return null;
  end if;

  if touchline.stays_open(p_business_id, p_channel, v_zone, p_at, v_span)
    and (v_business_zone is null or touchline.stays_open(p_business_id, p_channel, v_business_zone, p_at, v_span))
  then
    return p_at;
  end if;
  -- Most wait for the morning, or for Monday's.
  foreach v_horizon in array array[interval '72 hours', interval '336 hours'] loop
    v_horizon := v_horizon + v_span;
    v_open := touchline.open_moments(p_business_id, p_channel, v_zone, p_at, p_at + v_horizon);
    if v_business_zone is not null then
      v_open := v_open * touchline.open_moments(p_business_id, p_channel, v_business_zone, p_at, p_at + v_horizon);
    end if;
    select pg_catalog.min(pg_catalog.lower(o.r)) into v_found
    from (select pg_catalog.unnest(v_open) as r) o
    where pg_catalog.lower(o.r) + v_span < pg_catalog.upper(o.r);
    exit when v_found is not null;
  end loop;
  return v_found;
exception
  -- The time zones of the server changed under a listed name, or the moment is beyond the calendar.
  when invalid_parameter_value or datetime_field_overflow then
    if p_customer_zone is null then
      return null;
    end if;
    return touchline.next_allowed_at(p_at, p_channel, p_business_id, null, null, p_span);
end
$$;

revoke all on function touchline.next_allowed_at(timestamptz, text, uuid, text, text, interval) from public;
