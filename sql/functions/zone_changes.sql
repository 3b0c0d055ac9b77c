-- Purpose: the moments in (p_from, p_to] at which the UTC offset of a zone changes; from each on, the new offset holds.
-- Moves: none
-- Locks: none
-- Raises: none
create or replace function touchline.zone_changes(p_zone text, p_from timestamptz, p_to timestamptz) returns timestamptz[]
language plpgsql stable
set search_path = ''
as $$
declare
  v_changes timestamptz[] := '{}';
  v_before timestamptz;
  v_after timestamptz;
  v_middle timestamptz;
begin
  -- No zone changes twice within 24 hours. Hours, never days: how long a day is depends on the zone of the connection.
  for v_before, v_after in
    select d.since, d.since + interval '24 hours'
    from pg_catalog.generate_series(pg_catalog.date_trunc('second', p_from), p_to, interval '24 hours') d (since)
    where (d.since + interval '24 hours') at time zone p_zone - d.since at time zone p_zone <> interval '24 hours'
  loop
    while v_after - v_before > interval '1 second' loop
      v_middle := pg_catalog.date_trunc('second', v_before + (v_after - v_before) / 2);
      if v_middle at time zone p_zone - v_before at time zone p_zone = v_middle - v_before then
        v_before := v_middle;
      else
        v_after := v_middle;
      end if;
    end loop;
    if v_after > p_from and v_after <= p_to then
      v_changes := v_changes || v_after;
    end if;
  end loop;
  return v_changes;
end
$$;

revoke all on function touchline.zone_changes(text, timestamptz, timestamptz) from public;
