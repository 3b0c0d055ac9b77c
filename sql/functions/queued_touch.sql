-- Purpose: what is to be expected of the touch that waits in the queue: the moment it goes, is skipped, parked or ends everything
-- (at, verdict, reason), and why not when planned (wait, with a provider's or somebody's words in detail). It asks the claim's own
-- guards at the moment it is due, and again at each moment they defer it to, as the claim will.
-- Moves: none
-- Locks: none
-- Raises: none
create or replace function touchline.queued_touch(
  p_business_id uuid, p_queued touchline.touch_queue, p_now timestamptz,
  out at timestamptz, out wait text, out verdict text, out reason text, out detail text)
language plpgsql stable security definer
set search_path = ''
as $$
declare
  v_log touchline.send_logs;
  v_account touchline.sender_accounts;
  v_asked timestamptz := greatest(p_queued.due_at, p_now);
  v_guard record;
begin
  select l.* into v_log
  from touchline.send_logs l
  where (l.business_id, l.campaign_enrollment_id, l.touch_number) = (p_business_id, p_queued.enrollment_id, p_queued.touch_number);
  select a.* into v_account
  from touchline.sender_accounts a
  where a.business_id = p_business_id and a.channel = p_queued.channel and a.in_use;
  at := p_queued.due_at;
  wait := p_queued.deferred_reason;
  -- Not deferred since the last attempt: it waits for the next one.
  if v_log.state = 'retry' and coalesce(p_queued.deferrals, 0) <= coalesce(v_log.deferrals, 0) then
    wait := v_log.outcome;
    detail := coalesce(v_log.error_message, v_log.error_code);
  end if;
  -- Each guard defers once or twice at most; whatever does not settle in so many steps is told as far as it is known.
  for i in 1 .. 10 loop
    select d.guard, d.verdict, d.reason, d.until, d.inputs into v_guard
    from touchline.touch_decisions(
      array[p_business_id], array[p_queued.channel], array[p_queued.enrollment_id], v_asked, true) d
    where not d.passes
      -- A pause that will be over by then.
      and not (d.guard = 'sender' and v_account.paused_until <= v_asked)
    order by d.place
    limit 1;
    if v_guard.verdict is null then
      verdict := 'send';
      return;
    end if;
    if v_guard.guard = 'sender' and v_account.paused_until is null then
      at := coalesce(v_account.paused_at, at);
      verdict := 'park';
      reason := v_guard.reason;
      detail := v_account.pause_reason;
      return;
    end if;
    verdict := v_guard.verdict;
    reason := v_guard.reason;
    if verdict <> 'defer' then
      at := v_asked;
      exit;
    end if;
    v_asked := v_guard.until;
    at := v_guard.until;
    wait := v_guard.reason;
    detail := case v_guard.guard when 'sender' then v_account.pause_reason end;
  end loop;
  if verdict = 'defer' then
    verdict := 'send';
  elsif verdict = 'park' and v_guard.guard = 'settings' then
    select pg_catalog.string_agg(m, ', ') into detail from pg_catalog.jsonb_array_elements_text(v_guard.inputs -> 'missing') m;
  end if;
end
$$;

revoke all on function touchline.queued_touch(uuid, touchline.touch_queue, timestamptz) from public;
