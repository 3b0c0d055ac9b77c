-- Purpose: uses up a login link; the session with the other hash is then open for 30 days. outcome: opened, or why not: used,
-- expired, unknown; ends_at: when the session ends, null where none was opened.
-- Moves: none
-- Locks: none
-- Raises: TL402 invalid_argument (no hash of 32 bytes)
create or replace function touchline.open_session(p_link_hash bytea, p_session_hash bytea, p_now timestamptz default null)
returns table (outcome text, ends_at timestamptz)
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_now timestamptz;
  v_link touchline.login_links;
begin
  perform touchline.require_worker();
  v_now := touchline.current_moment(p_now);
  if p_session_hash is null or pg_catalog.octet_length(p_session_hash) <> 32 then
    raise exception 'A session needs the SHA-256 of its token'
      using errcode = 'TL402', detail = 'p_session_hash must have 32 bytes.', hint = 'Follow a link of touchline login.';
  end if;
  -- Two clicks at once wait for each other here, and the second finds it used.
  select * into v_link from touchline.login_links l where l.token_hash = p_link_hash for update;
  if v_link.token_hash is null then
    return query select 'unknown', null::timestamptz;
  elsif v_link.used_at is not null then
    return query select 'used', null::timestamptz;
  elsif v_link.expires_at <= v_now then
    return query select 'expired', null::timestamptz;
  else
    update touchline.login_links l set used_at = v_now where l.token_hash = p_link_hash;
    delete from touchline.sessions s where s.expires_at <= v_now;
    insert into touchline.sessions (token_hash, user_id, created_at, expires_at)
    values (p_session_hash, v_link.user_id, v_now, v_now + interval '30 days');
    return query select 'opened', v_now + interval '30 days';
  end if;
end
$$;

revoke all on function touchline.open_session(bytea, bytea, timestamptz) from public;
grant execute on function touchline.open_session(bytea, bytea, timestamptz) to service_role;
