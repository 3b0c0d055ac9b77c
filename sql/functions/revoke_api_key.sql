-- Purpose: the key opens nothing from now on. False when it was revoked already.
-- Moves: none
-- Locks: none
-- Raises: TL100 called_as_owner, TL101 isolation_level, TL102 clock_refused, TL201 not_found, TL202 not_allowed
create or replace function touchline.revoke_api_key(p_business_id uuid, p_key_id uuid, p_now timestamptz default null)
returns boolean
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_now timestamptz;
begin
  perform touchline.require_access(p_business_id, 'own');
  v_now := touchline.current_moment(p_now);
  update touchline.api_keys k
  set revoked_at = v_now
  where k.business_id = p_business_id
    and k.id = p_key_id
    and k.revoked_at is null;
  if found then
    return true;
  end if;
  if not exists (select from touchline.api_keys k where k.business_id = p_business_id and k.id = p_key_id) then
    raise exception 'There is no such key'
      using errcode = 'TL201', detail = 'It does not exist, or belongs to another business.', hint = 'touchline keys list shows all.';
  end if;
  return false;
end
$$;

revoke all on function touchline.revoke_api_key(uuid, uuid, timestamptz) from public;
grant execute on function touchline.revoke_api_key(uuid, uuid, timestamptz) to authenticated, service_role, touchline_worker;
