-- Purpose: what may happen to queued touches at p_now: the one home of the guards of sending, read by the claim (under its locks)
-- and by explain_touch. One row per touch with the first guard that refuses it (verdict defer until a moment, skip, park or
-- stop, each with a reason), or verdict send and no guard; with p_explain one row per touch and guard, in order, with its inputs.
-- What an earlier attempt froze (recipient, text, variables) stays as it is.
-- Moves: none
-- Locks: none
-- Raises: none
create or replace function touchline.touch_decisions(
  p_business_id uuid, p_channel text, p_enrollment_ids uuid[], p_now timestamptz, p_explain boolean default false)
returns table (
  enrollment_id uuid, touch_number smallint, customer_id uuid, campaign_id uuid, campaign_version integer,
  template_version_id uuid, recipient text, variables jsonb, send_log_id uuid, attempt smallint, due_at timestamptz,
  deferred_reason text, deferrals smallint, place integer, guard text, passes boolean, verdict text, reason text, until timestamptz, inputs jsonb)
language plpgsql stable security definer
set search_path = ''
as $$
declare
  v_business touchline.businesses;
  v_policy touchline.sending_policies;
  v_account touchline.sender_accounts;
  v_span interval;
  v_suppresses boolean;
  v_keys touchline.address_keys;
  v_counted_from timestamptz;
begin
  select b.* into v_business from touchline.businesses b where b.id = p_business_id;
  select s.* into v_policy from touchline.sending_policies s where s.business_id = p_business_id;
  select a.* into v_account from touchline.sender_accounts a
  where a.business_id = p_business_id and a.channel = p_channel and a.in_use;
  select l.deadline + l.io_timeout into v_span from touchline.send_limits(p_channel, v_account.kind) l;
  v_suppresses := exists (
    select from touchline.suppressions s
    where s.business_id = p_business_id and s.channel = p_channel and s.lifted_at is null);
  select k.* into v_keys from touchline.address_keys k;
  -- A message counts from the moment it was handed over; its row is older by what a retry may have waited.
  v_counted_from := p_now - pg_catalog.make_interval(
    hours => greatest(24, v_policy.min_gap_hours) + v_policy.max_late_hours);

  return query
  with facts as materialized (
    select q.enrollment_id, q.touch_number, q.scheduled_at, q.due_at, q.deferred_reason, q.deferrals, q.late_after, e.customer_id, e.campaign_id,
      e.campaign_version, e.status, e.current_touch, c.status as campaign_status, k.status as customer_status, k.time_zone,
      k.time_zone_source, case p_channel when 'sms' then k.sms_consent_status else k.email_consent_status end as consent,
      l.id as send_log_id, (coalesce(l.attempt, 0) + 1)::smallint as attempt, v.id as template_version_id,
      coalesce(l.recipient, case p_channel when 'sms' then k.phone else k.email end) as recipient,
      coalesce(l.variables, touchline.message_variables(p_channel, v_business, k, j)) as variables,
      pg_catalog.array_remove(array[
        case when v.id is null then 'template' end,
        case when p_channel = 'email' and v_business.postal_address is null then 'postal_address' end,
        case when v_business.review_url is null and pg_catalog.strpos(v.body, 'review_link') > 0 then 'review_url' end],
        null) as missing,
      case when v_suppresses then touchline.address_hash(p_channel,
        coalesce(l.recipient, case p_channel when 'sms' then k.phone else k.email end), v_keys) end as recipient_hash
    from touchline.touch_queue q
    join touchline.campaign_enrollments e on (e.business_id, e.id) = (q.business_id, q.enrollment_id)
    join touchline.campaigns c on (c.business_id, c.id) = (e.business_id, e.campaign_id)
    join touchline.customers k on (k.business_id, k.id) = (e.business_id, e.customer_id)
    join touchline.jobs j on (j.business_id, j.id) = (e.business_id, e.job_id)
    left join touchline.campaign_touches t on (t.business_id, t.campaign_id, t.version, t.touch_number)
      = (e.business_id, e.campaign_id, e.campaign_version, q.touch_number)
    -- One by one: joined, a plan made while there were no messages would walk all of the business for every touch.
    left join lateral (
      select s.* from touchline.send_logs s
      where (s.business_id, s.campaign_enrollment_id, s.touch_number) = (q.business_id, q.enrollment_id, q.touch_number) offset 0) l on true
    left join touchline.template_versions v on (v.business_id, v.id)
      = (q.business_id, coalesce(l.template_version_id, t.template_version_id))
    where q.business_id = p_business_id
      and q.channel = p_channel
      and q.enrollment_id = any (p_enrollment_ids)
  ), zones as materialized (
    select z.time_zone, z.source,
      touchline.next_allowed_at(p_now, p_channel, p_business_id, z.time_zone, z.source, v_span) as allowed_at,
      d.today at time zone d.zone as day_starts, (d.today + interval '1 day') at time zone d.zone as day_ends
    from (
      select f.time_zone, f.time_zone_source as source, coalesce(f.time_zone, v_business.time_zone) as name
      from facts f group by f.time_zone, f.time_zone_source
    ) z
    cross join lateral (select z.name as zone, pg_catalog.date_trunc('day', p_now at time zone z.name) as today) d
  ), judged as materialized (
    select f.*, z.allowed_at, m.last_in_enrollment + pg_catalog.make_interval(hours => v_policy.min_gap_hours) as gap_until,
      -- The moment at which the cap-th newest of them is a day old.
      case when m.handed_over_24h >= v_policy.cap_messages_per_24h then (
        select a.at + interval '24 hours' from unnest(m.latest) a (at)
        order by a.at desc limit 1 offset v_policy.cap_messages_per_24h - 1) end as cap_until,
      case when m.sms_today >= v_policy.cap_sms_per_day then z.day_ends end as sms_cap_until,
      v_suppresses and exists (
        select from touchline.suppressions s
        where s.business_id = p_business_id
          and s.channel = p_channel
          and s.address_hash = f.recipient_hash
          and s.lifted_at is null) as is_suppressed
    from facts f
    join zones z on (z.time_zone, z.source) is not distinct from (f.time_zone, f.time_zone_source)
    cross join lateral (
      select pg_catalog.count(*) filter (where o.at > p_now - interval '24 hours') as handed_over_24h,
        pg_catalog.array_agg(o.at) filter (where o.at > p_now - interval '24 hours') as latest,
        pg_catalog.count(*) filter (where o.channel = 'sms' and o.at >= z.day_starts) as sms_today,
        max(o.accepted_at) filter (where o.campaign_enrollment_id = f.enrollment_id) as last_in_enrollment
      from (
        select s.channel, s.campaign_enrollment_id, coalesce(s.claimed_at, s.created_at) as at,
          case when s.state in ('sent', 'presumed_sent') then coalesce(s.sent_at, s.settled_at) end as accepted_at
        from touchline.send_logs s
        where s.business_id = p_business_id
          and s.customer_id = f.customer_id
          and s.created_at > v_counted_from
          and s.id is distinct from f.send_log_id
          and (s.state in ('sending', 'unknown', 'held', 'sent', 'presumed_sent') or s.state is null and s.status <> 'failed')
      ) o
    ) m
  )
  select j.enrollment_id, j.touch_number, j.customer_id, j.campaign_id, j.campaign_version, j.template_version_id, j.recipient,
    j.variables, j.send_log_id, j.attempt, j.due_at, j.deferred_reason, j.deferrals, g.place, g.guard, coalesce(g.passes, true), coalesce(g.verdict, 'send'),
    g.reason, g.until, case when p_explain then g.inputs end
  from judged j
  -- Not VALUES, whose expressions are prepared anew for every touch.
  left join lateral (
    select x.*
    from (
      select 1, 'enrollment', j.status = 'active' and j.current_touch = j.touch_number, 'defer', 'not_current',
        p_now + interval '1 hour', pg_catalog.jsonb_build_object('status', j.status, 'current_touch', j.current_touch) union all
      select 2, 'campaign', j.campaign_status = 'active', case j.campaign_status when 'paused' then 'park' else 'stop' end,
        case j.campaign_status when 'paused' then 'campaign_paused' else 'campaign_deleted' end, null,
        pg_catalog.jsonb_build_object('status', j.campaign_status) union all
      select 3, 'business', v_business.status = 'active', 'park', 'business_suspended', null,
        pg_catalog.jsonb_build_object('status', v_business.status) union all
      select 4, 'customer', j.customer_status = 'active', 'stop',
        case j.customer_status when 'erased' then 'customer_erased' else 'owner_stopped' end, null,
        pg_catalog.jsonb_build_object('status', j.customer_status) union all
      select 5, 'lateness', p_now <= j.late_after, 'skip', 'too_late', null, pg_catalog.jsonb_build_object('late_after', j.late_after) union all
      select 6, 'recipient', j.recipient is not null, 'skip', case p_channel when 'sms' then 'no_phone' else 'no_email' end, null,
        pg_catalog.jsonb_build_object('has_address', j.recipient is not null) union all
      select 7, 'consent', case p_channel when 'sms' then j.consent = 'opted_in' else j.consent <> 'opted_out' end, 'skip',
        case j.consent when 'opted_out' then 'opted_out' else 'no_consent' end, null,
        pg_catalog.jsonb_build_object('channel', p_channel, 'consent', j.consent) union all
      select 8, 'suppression', not j.is_suppressed, 'skip', 'suppressed', null,
        pg_catalog.jsonb_build_object('suppressed', j.is_suppressed) union all
      select 9, 'settings', j.missing = '{}', 'park', 'missing_setting', null, pg_catalog.jsonb_build_object('missing', j.missing) union all
      select 10, 'sender', v_account.status = 'active', 'defer', 'sender_paused', coalesce(v_account.paused_until, p_now + interval '1 hour'),
        pg_catalog.jsonb_build_object('status', v_account.status, 'pause_reason', v_account.pause_reason) union all
      select 11, 'quiet_hours', coalesce(j.allowed_at <= p_now, false),
        case when j.allowed_at is null then 'skip' else 'defer' end,
        case when j.allowed_at is null then 'no_open_window' else 'quiet_hours' end, j.allowed_at,
        pg_catalog.jsonb_build_object('time_zone', coalesce(j.time_zone, v_business.time_zone),
          'source', coalesce(j.time_zone_source, 'business'), 'allowed_at', j.allowed_at) union all
      select 12, 'minimum_gap', coalesce(j.gap_until <= p_now, true), 'defer', 'min_gap', j.gap_until,
        pg_catalog.jsonb_build_object('min_gap_hours', v_policy.min_gap_hours) union all
      select 13, 'frequency_cap', coalesce(greatest(j.cap_until, case p_channel when 'sms' then j.sms_cap_until end) <= p_now, true),
        'defer', 'frequency_cap', greatest(j.cap_until, case p_channel when 'sms' then j.sms_cap_until end),
        pg_catalog.jsonb_build_object('cap_messages_per_24h', v_policy.cap_messages_per_24h,
          'cap_sms_per_day', v_policy.cap_sms_per_day)
    ) x (place, guard, passes, verdict, reason, until, inputs)
    where p_explain or not x.passes
    order by x.place
    limit case when p_explain then null else 1 end
  ) g on true;
end
$$;

revoke all on function touchline.touch_decisions(uuid, text, uuid[], timestamptz, boolean) from public;
