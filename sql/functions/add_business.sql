-- Purpose: makes a business with p_user_id as its owner; policy, windows, lanes and senders come with it. Gives its id.
-- p_profile: name and time_zone (IANA name), and where known country, state, postal_address, brand_name, sender_name,
-- contact_phone (E.164), contact_email, review_url (https), service_types (array).
-- Moves: none
-- Locks: none
-- Raises: TL402 invalid_argument (no owner; an unknown key, or a missing or forbidden value of p_profile: nothing was made)
create or replace function touchline.add_business(p_user_id uuid, p_profile jsonb) returns uuid
language plpgsql volatile security definer
set search_path = ''
as $$
begin
  perform touchline.require_worker();
  if p_user_id is null then
    raise exception 'A business needs an owner'
      using errcode = 'TL402', detail = 'p_user_id is null; only the system business has no owner.', hint = 'Give the id of a user.';
  end if;
  return touchline.write_business(null, p_user_id, p_profile);
end
$$;

revoke all on function touchline.add_business(uuid, jsonb) from public;
grant execute on function touchline.add_business(uuid, jsonb) to service_role;
