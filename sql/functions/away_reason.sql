-- Purpose: why this database is not the one that was last used, and what was sent since is not known here: it is another one than the
-- one that checked in last (restored, copied), is behind p_generation_seen (the highest generation remembered outside of it; an older
-- backup), or lives at another place while the one there was heard of within 10 min (a copy of the files beside a live one). Null: it is
-- the one, or never checked in. A night switched off is no reason.
-- Moves: none
-- Locks: none
-- Raises: none
create or replace function touchline.away_reason(p_generation_seen bigint, p_now timestamptz) returns text
language plpgsql stable security definer
set search_path = ''
as $$
begin
  return (
    select case
      when s.system_identifier <> i.system_identifier
        then 'This database was restored on another server than the one it was last used on.'
      when s.database_oid <> i.database_oid
        then 'This database is a copy, or was restored, of the one that was last used.'
      when p_generation_seen > i.generation
        then pg_catalog.format('This database is older than what a worker remembers of it (%s, and it says %s): a backup was restored.',
          p_generation_seen, i.generation)
      when s.location <> i.location and i.heartbeat_at > p_now - interval '10 minutes'
        then pg_catalog.format('These files are a copy: the database they belong to was in use at %s.',
          pg_catalog.to_char(i.heartbeat_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'))
      end
    from touchline.installation i
    cross join touchline.server_identity() s
    where i.system_identifier is not null);
end
$$;

revoke all on function touchline.away_reason(bigint, timestamptz) from public;
