-- Purpose: goes on only if the business keeps an owner when p_user_id (null: nobody) is one no longer. Holds the lock under
-- which members change, so that two owners cannot remove each other.
-- Moves: none
-- Locks: businesses
-- Raises: TL307 last_owner
create or replace function touchline.keep_an_owner(p_business_id uuid, p_user_id uuid) returns void
language plpgsql volatile security definer
set search_path = ''
as $$
begin
  perform from touchline.businesses b where b.id = p_business_id for no key update;
  if exists (
    select from touchline.business_members m
    where (m.business_id, m.user_id, m.role) = (p_business_id, p_user_id, 'owner')
  ) and not exists (
    select from touchline.business_members m
    where (m.business_id, m.role) = (p_business_id, 'owner')
      and m.user_id <> p_user_id
  ) then
    raise exception 'This is the last owner of the business'
      using errcode = 'TL307', detail = 'Without an owner nobody could change its members again.',
        hint = 'Make somebody else an owner first.';
  end if;
end
$$;

revoke all on function touchline.keep_an_owner(uuid, uuid) from public;
