-- Purpose: the moments of [p_from, p_to) at which a channel of a business is open in one zone.
-- A moment is open when its wall clock lies inside a window and that window has opened. Windows that touch or overlap are one,
-- across midnight too. An opening time that the clock skips or shows twice is the later moment, as `at time zone` has it: in
-- New York 02:30 of the spring day is 03:30 EDT, and 01:30 of the autumn day is 01:30 EST. A closing time needs no rule: when
-- the clock shows it, or has jumped over it, it is closed.
-- Moves: none
-- Locks: none
-- Raises: none
create or replace function touchline.open_moments(
  p_business_id uuid, p_channel text, p_zone text, p_from timestamptz, p_to timestamptz
) returns tstzmultirange
language plpgsql stable
-- The planner estimates a series from its ends: it would plan anew at every call, which takes longer than the work. Series and
-- ranges stand in select lists, where they need no memory: as tables they made the process give memory back and ask again.
set plan_cache_mode = 'force_generic_plan'
set search_path = ''
as $$
declare
  v_first date;
  v_last date;
  v_windows tsmultirange;
  v_open tstzmultirange := '{}';
  v_since timestamptz := p_from;
  v_until timestamptz;
  v_offset interval;
begin
  -- Days are calendar days, even such as the zone skips. From two days before, so that windows open at p_from are whole near it.
  v_first := (p_from at time zone p_zone)::date - 2;
  v_last := (p_to at time zone p_zone)::date + 1;
  select pg_catalog.range_agg(pg_catalog.tsrange(
    w.day + w.opens,
    w.day + w.closes + case when w.closes <= w.opens then interval '1 day' else interval '0' end))
  into v_windows
  from (
    select v_first + pg_catalog.generate_series(
        (s.iso_weekday - extract(isodow from v_first)::integer + 7) % 7, v_last - v_first, 7) as day,
      s.opens, s.closes
    from touchline.sending_windows s
    where s.business_id = p_business_id
      and s.channel = p_channel
  ) w;

  -- Between two changes the wall clock is UTC plus a constant.
  foreach v_until in array touchline.zone_changes(p_zone, p_from, p_to) || p_to loop
    v_offset := v_since at time zone p_zone - v_since at time zone 'UTC';
    v_open := v_open + coalesce((
      select pg_catalog.range_agg(pg_catalog.tstzrange(o.opens, o.closes))
      from (
        select greatest(
            v_since, pg_catalog.lower(w.r) at time zone p_zone, (pg_catalog.lower(w.r) - v_offset) at time zone 'UTC') as opens,
          least(v_until, (pg_catalog.upper(w.r) - v_offset) at time zone 'UTC') as closes
        from (select pg_catalog.unnest(v_windows) as r) w
      ) o
      where o.opens < o.closes
    ), '{}');
    v_since := v_until;
  end loop;
  return v_open;
end
$$;

revoke all on function touchline.open_moments(uuid, text, text, timestamptz, timestamptz) from public;
