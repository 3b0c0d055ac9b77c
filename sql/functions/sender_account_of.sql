-- Purpose: the sender account of the business with this id, locked; its lanes are locked before it, so that no claim is under way
-- that chose it before.
-- Moves: none
-- Locks: business_dispatch (sender_accounts after it)
-- Raises: TL201 not_found
create or replace function touchline.sender_account_of(p_business_id uuid, p_sender_account_id uuid)
returns touchline.sender_accounts
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_account touchline.sender_accounts;
begin
  perform touchline.lock_business(p_business_id);
  select a.* into v_account
  from touchline.sender_accounts a
  where a.business_id = p_business_id and a.id = p_sender_account_id
  for no key update;
  if not found then
    raise exception 'There is no such sender account'
      using errcode = 'TL201', detail = 'It does not exist, or it belongs to another business.',
        hint = 'Check the id: touchline sender list shows all.';
  end if;
  return v_account;
end
$$;

revoke all on function touchline.sender_account_of(uuid, uuid) from public;
