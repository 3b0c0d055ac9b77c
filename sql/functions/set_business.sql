-- Purpose: sets the given keys of a business's profile and leaves the others; null empties one that may be empty. p_changes:
-- name, time_zone (IANA name), country, state, postal_address, brand_name, sender_name, contact_phone (E.164), contact_email,
-- review_url (https), service_types (array).
-- Moves: none
-- Locks: businesses
-- Raises: TL100 called_as_owner, TL201 not_found, TL202 not_allowed, TL402 invalid_argument (nothing was changed)
create or replace function touchline.set_business(p_business_id uuid, p_changes jsonb) returns void
language plpgsql volatile security definer
set search_path = ''
as $$
begin
  perform touchline.require_access(p_business_id, 'write');
  perform touchline.require_business(p_business_id);
  perform touchline.write_business(p_business_id, null, p_changes);
end
$$;

revoke all on function touchline.set_business(uuid, jsonb) from public;
grant execute on function touchline.set_business(uuid, jsonb) to authenticated, service_role, touchline_worker;
