-- Purpose: ends the use of a business's own sender account and forgets its secret; the row stays, since messages name it. The channel
-- sends through the server's own account from the next claim on, where this one was in use.
-- Moves: none
-- Locks: business_dispatch (sender_accounts after it)
-- Raises: TL100 called_as_owner, TL201 not_found, TL202 not_allowed, TL402 invalid_argument (the server's own account)
create or replace function touchline.remove_sender_account(
  p_business_id uuid, p_sender_account_id uuid, p_now timestamptz default null) returns void
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_now timestamptz;
  v_account touchline.sender_accounts;
begin
  perform touchline.require_access(p_business_id, 'own');
  perform touchline.require_business(p_business_id);
  v_now := touchline.current_moment(p_now);
  v_account := touchline.sender_account_of(p_business_id, p_sender_account_id);
  if v_account.kind = 'server_default' then
    raise exception 'The server''s own account cannot be removed'
      using errcode = 'TL402', detail = 'Every channel has it to fall back on. Nothing was changed.',
        hint = 'Pause it, or put another account in use.';
  end if;
  update touchline.sender_accounts a
  set in_use = false, secret_ciphertext = null, secret_key_id = null
  where a.business_id = p_business_id and a.id = p_sender_account_id;
  if v_account.in_use then
    -- A business made by hand may have none.
    insert into touchline.sender_accounts (business_id, channel, in_use)
    select p_business_id, v_account.channel, false
    where not exists (
      select from touchline.sender_accounts a
      where a.business_id = p_business_id and a.channel = v_account.channel and a.kind = 'server_default');
    update touchline.sender_accounts a
    set in_use = true
    where a.business_id = p_business_id and a.id = (
      select min(s.id::text)::uuid
      from touchline.sender_accounts s
      where s.business_id = p_business_id and s.channel = v_account.channel and s.kind = 'server_default');
  end if;
  perform touchline.lower_lanes(p_business_id, v_now);
end
$$;

revoke all on function touchline.remove_sender_account(uuid, uuid, timestamptz) from public;
grant execute on function touchline.remove_sender_account(uuid, uuid, timestamptz) to authenticated, service_role, touchline_worker;
