-- Purpose: p_touches are from now on the touches of a draft version, in the order of the array. p_touches: a JSON array of one
-- to four objects with channel (email, sms), delay_hours (whole hours from 1 to 8760 after the plan of the touch before, the
-- first: after the work) and template_id (a template of the business and of that channel; null until the version is published).
-- Moves: none
-- Locks: none (the caller holds the campaign)
-- Raises: TL201 not_found (a template), TL303 version_not_draft, TL401 template_channel, TL402 invalid_argument
create or replace function touchline.write_touches(p_business_id uuid, p_campaign_id uuid, p_version integer, p_touches jsonb)
returns void
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_count integer := case when pg_catalog.jsonb_typeof(p_touches) = 'array' then pg_catalog.jsonb_array_length(p_touches) end;
  v_number bigint;
  v_touch jsonb;
  v_table text;
  v_constraint text;
  v_column text;
begin
  if v_count is null or v_count not between 1 and 4 then
    raise exception 'A campaign has one to four touches'
      using errcode = 'TL402',
        detail = pg_catalog.format('Given: %s. Nothing was changed.', coalesce(v_count || ' touches', 'no JSON array')),
        hint = 'Write [{"channel": "email", "delay_hours": 24, "template_id": "…"}, …], in the order they are sent.';
  end if;
  delete from touchline.campaign_touches t
  where (t.business_id, t.campaign_id, t.version) = (p_business_id, p_campaign_id, p_version);
  for v_number, v_touch in
    select t.number, t.value from pg_catalog.jsonb_array_elements(p_touches) with ordinality t (value, number)
  loop
    perform touchline.check_changes('campaign_touches', '{channel,delay_hours,template_id}', v_touch, pg_catalog.format('Touch %s: ', v_number));
    insert into touchline.campaign_touches (business_id, campaign_id, version, touch_number, channel, delay_hours, template_id)
    select p_business_id, p_campaign_id, p_version, v_number, r.channel, r.delay_hours, r.template_id
    from pg_catalog.jsonb_populate_record(null::touchline.campaign_touches, v_touch) r;
  end loop;
exception
  when foreign_key_violation then
    raise exception 'Touch %: There is no such template', v_number
      using errcode = 'TL201', detail = 'It does not exist, or is not of this business. Nothing was changed.',
        hint = 'Check the id of the template; texts of presets are copied with their preset.';
  when not_null_violation or check_violation then
    get stacked diagnostics v_table = table_name, v_constraint = constraint_name, v_column = column_name;
    perform touchline.refuse_value(v_table, v_constraint, v_column, v_touch, pg_catalog.format('Touch %s: ', v_number));
    raise;
end
$$;

revoke all on function touchline.write_touches(uuid, uuid, integer, jsonb) from public;
