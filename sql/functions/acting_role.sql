-- Purpose: the role this transaction acts as: what SET ROLE chose, else who logged in. Unlike current_user it is the same
-- inside a SECURITY DEFINER function.
-- Moves: none
-- Locks: none
-- Raises: none
create or replace function touchline.acting_role() returns text
language plpgsql stable
set search_path = ''
as $$
begin
  return coalesce(nullif(pg_catalog.current_setting('role', true), 'none'), session_user::text);
end
$$;

revoke all on function touchline.acting_role() from public;
