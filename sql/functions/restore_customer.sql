-- Purpose: takes an archived customer back. Nothing that was stopped goes on; later jobs may enroll again. False when the
-- customer was not archived.
-- Moves: customer archived → active
-- Locks: customers
-- Raises: TL100 called_as_owner, TL101 isolation_level, TL102 clock_refused, TL201 not_found, TL202 not_allowed,
-- TL311 customer_state
create or replace function touchline.restore_customer(
  p_business_id uuid, p_customer_id uuid, p_now timestamptz default null) returns boolean
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_customer touchline.customers;
begin
  perform touchline.require_access(p_business_id, 'write');
  perform touchline.current_moment(p_now);
  v_customer := touchline.lock_customer(p_business_id, p_customer_id);
  if v_customer.status = 'erased' then
    raise exception 'This customer was erased'
      using errcode = 'TL311', detail = 'An erasure is final: nothing that was wiped comes back.',
        hint = 'Add the person as a new customer; their addresses stay suppressed.';
  end if;
  update touchline.customers c
  set status = 'active',
    archived_at = null
  where c.business_id = p_business_id
    and c.id = p_customer_id
    and c.status = 'archived';
  return found;
end
$$;

revoke all on function touchline.restore_customer(uuid, uuid, timestamptz) from public;
grant execute on function touchline.restore_customer(uuid, uuid, timestamptz) to authenticated, service_role, touchline_worker;
