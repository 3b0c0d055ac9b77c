-- Purpose: an address must not be written to any more: by its owner's wish (opt-out), because it does not exist (details.source
-- bounce with bounce_class permanent) or after a complaint. Locks every customer with the address, which is the fence against a
-- claim; appends the evidence, suppresses the address whether or not somebody has it, and does what event_effects says. An
-- event reported again (same source and source_event_id) changes nothing and is answered the same; a transient bounce does
-- nothing.
-- Moves: consent → opted_out; active → stopped
-- Locks: customers, campaign_enrollments, touch_queue, send_logs
-- Raises: TL100 called_as_owner, TL101 isolation_level, TL102 clock_refused, TL201 not_found, TL202 not_allowed,
-- TL402 invalid_argument
create or replace function touchline.record_opt_out(
  p_business_id uuid, p_channel text, p_address text, p_details jsonb default '{}', p_now timestamptz default null) returns jsonb
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_now timestamptz;
  v_kind text := case p_details ->> 'source'
    when 'bounce' then 'bounce_' || coalesce(p_details ->> 'bounce_class', 'of no class')
    when 'complaint' then 'complaint'
    else 'opt_out' end;
  v_event record;
begin
  perform touchline.require_access(p_business_id, 'write');
  perform touchline.require_business(p_business_id);
  v_now := touchline.current_moment(p_now);

  if v_kind = 'bounce_transient' then
    return pg_catalog.jsonb_build_object('event_id', null, 'kind', null, 'channel', p_channel, 'occurred_at', v_now,
      'customers', 0, 'stopped', 0, 'outdated', false);
  elsif v_kind not in ('opt_out', 'complaint', 'bounce_permanent') then
    raise exception 'A bounce is permanent or transient'
      using errcode = 'TL402', detail = 'Only an address that will never work is suppressed; a full mailbox is not.',
        hint = 'Give bounce_class permanent or transient with source bounce.';
  end if;
  select * into v_event
  from touchline.append_consent_event(p_business_id, 'opt_out', p_channel, p_address, coalesce(p_details, '{}'), v_now);
  if v_event.is_new then
    perform touchline.apply_event(p_business_id, v_event.customer_ids, v_kind, p_channel,
      touchline.normal_address(p_channel, p_address), v_event.occurred_at, v_now);
  end if;
  return touchline.consent_answer(p_business_id, v_event.event_id);
end
$$;

revoke all on function touchline.record_opt_out(uuid, text, text, jsonb, timestamptz) from public;
grant execute on function touchline.record_opt_out(uuid, text, text, jsonb, timestamptz)
to authenticated, service_role, touchline_worker;
