-- Purpose: there is a user of the stand-alone server with this email; gives their id. owner@localhost is the one who owns what the
-- command line makes for nobody in particular.
-- Moves: none
-- Locks: none
-- Raises: TL402 invalid_argument (no address)
create or replace function touchline.ensure_user(p_email text default 'owner@localhost') returns uuid
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_id uuid;
  v_email text := pg_catalog.lower(pg_catalog.btrim(p_email));
begin
  perform touchline.require_worker();
  insert into touchline.users (email) values (v_email)
  on conflict (email) do nothing
  returning id into v_id;
  return coalesce(v_id, (select u.id from touchline.users u where u.email = v_email));
exception
  when check_violation or not_null_violation then
    raise exception 'This is not an email address'
      using errcode = 'TL402', detail = 'A user is known by one plain address of at most 254 characters.',
        hint = 'Write it like ann@example.com.';
end
$$;

revoke all on function touchline.ensure_user(text) from public;
grant execute on function touchline.ensure_user(text) to service_role;
