-- Purpose: the one table of the delivery lattice: what a provider tells of a message counts by rank, in whatever order it arrives.
-- Null: no event of that kind.
-- Moves: none
-- Locks: none
-- Raises: none
create or replace function touchline.event_rank(p_kind text) returns smallint
language sql immutable
set search_path = ''
as $$
  select x.rank::smallint
  from (values ('accepted', 10), ('delivered', 20), ('opened', 30), ('clicked', 40), ('replied', 45), ('failed', 50),
    ('bounced', 60), ('complained', 70)) x (kind, rank)
  where x.kind = p_kind
$$;

revoke all on function touchline.event_rank(text) from public;
