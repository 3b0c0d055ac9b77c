-- Purpose: a function for one business goes on only for the worker, the operator, or a member with the right role there
-- (p_need: read any member, write owner or manager, own owner), and only under read committed.
-- Moves: none
-- Locks: none
-- Raises: TL100 called_as_owner, TL101 isolation_level, TL201 not_found, TL202 not_allowed
create or replace function touchline.require_access(p_business_id uuid, p_need text) returns void
language plpgsql stable security definer
set search_path = ''
as $$
declare
  v_role text;
begin
  if touchline.acting_role() <> 'authenticated' then
    perform touchline.require_worker();
    return;
  end if;
  if pg_catalog.current_setting('transaction_isolation') <> 'read committed' then
    raise exception 'Isolation level % is not supported here', pg_catalog.current_setting('transaction_isolation')
      using errcode = 'TL101', detail = 'What is decided after waiting for a lock must see what was committed meanwhile.',
        hint = 'Begin the transaction with: begin isolation level read committed.';
  end if;
  select m.role into v_role
  from touchline.business_members m
  where m.business_id = p_business_id
    and m.user_id = (select auth.uid());
  -- The same words for a business of others and for none, so that nobody learns which ids exist.
  if v_role is null then
    raise exception 'There is no such business'
      using errcode = 'TL201', detail = 'It does not exist, or you are not a member of it.',
        hint = 'Check the id of the business.';
  end if;
  if v_role = 'viewer' and p_need <> 'read' or v_role <> 'owner' and p_need = 'own' then
    raise exception 'Your role in this business does not allow that'
      using errcode = 'TL202', detail = pg_catalog.format('You are %s; this needs %s.', v_role,
        case p_need when 'own' then 'an owner' else 'an owner or a manager' end),
        hint = 'Ask an owner of the business to do it, or to change your role.';
  end if;
end
$$;

revoke all on function touchline.require_access(uuid, text) from public;
