-- Purpose: of the given touches, counts those that are skipped as they stand now: p_change is 1 after they were skipped, and -1 before
-- one is relabelled that turns out to have been sent.
-- Moves: none
-- Locks: none (the caller holds the enrollments)
-- Raises: none
create or replace function touchline.count_skips(
  p_business_ids uuid[], p_enrollment_ids uuid[], p_numbers smallint[], p_change integer) returns void
language plpgsql volatile security definer
set search_path = ''
as $$
begin
  perform touchline.count_touches(pg_catalog.array_agg(e.business_id), pg_catalog.array_agg(e.campaign_id),
    pg_catalog.array_agg(t.touch_number), pg_catalog.array_agg(t.channel), pg_catalog.array_agg(s.at),
    pg_catalog.array_agg('skipped'::text), null, pg_catalog.array_agg(p_change))
  from unnest(p_business_ids, p_enrollment_ids, p_numbers) u (business_id, enrollment_id, number)
  join touchline.campaign_enrollments e on (e.business_id, e.id) = (u.business_id, u.enrollment_id)
  join touchline.campaign_touches t on (t.business_id, t.campaign_id, t.version, t.touch_number)
    = (e.business_id, e.campaign_id, e.campaign_version, u.number)
  cross join lateral (
    select (array[e.touch_1_skipped_at, e.touch_2_skipped_at, e.touch_3_skipped_at, e.touch_4_skipped_at])[u.number] as at) s
  where s.at is not null;
end
$$;

revoke all on function touchline.count_skips(uuid[], uuid[], smallint[], integer) from public;
