-- Purpose: goes on only for a business that exists and is not the system business, which nobody writes. For callers who are no
-- members, like the worker: require_access has asked members already.
-- Moves: none
-- Locks: none
-- Raises: TL201 not_found
create or replace function touchline.require_business(p_business_id uuid) returns void
language plpgsql stable security definer
set search_path = ''
as $$
begin
  if not exists (select from touchline.businesses b where b.id = p_business_id and b.user_id is not null) then
    raise exception 'There is no such business'
      using errcode = 'TL201', detail = 'It does not exist, or you are not a member of it.', hint = 'Check the id of the business.';
  end if;
end
$$;

revoke all on function touchline.require_business(uuid) from public;
