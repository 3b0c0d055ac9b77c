-- Purpose: what a worker needs to send through an account, or to check what its provider calls us with: kind, settings and the sealed
-- secret. No row where there is no such account. Only whoever has the key of the environment can open the secret.
-- Moves: none
-- Locks: none
-- Raises: TL100 called_as_owner, TL101 isolation_level
create or replace function touchline.sender_credentials(p_business_id uuid, p_sender_account_id uuid)
returns table (channel text, kind text, from_address text, settings jsonb, secret_ciphertext bytea, secret_key_id text)
language plpgsql stable security definer
set search_path = ''
as $$
begin
  perform touchline.require_worker();
  return query
  select a.channel, a.kind, a.from_address, a.settings, a.secret_ciphertext, a.secret_key_id
  from touchline.sender_accounts a
  where a.business_id = p_business_id and a.id = p_sender_account_id;
end
$$;

revoke all on function touchline.sender_credentials(uuid, uuid) from public;
grant execute on function touchline.sender_credentials(uuid, uuid) to touchline_worker, service_role;
