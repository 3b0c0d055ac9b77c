-- Purpose: makes a campaign of the business as a draft and gives its id. p_name 1 to 100 characters; p_service_type one of the
-- eight, null for all; p_description at most 500 characters, or null; p_touches one to four, as write_touches describes them:
-- [{"channel": "email", "delay_hours": 24, "template_id": "…"}, …].
-- Moves: → draft
-- Locks: none
-- Raises: TL100 called_as_owner, TL201 not_found (business, template), TL202 not_allowed, TL401 template_channel,
-- TL402 invalid_argument
create or replace function touchline.create_campaign(
  p_business_id uuid, p_name text, p_service_type text, p_description text, p_touches jsonb
) returns uuid
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_id uuid;
begin
  perform touchline.require_access(p_business_id, 'write');
  perform touchline.require_business(p_business_id);
  v_id := touchline.write_campaign(p_business_id, p_name, p_service_type, p_description, null);
  perform touchline.write_touches(p_business_id, v_id, 1, p_touches);
  return v_id;
end
$$;

revoke all on function touchline.create_campaign(uuid, text, text, text, jsonb) from public;
grant execute on function touchline.create_campaign(uuid, text, text, text, jsonb) to authenticated, service_role, touchline_worker;
