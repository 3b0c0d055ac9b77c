-- Purpose: next_allowed_at() for many moments of one business at once, one answer per place of the arrays, equal to its answers: where
-- several people share channel and zone, their open moments are computed once and each looks up its own.
-- Moves: none
-- Locks: none
-- Raises: none
create or replace function touchline.allowed_moments(
  p_business_id uuid, p_ats timestamptz[], p_channels text[], p_zones text[], p_sources text[]) returns timestamptz[]
language plpgsql stable
set search_path = ''
as $$
declare
  v_group record;
  v_zone text;
  v_business_zone text;
  v_open tstzmultirange;
  v_opens timestamptz[];
  v_closes timestamptz[];
  v_answers timestamptz[] := '{}';
  v_places bigint[] := '{}';
begin
  for v_group in
    select a.channel, a.zone, a.source, pg_catalog.array_agg(a.at order by a.place) as ats,
      pg_catalog.array_agg(a.place order by a.place) as places, min(a.at) as first, max(a.at) as last,
      pg_catalog.count(*) > 4 and max(a.at) < min(a.at) + interval '1440 hours' as is_worth_it
    from unnest(p_ats, p_channels, p_zones, p_sources) with ordinality a (at, channel, zone, source, place)
    group by a.channel, a.zone, a.source
  loop
    v_opens := '{}';
    v_closes := '{}';
    if v_group.is_worth_it then
      begin
        select z.zone, z.business_zone into v_zone, v_business_zone
        from touchline.sending_zones(p_business_id, v_group.zone, v_group.source) z;
        v_open := touchline.open_moments(p_business_id, v_group.channel, v_zone, v_group.first, v_group.last + interval '336 hours');
        if v_business_zone is not null then
          v_open := v_open * touchline.open_moments(
            p_business_id, v_group.channel, v_business_zone, v_group.first, v_group.last + interval '336 hours');
        end if;
        select coalesce(pg_catalog.array_agg(pg_catalog.lower(o.r) order by o.r), '{}'),
          coalesce(pg_catalog.array_agg(pg_catalog.upper(o.r) order by o.r), '{}')
        into v_opens, v_closes
        from (select pg_catalog.unnest(v_open) as r) o;
      exception
        -- A zone that the server no longer knows: next_allowed_at() says what then holds, for each.
        when invalid_parameter_value or datetime_field_overflow then null;
      end;
    end if;
    -- The range that began last, if it is still open; else the one that begins next. Whatever is not found is asked for by itself.
    v_places := v_places || v_group.places;
    v_answers := v_answers || array(
      select coalesce(
        case when v_closes[k.began] > k.at then k.at
          when v_opens[k.began + 1] < k.at + interval '336 hours' then v_opens[k.began + 1] end,
        touchline.next_allowed_at(k.at, v_group.channel, p_business_id, v_group.zone, v_group.source))
      from (
        select a.at, a.place, case when v_opens = '{}' then 0 else pg_catalog.width_bucket(a.at, v_opens) end as began
        from unnest(v_group.ats) with ordinality a (at, place)) k
      order by k.place);
  end loop;
  return array(select x.answer from unnest(v_places, v_answers) x (place, answer) order by x.place);
end
$$;

revoke all on function touchline.allowed_moments(uuid, timestamptz[], text[], text[], text[]) from public;
