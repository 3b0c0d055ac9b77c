-- Purpose: a person decides about a message whose outcome nobody could prove. p_choice: sent (they know that it arrived), skip (leave it,
-- go on with the next touch), resend (once more, due now; needs p_acknowledge_duplicate_risk, because the customer may get it
-- twice). It stands in the audit log. Proof of acceptance that comes later still counts. Returns the message's new state.
-- Moves: unknown, held → sent | skipped | pending | cancelled; active → completed
-- Locks: campaign_enrollments, touch_queue, send_logs; business_dispatch last (SKIP LOCKED)
-- Raises: TL100 called_as_owner, TL101 isolation_level, TL102 clock_refused, TL201 not_found, TL202 not_allowed, TL313 touch_state,
-- TL314 risk_not_acknowledged, TL402 invalid_argument
create or replace function touchline.resolve_touch(
  p_business_id uuid, p_send_log_id uuid, p_choice text, p_acknowledge_duplicate_risk boolean default false,
  p_now timestamptz default null) returns text
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_now timestamptz;
  v record;
  v_state text;
begin
  perform touchline.require_access(p_business_id, 'write');
  v_now := touchline.current_moment(p_now);
  if coalesce(p_choice not in ('sent', 'skip', 'resend'), true) then
    raise exception 'No such choice: %', coalesce(p_choice, 'NULL')
      using errcode = 'TL402', detail = 'Known: sent, skip, resend.', hint = 'Say what is known of the message, or what shall follow.';
  end if;
  perform touchline.lock_intents(array[p_business_id], array[p_send_log_id]);
  select l.state, l.attempt, coalesce(e.status = 'active' and e.current_touch = l.touch_number, false) as is_live into v
  from touchline.send_logs l
  left join touchline.campaign_enrollments e on (e.business_id, e.id) = (l.business_id, l.campaign_enrollment_id)
  where l.business_id = p_business_id
    and l.id = p_send_log_id;
  if not found then
    raise exception 'There is no such message'
      using errcode = 'TL201', detail = 'It does not exist, or belongs to another business.', hint = 'Check the id of the message.';
  end if;
  if coalesce(v.state not in ('unknown', 'held'), true) then
    raise exception 'The outcome of this message is not open'
      using errcode = 'TL313', detail = pg_catalog.format('It is %s.', coalesce(v.state, 'no message of ours')),
        hint = 'Only a message that is unknown or held waits for a decision.';
  end if;
  if p_choice = 'resend' and not v.is_live then
    raise exception 'Its sequence is over, so it cannot be sent again'
      using errcode = 'TL313', detail = 'The customer opted out, was stopped, or has moved on.', hint = 'Choose sent or skip.';
  end if;
  if p_choice = 'resend' and p_acknowledge_duplicate_risk is not true then
    raise exception 'The customer may get this message twice'
      using errcode = 'TL314', detail = 'Nothing proves that the first one did not arrive.',
        hint = 'Ask the provider or the customer; or acknowledge the risk of a duplicate.';
  end if;

  select a.state into v_state
  from touchline.apply_outcomes(null, pg_catalog.jsonb_build_array(pg_catalog.jsonb_build_object('business_id', p_business_id,
    'send_log_id', p_send_log_id, 'attempt', v.attempt, 'outcome', case p_choice when 'sent' then 'accepted' else p_choice end)),
    v_now) a;
  insert into touchline.audit_log (business_id, actor_kind, actor_id, action, object_kind, object_id, detail, occurred_at)
  values (p_business_id,
    case touchline.acting_role() when 'authenticated' then 'member' when 'service_role' then 'operator' else 'worker' end,
    case touchline.acting_role() when 'authenticated' then auth.uid() end, 'touch.' || p_choice, 'send_log', p_send_log_id,
    pg_catalog.jsonb_build_object('was', v.state, 'is', v_state), v_now);
  return v_state;
end
$$;

revoke all on function touchline.resolve_touch(uuid, uuid, text, boolean, timestamptz) from public;
grant execute on function touchline.resolve_touch(uuid, uuid, text, boolean, timestamptz)
to authenticated, service_role, touchline_worker;
