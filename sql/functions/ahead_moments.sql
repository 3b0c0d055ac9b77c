-- Purpose: what is still to come on an active enrollment's way, for enrollment_timeline: of each pending touch its plan, and where
-- that is not when it goes, the moment it is deferred to and why, or what it is parked for, skipped or stopped by, as things stand
-- at p_now. Touches behind one that is parked or unknown are told by their plan alone. rank orders what happens at one moment.
-- Moves: none
-- Locks: none
-- Raises: none
create or replace function touchline.ahead_moments(p_business_id uuid, p_enrollment_id uuid, p_now timestamptz)
returns table (
  at timestamptz, rank integer, kind text, touch_number smallint, channel text, reason text, detail text, is_ahead boolean)
language plpgsql stable security definer
set search_path = ''
as $$
declare
  v_way touchline.campaign_enrollments;
  v_customer touchline.customers;
  v_queued touchline.touch_queue;
  v_touch record;
  v_next record;
  v_after timestamptz := p_now;
  v_accepted timestamptz;
  v_waits boolean := false;
begin
  select e.* into v_way
  from touchline.campaign_enrollments e
  where e.business_id = p_business_id and e.id = p_enrollment_id and e.status = 'active';
  select k.* into v_customer
  from touchline.customers k
  where k.business_id = p_business_id and k.id = v_way.customer_id;
  select q.* into v_queued
  from touchline.touch_queue q
  where q.business_id = p_business_id and q.enrollment_id = p_enrollment_id;

  for v_touch in
    select t.touch_number, t.channel, s.status, s.scheduled_at, s.sent_at, s.scheduled_at + v_way.plan_shift as wanted_at
    from touchline.campaign_touches t
    cross join lateral (
      select (array[v_way.touch_1_status, v_way.touch_2_status, v_way.touch_3_status, v_way.touch_4_status])[t.touch_number] as status,
        (array[v_way.touch_1_scheduled_at, v_way.touch_2_scheduled_at, v_way.touch_3_scheduled_at, v_way.touch_4_scheduled_at])
          [t.touch_number] as scheduled_at,
        (array[v_way.touch_1_sent_at, v_way.touch_2_sent_at, v_way.touch_3_sent_at, v_way.touch_4_sent_at])[t.touch_number] as sent_at) s
    where (t.business_id, t.campaign_id, t.version) = (v_way.business_id, v_way.campaign_id, v_way.campaign_version)
    order by t.touch_number
  loop
    touch_number := v_touch.touch_number;
    channel := v_touch.channel;
    if v_touch.status <> 'pending' then
      v_accepted := greatest(v_accepted, v_touch.sent_at, case v_touch.status when 'sending' then p_now end);
      v_waits := v_waits or v_touch.status in ('unknown', 'held');
      continue;
    end if;
    if v_waits then
      select null::timestamptz as at, null as wait, null as verdict, null as reason, null as detail into v_next;
    elsif v_queued.touch_number = v_touch.touch_number and v_queued.blocked_by is not null then
      select p.at, null as wait, 'park' as verdict, v_queued.blocked_by as reason, p.detail into v_next
      from touchline.parked_since(p_business_id, v_way, v_queued, p_now) p;
    elsif v_queued.touch_number = v_touch.touch_number then
      select q.* into v_next from touchline.queued_touch(p_business_id, v_queued, p_now) q;
    else
      select l.*, null as detail into v_next
      from touchline.later_touch(p_business_id, v_customer, v_touch.channel, v_touch.wanted_at, v_after, v_accepted) l;
    end if;

    return query select v_touch.scheduled_at, 2, 'planned', v_touch.touch_number, v_touch.channel, null::text, null::text,
      v_touch.scheduled_at > p_now or v_next.verdict = 'send' and v_next.at <= v_touch.scheduled_at;
    if v_next.verdict in ('send', 'skip') and v_next.at > v_touch.scheduled_at then
      return query select v_next.at, 3, 'deferred', v_touch.touch_number, v_touch.channel,
        coalesce(v_next.wait, 'plan_shift'), v_next.detail, true
      where v_next.verdict = 'send' or v_next.wait is not null;
    end if;
    if v_next.verdict in ('skip', 'park', 'stop') then
      return query select v_next.at, 5, case v_next.verdict when 'skip' then 'skipped' when 'park' then 'parked' else 'stopped' end,
        v_touch.touch_number, v_touch.channel, v_next.reason, v_next.detail, v_next.verdict <> 'park' or v_next.at > p_now;
    end if;
    exit when v_next.verdict = 'stop';
    v_waits := v_waits or v_next.verdict = 'park';
    v_after := greatest(v_after, v_next.at);
    v_accepted := case v_next.verdict when 'send' then greatest(v_next.at, p_now) else v_accepted end;
  end loop;
end
$$;

revoke all on function touchline.ahead_moments(uuid, uuid, timestamptz) from public;
