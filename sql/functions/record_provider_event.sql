-- Purpose: a provider's callback, whose signature the caller has checked: stored once and acted on in the same transaction, so that it
-- may be answered when this is committed. p_event: provider, event_id, headers, body (base64), kind (accepted, delivered, opened, clicked,
-- failed, bounced, complained), send_log_id, provider_id, occurred_at, error_code, bounce_class (permanent, transient), is_opt_out. Every
-- kind proves that the provider took the message, which settles first; the delivery status is that of the highest rank; a permanent
-- bounce, a complaint and an opt-out withdraw the address. Answers recorded, repeated (nothing changed) or parked (there is no
-- such message: kept unread).
-- Moves: sending, unknown, held, presumed_sent, failed, cancelled → sent; active → completed | stopped
-- Locks: customers, campaign_enrollments, touch_queue, send_logs; business_dispatch last (SKIP LOCKED)
-- Raises: TL100 called_as_owner, TL101 isolation_level, TL102 clock_refused, TL402 invalid_argument
create or replace function touchline.record_provider_event(
  p_business_id uuid, p_sender_account_id uuid, p_event jsonb, p_now timestamptz default null) returns text
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_now timestamptz;
  v_kind text := p_event ->> 'kind';
  v_occurred_at timestamptz;
  v_webhook_id uuid;
  v_log touchline.send_logs;
  v_withdraws boolean;
  v_attempt smallint;
  v_told record;
begin
  perform touchline.require_worker();
  v_now := touchline.current_moment(p_now);
  if touchline.event_rank(v_kind) is null or (p_event ->> 'provider', p_event ->> 'event_id') is null then
    raise exception 'This is no event of a provider'
      using errcode = 'TL402', detail = pg_catalog.format('Kind %L, provider %L.', v_kind, p_event ->> 'provider'),
        hint = 'Give provider, event_id and a kind: accepted, delivered, opened, clicked, failed, bounced or complained.';
  end if;
  v_occurred_at := least(coalesce((p_event ->> 'occurred_at')::timestamptz, v_now), v_now);
  v_withdraws := v_kind = 'complained' or v_kind = 'bounced' and p_event ->> 'bounce_class' = 'permanent'
    or coalesce((p_event ->> 'is_opt_out')::boolean, false);

  insert into touchline.webhook_inbox (business_id, provider, sender_account_id, event_id, headers, body, received_at)
  values (p_business_id, p_event ->> 'provider', p_sender_account_id, p_event ->> 'event_id', coalesce(p_event -> 'headers', '{}'),
    coalesce(pg_catalog.decode(p_event ->> 'body', 'base64'), ''), v_now)
  on conflict (business_id, provider, event_id) do nothing
  returning id into v_webhook_id;
  if v_webhook_id is null then
    return 'repeated';
  end if;
  select l.* into v_log
  from touchline.send_logs l
  join touchline.sender_accounts a on (a.business_id, a.id, a.channel) = (l.business_id, p_sender_account_id, l.channel)
  where l.business_id = p_business_id
    and l.id = (p_event ->> 'send_log_id')::uuid
    and l.state is not null;
  if v_log.id is null then
    update touchline.webhook_inbox w set error_message = 'There is no such message'
    where w.business_id = p_business_id and w.id = v_webhook_id;
    return 'parked';
  end if;

  perform touchline.lock_addresses(
    case when v_withdraws then array[p_business_id] end, case when v_withdraws then array[v_log.channel] end,
    case when v_withdraws then array[v_log.recipient] end, array[p_business_id], array[v_log.id]);
  -- Decided after the locks, in a statement of its own.
  select l.* into v_log from touchline.send_logs l where l.business_id = p_business_id and l.id = v_log.id;
  if v_log.state <> 'sent' then
    select coalesce(min(t.attempt), v_log.attempt) into v_attempt
    from touchline.send_attempts t
    where t.business_id = p_business_id and t.send_log_id = v_log.id and coalesce(t.outcome, 'ambiguous') = 'ambiguous';
    perform touchline.apply_outcomes(null, pg_catalog.jsonb_build_array(pg_catalog.jsonb_build_object(
      'business_id', p_business_id, 'send_log_id', v_log.id, 'attempt', v_attempt, 'outcome', 'accepted',
      'provider', p_event ->> 'provider', 'provider_id', p_event ->> 'provider_id')), v_now);
  end if;

  insert into touchline.message_events (business_id, send_log_id, webhook_id, kind, rank, detail, occurred_at, created_at)
  values (p_business_id, v_log.id, v_webhook_id, v_kind, touchline.event_rank(v_kind), pg_catalog.jsonb_strip_nulls(
    pg_catalog.jsonb_build_object('error_code', p_event ->> 'error_code', 'bounce_class', p_event ->> 'bounce_class',
      'provider_id', p_event ->> 'provider_id')), v_occurred_at, v_now);
  -- Counted anew: who failed for us and was accepted after all is no longer failed.
  update touchline.send_logs l
  set status = case e.kind when 'accepted' then 'sent' else e.kind end,
    error_code = case when e.kind in ('failed', 'bounced') then coalesce(e.detail ->> 'error_code', l.error_code) else l.error_code end
  from (
    select m.kind, m.detail
    from touchline.message_events m
    where m.business_id = p_business_id
      and m.send_log_id = v_log.id
      and m.kind <> 'replied'
      and not m.is_automatic
    order by m.rank desc, m.detail ->> 'error_code'
    limit 1) e
  where l.business_id = p_business_id
    and l.id = v_log.id
  returning l.state, l.status, coalesce(l.sent_at, l.settled_at) as at into v_told;
  perform touchline.count_touches(array[p_business_id, p_business_id], array[v_log.campaign_id, v_log.campaign_id],
    array[v_log.touch_number, v_log.touch_number], array[v_log.channel, v_log.channel], array[v_told.at, v_told.at],
    array[v_told.state, v_told.state], array[v_log.status, v_told.status], '{-1,1}');
  update touchline.webhook_inbox w set processed_at = v_now where w.business_id = p_business_id and w.id = v_webhook_id;

  if exists (
    select from touchline.send_logs l
    where l.business_id = p_business_id and l.id = v_log.id and l.recipient is null) then
    -- Erased; its address was suppressed then.
    perform touchline.wipe_messages(p_business_id, array[v_log.id]);
  elsif v_withdraws then
    perform touchline.record_opt_out(p_business_id, v_log.channel, v_log.recipient, pg_catalog.jsonb_strip_nulls(
      pg_catalog.jsonb_build_object('source', case v_kind when 'complained' then 'complaint' when 'bounced' then 'bounce'
        else 'provider' end, 'bounce_class', case v_kind when 'bounced' then 'permanent' end,
        'source_event_id', pg_catalog.format('%s %s', p_event ->> 'provider', p_event ->> 'event_id'))), p_now);
  end if;
  return 'recorded';
end
$$;

revoke all on function touchline.record_provider_event(uuid, uuid, jsonb, timestamptz) from public;
grant execute on function touchline.record_provider_event(uuid, uuid, jsonb, timestamptz) to touchline_worker, service_role;
