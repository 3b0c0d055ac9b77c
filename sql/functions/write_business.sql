-- Purpose: the one writer of a business's profile: makes a business of p_owner where p_business_id is null, then sets the keys
-- of p_profile and leaves the others. Gives the id; null where there is no such business.
-- Moves: none
-- Locks: businesses
-- Raises: TL402 invalid_argument (a key or value of p_profile; nothing was changed)
create or replace function touchline.write_business(p_business_id uuid, p_owner uuid, p_profile jsonb) returns uuid
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_id uuid := p_business_id;
  v_table text;
  v_constraint text;
  v_column text;
begin
  perform touchline.check_changes('businesses', '{name,time_zone,country,state,postal_address,brand_name,sender_name,contact_phone,contact_email,review_url,service_types}', p_profile);
  if v_id is null then
    insert into touchline.businesses (user_id, name, time_zone)
    values (p_owner, p_profile ->> 'name', p_profile ->> 'time_zone')
    returning id into v_id;
  end if;
  update touchline.businesses b
  set (name, time_zone, country, state, postal_address, brand_name, sender_name, contact_phone, contact_email, review_url,
      service_types) = (
    select r.name, r.time_zone, r.country, r.state, r.postal_address, r.brand_name, r.sender_name, r.contact_phone,
      r.contact_email, r.review_url, r.service_types
    from pg_catalog.jsonb_populate_record(b, p_profile) r)
  where b.id = v_id
    and b.user_id is not null
  returning b.id into v_id;
  return v_id;
exception when not_null_violation or foreign_key_violation or check_violation then
  get stacked diagnostics v_table = table_name, v_constraint = constraint_name, v_column = column_name;
  perform touchline.refuse_value(v_table, v_constraint, v_column, p_profile, '');
  raise;
end
$$;

revoke all on function touchline.write_business(uuid, uuid, jsonb) from public;
