-- Purpose: the customer of a completed job, found by id or by the caller's own external_id, made where the latter is new. Sets the
-- keys of p_customer and leaves the others. Consent, archiving and erasure stay what they are; nothing is written to an erased
-- customer. Gives the id, and the row stays locked, together with everybody who shares the phone number when sms_consent is given.
-- Moves: none
-- Locks: customers
-- Raises: TL201 not_found, TL402 invalid_argument (a key or value of p_customer)
create or replace function touchline.save_customer(p_business_id uuid, p_customer jsonb) returns uuid
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_input jsonb;
  v_id uuid;
  v_row touchline.customers;
  v_new touchline.customers;
  v_table text;
  v_constraint text;
  v_column text;
begin
  perform touchline.check_changes('customers', '{id,external_id,first_name,last_name,email,phone,country,state,time_zone,time_zone_source,tags,sms_consent}',
    p_customer, 'Customer: ');
  v_input := touchline.trimmed(p_customer);
  if v_input ->> 'id' is null and v_input ->> 'external_id' is null then
    raise exception 'Customer: neither id nor external_id is given'
      using errcode = 'TL402', detail = 'A customer is found by one of them. An address would not do: two people may share one.',
        hint = 'Give your own id of the customer as external_id; a new one makes a customer.';
  end if;
  v_input := v_input || pg_catalog.jsonb_strip_nulls(pg_catalog.jsonb_build_object(
    'email', touchline.normal_address('email', v_input ->> 'email'), 'phone', touchline.normal_address('sms', v_input ->> 'phone'),
    'country', pg_catalog.upper(v_input ->> 'country'), 'state', pg_catalog.upper(v_input ->> 'state')));
  if v_input ? 'time_zone' and v_input ->> 'time_zone_source' is null then
    v_input := v_input || pg_catalog.jsonb_build_object('time_zone_source', case when v_input ->> 'time_zone' is not null then 'explicit' end);
  end if;

  v_id := (v_input ->> 'id')::uuid;
  if v_id is null then
    insert into touchline.customers (business_id, external_id) values (p_business_id, v_input ->> 'external_id')
    on conflict (business_id, external_id) do nothing;
    select k.id into v_id
    from touchline.customers k
    where k.business_id = p_business_id
      and k.external_id = v_input ->> 'external_id';
  end if;
  perform
  from touchline.customers k
  where k.business_id = p_business_id
    and k.id = any (v_id || array(
      select o.id from touchline.customers o
      where v_input ? 'sms_consent' and o.business_id = p_business_id and o.phone = v_input ->> 'phone'))
  order by k.id
  for no key update;
  v_row := touchline.lock_customer(p_business_id, v_id);

  v_new := pg_catalog.jsonb_populate_record(v_row, v_input - '{id,sms_consent}'::text[]);
  if v_row.status <> 'erased' and v_new is distinct from v_row then
    update touchline.customers k
    set external_id = v_new.external_id, first_name = v_new.first_name, last_name = v_new.last_name, email = v_new.email,
      phone = v_new.phone, country = v_new.country, state = v_new.state, time_zone = v_new.time_zone,
      time_zone_source = v_new.time_zone_source, tags = v_new.tags
    where k.business_id = p_business_id
      and k.id = v_id;
  end if;
  return v_id;
exception when not_null_violation or foreign_key_violation or check_violation or unique_violation then
  get stacked diagnostics v_table = table_name, v_constraint = constraint_name, v_column = column_name;
  perform touchline.refuse_value(v_table, v_constraint, v_column, v_input, 'Customer: ');
  raise;
end
$$;

revoke all on function touchline.save_customer(uuid, jsonb) from public;
