-- Purpose: what is to be expected of a touch that is not the current one yet, once the touch before it ended at p_after and the last
-- message was accepted at p_accepted_at: when its turn comes (at), why not at its plan, and whether it goes then (verdict send)
-- or is skipped. The same steps as advance_enrollments and the claim; what depends on other campaigns' messages is decided then.
-- Moves: none
-- Locks: none
-- Raises: none
create or replace function touchline.later_touch(
  p_business_id uuid, p_customer touchline.customers, p_channel text, p_wanted_at timestamptz, p_after timestamptz,
  p_accepted_at timestamptz, out at timestamptz, out wait text, out verdict text, out reason text)
language plpgsql stable security definer
set search_path = ''
as $$
declare
  v_policy touchline.sending_policies;
  v_span interval;
  v_allowed timestamptz;
  v_gap timestamptz;
  v_late timestamptz;
begin
  select s.* into v_policy from touchline.sending_policies s where s.business_id = p_business_id;
  select l.deadline + l.io_timeout into v_span
  from touchline.sender_accounts a
  cross join lateral touchline.send_limits(p_channel, a.kind) l
  where a.business_id = p_business_id and a.channel = p_channel and a.in_use;
  v_allowed := touchline.next_allowed_at(p_wanted_at, p_channel, p_business_id, p_customer.time_zone, p_customer.time_zone_source);
  v_late := coalesce(v_allowed, p_wanted_at) + pg_catalog.make_interval(hours => v_policy.max_late_hours);
  v_gap := p_accepted_at + pg_catalog.make_interval(hours => v_policy.min_gap_hours);
  at := greatest(coalesce(v_allowed, p_wanted_at), p_after, v_gap);
  wait := touchline.wait_reason(p_wanted_at, v_allowed, v_gap, at);

  verdict := 'skip';
  if at > v_late then
    reason := 'too_late';
    return;
  end if;
  select o.reason into reason
  from touchline.channel_obstacles(p_business_id, array[p_customer.id]) o
  where o.channel = p_channel;
  if reason is not null then
    return;
  end if;
  v_allowed := touchline.next_allowed_at(at, p_channel, p_business_id, p_customer.time_zone, p_customer.time_zone_source, v_span);
  if v_allowed is null then
    reason := 'no_open_window';
    return;
  end if;
  if v_allowed > at then
    at := v_allowed;
    wait := 'quiet_hours';
  end if;
  if at > v_late then
    reason := 'too_late';
    return;
  end if;
  verdict := 'send';
end
$$;

revoke all on function touchline.later_touch(
  uuid, touchline.customers, text, timestamptz, timestamptz, timestamptz) from public;
