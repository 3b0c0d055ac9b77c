-- Purpose: the keys of many rows of one business, one row each, to fetch those rows with (lateral, offset 0). Written as business_id =
-- p_business_id and id = any (p_ids), the planner judges by what it believes of that business whether to walk all of its rows
-- instead; of a row's business it believes what holds for all, and takes the key.
-- Moves: none
-- Locks: none
-- Raises: none
create or replace function touchline.keys_of(p_business_id uuid, p_ids uuid[])
returns table (business_id uuid, id uuid)
language plpgsql immutable
set search_path = ''
as $$
begin
  return query
  select p_business_id, i.id from unnest(p_ids) i (id);
end
$$;

revoke all on function touchline.keys_of(uuid, uuid[]) from public;
