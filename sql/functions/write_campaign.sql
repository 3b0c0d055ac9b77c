-- Purpose: the one writer of new campaigns of a business: a draft with version 1 and no touches yet. p_service_type null: for
-- all service types. p_preset_key: the preset it is a copy of, if it is. Gives its id.
-- Moves: → draft
-- Locks: none
-- Raises: TL402 invalid_argument
create or replace function touchline.write_campaign(
  p_business_id uuid, p_name text, p_service_type text, p_description text, p_preset_key text
) returns uuid
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_id uuid;
  v_table text;
  v_constraint text;
  v_column text;
begin
  insert into touchline.campaigns (business_id, name, service_type, description, copied_from_preset)
  values (p_business_id, p_name, p_service_type, p_description, p_preset_key)
  returning id into v_id;
  return v_id;
exception when not_null_violation or check_violation then
  get stacked diagnostics v_table = table_name, v_constraint = constraint_name, v_column = column_name;
  perform touchline.refuse_value(v_table, v_constraint, v_column, pg_catalog.jsonb_build_object(
    'name', p_name, 'service_type', p_service_type, 'description', p_description), '');
  raise;
end
$$;

revoke all on function touchline.write_campaign(uuid, text, text, text, text) from public;
