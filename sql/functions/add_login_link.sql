-- Purpose: the link with this hash (SHA-256) signs p_user_id in, once, within 15 minutes. Gives the moment it ends.
-- Moves: none
-- Locks: none
-- Raises: TL402 invalid_argument (no hash of 32 bytes, or no user)
create or replace function touchline.add_login_link(p_token_hash bytea, p_user_id uuid, p_now timestamptz default null) returns timestamptz
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_now timestamptz;
begin
  perform touchline.require_worker();
  v_now := touchline.current_moment(p_now);
  if p_user_id is null or p_token_hash is null or pg_catalog.octet_length(p_token_hash) <> 32 then
    raise exception 'A login link needs a user and the SHA-256 of its token'
      using errcode = 'TL402', detail = 'p_token_hash must have 32 bytes, and p_user_id must not be null.',
        hint = 'Use touchline login.';
  end if;
  -- A day longer than they work, so that whoever is late is told why.
  delete from touchline.login_links l where l.expires_at < v_now - interval '1 day';
  insert into touchline.login_links (token_hash, user_id, created_at, expires_at)
  values (p_token_hash, p_user_id, v_now, v_now + interval '15 minutes');
  return v_now + interval '15 minutes';
end
$$;

revoke all on function touchline.add_login_link(bytea, uuid, timestamptz) from public;
grant execute on function touchline.add_login_link(bytea, uuid, timestamptz) to service_role;
