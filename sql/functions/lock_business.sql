-- Purpose: the fence of what changes whether a business sends: locks its lanes first, so that no claim is under way, then the
-- business, and answers with the row as it is under the lock.
-- Moves: none
-- Locks: business_dispatch
-- Raises: TL201 not_found
create or replace function touchline.lock_business(p_business_id uuid) returns touchline.businesses
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_business touchline.businesses;
begin
  perform
  from touchline.business_dispatch d
  where d.business_id = p_business_id
  order by d.channel
  for no key update;

  select b.* into v_business
  from touchline.businesses b
  where b.id = p_business_id
  for no key update;
  if not found then
    raise exception 'There is no such business'
      using errcode = 'TL201', detail = 'It does not exist, or you are not a member of it.',
        hint = 'Check the id of the business.';
  end if;
  return v_business;
end
$$;

revoke all on function touchline.lock_business(uuid) from public;
