-- Purpose: p_user_id is no longer a member of the business, and sees nothing of it from their next transaction on.
-- Moves: none
-- Locks: businesses
-- Raises: TL100 called_as_owner, TL201 not_found, TL202 not_allowed, TL307 last_owner
create or replace function touchline.remove_member(p_business_id uuid, p_user_id uuid) returns void
language plpgsql volatile security definer
set search_path = ''
as $$
begin
  perform touchline.require_access(p_business_id, 'own');
  perform touchline.require_business(p_business_id);
  perform touchline.keep_an_owner(p_business_id, p_user_id);
  delete from touchline.business_members m where (m.business_id, m.user_id) = (p_business_id, p_user_id);
  if not found then
    raise exception 'There is no such member'
      using errcode = 'TL201', detail = 'The user does not exist, or is not a member of this business.', hint = 'Check the id of the user.';
  end if;
end
$$;

revoke all on function touchline.remove_member(uuid, uuid) from public;
grant execute on function touchline.remove_member(uuid, uuid) to authenticated, service_role, touchline_worker;
