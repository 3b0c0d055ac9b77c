-- Purpose: ids carry the moment they were made (uuid_v7): every id that was made before p_before is below this one, so that the old
-- rows of a business are a range of its primary key. Where the clock is virtual ids say nothing of its moments, and all are below.
-- Moves: none
-- Locks: none
-- Raises: none
create or replace function touchline.ids_before(p_before timestamptz) returns uuid
language sql stable security definer
set search_path = ''
as $$
  select case
    when i.virtual_clock then 'ffffffff-ffff-ffff-ffff-ffffffffffff'
    else pg_catalog.rpad(pg_catalog.encode(pg_catalog.substr(
      pg_catalog.int8send((extract(epoch from p_before) * 1000)::bigint), 3), 'hex'), 32, '0')
  end::uuid
  from touchline.installation i
$$;

revoke all on function touchline.ids_before(timestamptz) from public;
