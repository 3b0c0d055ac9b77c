-- Purpose: the moments in (p_from, p_to] at which the UTC offset of a zone changes; from each on, the new offset holds.
-- Moves: none
-- Locks: none
-- Raises: none
create or replace function touchline.zone_changes(p_zone text, p_from timestamptz, p_to timestamptz) returns timestamptz[]
language plpgsql stable
set search_path = ''
as $$
declare
  -- Of all zones since 1850, two changes were never closer than 6.9 days. Seconds and hours throughout, never days: how long
  -- a day is depends on the zone of the connection.
  v_step constant integer := 6 * 86400;
  v_changes timestamptz[] := '{}';
  v_since timestamptz := pg_catalog.date_trunc('second', p_from);
  v_wall timestamp;
  v_low integer;
  v_high integer;
  v_middle integer;
  v_distance interval;
begin
  while v_since < p_to loop
    v_wall := v_since at time zone p_zone;
    v_high := v_step;
    if (v_since + interval '144 hours') at time zone p_zone - v_wall <> interval '144 hours' then
      v_low := 0;
      while v_high - v_low > 1 loop
        v_middle := (v_low + v_high) / 2;
        v_distance := pg_catalog.make_interval(secs => v_middle);
        if (v_since + v_distance) at time zone p_zone - v_wall = v_distance then
          v_low := v_middle;
        else
          v_high := v_middle;
        end if;
      end loop;
      v_distance := pg_catalog.make_interval(secs => v_high);
      if v_since + v_distance <= p_to then
        v_changes := v_changes || (v_since + v_distance);
      end if;
    end if;
    v_since := v_since + pg_catalog.make_interval(secs => v_high);
  end loop;
  return v_changes;
end
$$;

revoke all on function touchline.zone_changes(text, timestamptz, timestamptz) from public;
