-- Purpose: locks one customer against claims and enrolling, and answers with the row as it is under the lock.
-- Moves: none
-- Locks: customers
-- Raises: TL201 not_found
create or replace function touchline.lock_customer(p_business_id uuid, p_customer_id uuid) returns touchline.customers
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_customer touchline.customers;
begin
  select c.* into v_customer
  from touchline.customers c
  where c.business_id = p_business_id
    and c.id = p_customer_id
  for no key update;
  if not found then
    raise exception 'There is no such customer'
      using errcode = 'TL201', detail = 'It does not exist, or it belongs to another business.',
        hint = 'Check the id of the customer.';
  end if;
  return v_customer;
end
$$;

revoke all on function touchline.lock_customer(uuid, uuid) from public;
