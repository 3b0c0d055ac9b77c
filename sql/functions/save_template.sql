-- Purpose: makes a template (p_template_id null) or sets the given keys of one, and gives its id. p_template: name, channel
-- (email, sms; fixed once made), service_type (null: any), purpose (first, reminder, last_note, other), subject (email only),
-- body (mustache; checked by the program before it gets here). Every saved text is a version of its own; campaigns that were
-- published before go on sending the version they were published with.
-- Moves: none
-- Locks: message_templates
-- Raises: TL100 called_as_owner, TL201 not_found (business, template), TL202 not_allowed, TL401 template_channel,
-- TL402 invalid_argument (nothing was changed)
create or replace function touchline.save_template(p_business_id uuid, p_template_id uuid, p_template jsonb) returns uuid
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_id uuid;
  v_table text;
  v_constraint text;
  v_column text;
begin
  perform touchline.require_access(p_business_id, 'write');
  perform touchline.require_business(p_business_id);
  perform touchline.check_changes('message_templates', '{name,channel,service_type,purpose,subject,body}', p_template);
  if p_template_id is null then
    insert into touchline.message_templates (business_id, name, channel, service_type, purpose, subject, body)
    select p_business_id, r.name, r.channel, r.service_type, r.purpose, r.subject, r.body
    from pg_catalog.jsonb_populate_record(null::touchline.message_templates, '{"purpose": "other"}' || p_template) r
    returning id into v_id;
    return v_id;
  end if;
  update touchline.message_templates m
  set (name, channel, service_type, purpose, subject, body) = (
    select r.name, r.channel, r.service_type, r.purpose, r.subject, r.body
    from pg_catalog.jsonb_populate_record(m, p_template) r)
  where (m.business_id, m.id) = (p_business_id, p_template_id)
  returning m.id into v_id;
  if not found then
    raise exception 'There is no such template'
      using errcode = 'TL201', detail = 'It does not exist, or is not of this business.',
        hint = 'Check the id of the template; texts of presets are copied with their preset.';
  end if;
  return v_id;
exception when not_null_violation or check_violation then
  get stacked diagnostics v_table = table_name, v_constraint = constraint_name, v_column = column_name;
  perform touchline.refuse_value(v_table, v_constraint, v_column, p_template, '');
  raise;
end
$$;

revoke all on function touchline.save_template(uuid, uuid, jsonb) from public;
grant execute on function touchline.save_template(uuid, uuid, jsonb) to authenticated, service_role, touchline_worker;
