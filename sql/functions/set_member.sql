-- Purpose: p_user_id is from now on a member of the business with p_role: owner (everything), manager (everything but
-- members), viewer (reads).
-- Moves: none
-- Locks: businesses
-- Raises: TL100 called_as_owner, TL201 not_found, TL202 not_allowed, TL307 last_owner, TL402 invalid_argument
create or replace function touchline.set_member(p_business_id uuid, p_user_id uuid, p_role text) returns void
language plpgsql volatile security definer
set search_path = ''
as $$
begin
  perform touchline.require_access(p_business_id, 'own');
  perform touchline.require_business(p_business_id);
  if p_role is null or p_role not in ('owner', 'manager', 'viewer') then
    perform touchline.refuse_value('business_members', null, 'role', pg_catalog.jsonb_build_object('role', p_role), '');
  end if;
  if p_user_id is null then
    raise exception 'A member is a user'
      using errcode = 'TL402', detail = 'p_user_id is null.', hint = 'Give the id of a user.';
  end if;
  perform touchline.keep_an_owner(p_business_id, case when p_role <> 'owner' then p_user_id end);
  insert into touchline.business_members (business_id, user_id, role)
  values (p_business_id, p_user_id, p_role)
  on conflict (business_id, user_id) do update set role = excluded.role;
end
$$;

revoke all on function touchline.set_member(uuid, uuid, text) from public;
grant execute on function touchline.set_member(uuid, uuid, text) to authenticated, service_role, touchline_worker;
