-- Purpose: the owner of an address consents to being written to: appends the evidence, and unless an opt-out recorded earlier
-- happened after it (a replayed old START), lifts the suppression of an opt-out and marks the customers opted in. A bounced,
-- complained or erased address stays suppressed, and nobody is enrolled again. An event reported again changes nothing and is
-- answered the same.
-- Moves: consent → opted_in
-- Locks: customers
-- Raises: TL100 called_as_owner, TL101 isolation_level, TL102 clock_refused, TL201 not_found, TL202 not_allowed,
-- TL402 invalid_argument
create or replace function touchline.record_opt_in(
  p_business_id uuid, p_channel text, p_address text, p_details jsonb default '{}', p_now timestamptz default null) returns jsonb
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_now timestamptz;
  v_event record;
  v_answer jsonb;
begin
  perform touchline.require_access(p_business_id, 'write');
  perform touchline.require_business(p_business_id);
  v_now := touchline.current_moment(p_now);

  if p_details ->> 'source' in ('bounce', 'complaint') then
    raise exception 'Nobody opts in by a %', p_details ->> 'source'
      using errcode = 'TL402', detail = 'It is a reason not to write to an address.', hint = 'Use record_opt_out.';
  end if;
  select * into v_event
  from touchline.append_consent_event(p_business_id, 'opt_in', p_channel, p_address, coalesce(p_details, '{}'), v_now);
  v_answer := touchline.consent_answer(p_business_id, v_event.event_id);
  if not v_event.is_new or (v_answer ->> 'outdated')::boolean then
    return v_answer;
  end if;

  update touchline.suppressions s
  set lifted_at = v_now
  where s.business_id = p_business_id
    and s.channel = p_channel
    and s.address_hash = touchline.address_hash(p_channel, p_address)
    and s.lifted_at is null
    and s.reason in ('opt_out', 'manual')
    and s.suppressed_at <= v_event.occurred_at;
  update touchline.customers c
  set sms_consent_status = case p_channel when 'sms' then 'opted_in' else c.sms_consent_status end,
    sms_consent_at = case p_channel when 'sms' then v_event.occurred_at else c.sms_consent_at end,
    email_consent_status = case p_channel when 'email' then 'opted_in' else c.email_consent_status end,
    email_consent_at = case p_channel when 'email' then v_event.occurred_at else c.email_consent_at end
  where c.business_id = p_business_id
    and c.id = any (v_event.customer_ids);
  return v_answer;
end
$$;

revoke all on function touchline.record_opt_in(uuid, text, text, jsonb, timestamptz) from public;
grant execute on function touchline.record_opt_in(uuid, text, text, jsonb, timestamptz)
to authenticated, service_role, touchline_worker;
