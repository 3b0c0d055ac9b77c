-- Purpose: the one home of the pace: one moment per place of p_channels (those of the first touches, in order), the i-th after
-- (p_taken + i) / p_per_hour hours, from p_from on, in which its channel is open in the business's own zone. Only open hours count:
-- what was paced over a night would else leave in one burst in the morning. A channel that is never open counts every hour.
-- Moves: none
-- Locks: none
-- Raises: none
create or replace function touchline.paced_slots(
  p_business_id uuid, p_from timestamptz, p_per_hour integer, p_taken integer, p_channels text[]) returns timestamptz[]
language plpgsql stable
set search_path = ''
as $$
declare
  c_week constant interval := interval '168 hours';
  v_zone text;
  v_channel text;
  v_open_hours double precision;
  v_open tstzmultirange;
  v_opens timestamptz[];
  v_seconds_before double precision[];
  v_slots timestamptz[] := '{}';
  v_places bigint[] := '{}';
begin
  select b.time_zone into v_zone from touchline.businesses b where b.id = p_business_id;
  foreach v_channel in array array(select distinct c.channel from unnest(p_channels) c (channel)) loop
    v_open_hours := touchline.hours_of(touchline.open_moments(p_business_id, v_channel, v_zone, p_from, p_from + c_week));
    v_open := tstzmultirange(tstzrange(p_from, null));
    if v_open_hours > 0 then
      -- Two weeks more than an average week needs: windows and clock changes are uneven.
      v_open := touchline.open_moments(p_business_id, v_channel, v_zone, p_from,
        p_from + c_week * (2 + (p_taken + pg_catalog.cardinality(p_channels))::double precision / p_per_hour / v_open_hours));
    end if;
    select pg_catalog.array_agg(pg_catalog.lower(o.r) order by o.r), pg_catalog.array_agg(o.seconds_before order by o.r)
    into v_opens, v_seconds_before
    from (
      select w.r, coalesce(pg_catalog.sum(extract(epoch from pg_catalog.upper(w.r) - pg_catalog.lower(w.r))::double precision) over (
        order by w.r rows between unbounded preceding and 1 preceding), 0) as seconds_before
      from (select pg_catalog.unnest(v_open) as r) w) o;
    v_places := v_places || array(
      select c.place from unnest(p_channels) with ordinality c (channel, place) where c.channel = v_channel order by c.place);
    v_slots := v_slots || array(
      select v_opens[k.nth] + pg_catalog.make_interval(secs => k.seconds - v_seconds_before[k.nth])
      from (
        select a.place, a.seconds, pg_catalog.width_bucket(a.seconds, v_seconds_before) as nth
        from (
          select c.place, 3600.0::double precision * (p_taken + c.place - 1) / p_per_hour as seconds
          from unnest(p_channels) with ordinality c (channel, place)
          where c.channel = v_channel) a) k
      order by k.place);
  end loop;
  return array(select x.slot from unnest(v_places, v_slots) x (place, slot) order by x.place);
end
$$;

revoke all on function touchline.paced_slots(uuid, timestamptz, integer, integer, text[]) from public;
