-- Purpose: reads what a caller says about an opt-in or opt-out: source, source_event_id, scope, method, consent_form, text_shown,
-- notes, ip, occurred_at. bounce_class is read by record_opt_out. A key that means nothing is refused rather than lost.
-- Moves: none
-- Locks: none
-- Raises: TL402 invalid_argument
create or replace function touchline.consent_details(p_details jsonb) returns touchline.consent_events
language plpgsql stable
set search_path = ''
as $$
declare
  v_unknown text;
begin
  if pg_catalog.jsonb_typeof(p_details) <> 'object' then
    raise exception 'Details are an object'
      using errcode = 'TL402', detail = pg_catalog.format('An %s was given.', pg_catalog.jsonb_typeof(p_details)),
        hint = 'Write them like {"source": "inbound_sms", "source_event_id": "SM123"}.';
  end if;
  select pg_catalog.string_agg(k, ', ') into v_unknown
  from pg_catalog.jsonb_object_keys(p_details) k
  where k not in ('source', 'source_event_id', 'scope', 'method', 'consent_form', 'text_shown', 'notes', 'ip', 'occurred_at',
    'bounce_class');
  if v_unknown is not null then
    raise exception 'Unknown details: %', v_unknown
      using errcode = 'TL402', detail = 'What is not understood is not dropped silently.',
        hint = 'Known: source, source_event_id, scope, method, consent_form, text_shown, notes, ip, occurred_at, bounce_class.';
  end if;
  return pg_catalog.jsonb_populate_record(null::touchline.consent_events, p_details - 'bounce_class');
exception when invalid_text_representation or invalid_datetime_format or datetime_field_overflow then
  raise exception 'These details cannot be read'
    using errcode = 'TL402', detail = sqlerrm,
      hint = 'ip is an address like 192.0.2.1, occurred_at a moment like 2026-03-01T12:00:00Z.';
end
$$;

revoke all on function touchline.consent_details(jsonb) from public;
