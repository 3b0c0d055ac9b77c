-- Purpose: copies a preset into the business as a draft, its touches and their texts with it, and gives the campaign's id.
-- p_preset_key gentle, standard or assertive; p_service_type one of the eight, whose own first messages it then gets, null for
-- all and the general ones; p_name null for the preset's. Delays are the preset's, whatever the service type. Names already
-- taken get a number; a p_name is kept as it is.
-- Moves: → draft
-- Locks: none
-- Raises: TL100 called_as_owner, TL201 not_found (business, preset), TL202 not_allowed, TL402 invalid_argument
create or replace function touchline.copy_preset(
  p_business_id uuid, p_preset_key text, p_service_type text default null, p_name text default null
) returns uuid
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_preset touchline.campaigns;
  v_id uuid;
  v_touch touchline.campaign_touches;
  v_text touchline.message_templates;
  v_template_id uuid;
begin
  perform touchline.require_access(p_business_id, 'write');
  perform touchline.require_business(p_business_id);
  select c.* into v_preset
  from touchline.campaigns c
  where (c.business_id, c.preset_key) = (touchline.system_business_id(), p_preset_key)
    and c.live_version is not null;
  if not found then
    raise exception 'There is no such preset'
      using errcode = 'TL201', detail = 'Presets come with Touchline; nothing was copied.', hint = pg_catalog.format('Presets: %s.', (
        select pg_catalog.string_agg(c.preset_key, ', ' order by c.preset_key)
        from touchline.campaigns c
        where c.business_id = touchline.system_business_id()
          and c.live_version is not null));
  end if;
  v_id := touchline.write_campaign(p_business_id, coalesce(p_name, touchline.free_name(p_business_id, 'campaign', v_preset.name)),
    p_service_type, v_preset.description, v_preset.preset_key);
  for v_touch in
    select t.* from touchline.campaign_touches t
    where (t.business_id, t.campaign_id, t.version) = (v_preset.business_id, v_preset.id, v_preset.live_version)
    order by t.touch_number
  loop
    -- The touch's own text; of a first message, the one for the service type.
    select m.* into strict v_text
    from touchline.message_templates own
    join touchline.message_templates m on m.business_id = own.business_id and (m.id = own.id or (own.purpose, m.purpose, m.channel,
      m.service_type) = ('first', 'first', own.channel, p_service_type))
    where (own.business_id, own.id) = (v_touch.business_id, v_touch.template_id)
    order by m.service_type = p_service_type desc nulls last, m.id
    limit 1;
    insert into touchline.message_templates (business_id, name, channel, service_type, purpose, subject, body)
    values (p_business_id, touchline.free_name(p_business_id, 'template', v_text.name), v_text.channel,
      case v_text.purpose when 'first' then p_service_type else v_text.service_type end, v_text.purpose, v_text.subject, v_text.body)
    returning id into v_template_id;
    insert into touchline.campaign_touches (business_id, campaign_id, version, touch_number, channel, delay_hours, template_id)
    values (p_business_id, v_id, 1, v_touch.touch_number, v_touch.channel, v_touch.delay_hours, v_template_id);
  end loop;
  return v_id;
end
$$;

revoke all on function touchline.copy_preset(uuid, text, text, text) from public;
grant execute on function touchline.copy_preset(uuid, text, text, text) to authenticated, service_role, touchline_worker;
