-- Purpose: for which business, and to do what, the key with this SHA-256 acts: one row, or none where it is unknown or revoked.
-- Remembers that it was used, at most once a minute and never waiting for it.
-- Moves: none
-- Locks: none
-- Raises: TL100 called_as_owner, TL101 isolation_level, TL102 clock_refused
create or replace function touchline.api_key_business(p_key_hash bytea, p_now timestamptz default null)
returns table (business_id uuid, key_id uuid, scopes text[])
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_now timestamptz;
  v_key touchline.api_keys;
begin
  perform touchline.require_worker();
  v_now := touchline.current_moment(p_now);
  select k.* into v_key
  from touchline.api_keys k
  where k.key_hash = p_key_hash
    and k.revoked_at is null
  limit 1;
  if not found then
    return;
  end if;
  if v_key.last_used_at is null or v_key.last_used_at < v_now - interval '1 minute' then
    update touchline.api_keys k
    set last_used_at = v_now
    from (
      select o.business_id, o.id
      from touchline.api_keys o
      where (o.business_id, o.id) = (v_key.business_id, v_key.id)
      for no key update skip locked
    ) free
    where (k.business_id, k.id) = (free.business_id, free.id);
  end if;
  return query select v_key.business_id, v_key.id, v_key.scopes;
end
$$;

revoke all on function touchline.api_key_business(bytea, timestamptz) from public;
grant execute on function touchline.api_key_business(bytea, timestamptz) to touchline_worker, service_role;
