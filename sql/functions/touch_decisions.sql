-- Purpose: what may happen to queued touches at p_now: the one home of the guards of sending, read by the claim (under its locks)
-- and by explain_touch. Touch n is that of enrollment p_enrollment_ids[n] of business p_business_ids[n], if it is queued for channel
-- p_channels[n]. One row per touch (its n is nth) with the first guard that refuses it (verdict defer until a moment, skip, park or
-- stop, each with a reason), or verdict send and no guard; with p_explain one row per touch and guard, in order, with its inputs.
-- What an earlier attempt froze (recipient, text, variables) stays as it is. Of its own enrollment a touch minds every acceptance, as that
-- of a message of any age may have come to light only now.
-- Moves: none
-- Locks: none
-- Raises: none
create or replace function touchline.touch_decisions(
  p_business_ids uuid[], p_channels text[], p_enrollment_ids uuid[], p_now timestamptz, p_explain boolean default false)
returns table (
  nth integer, business_id uuid, enrollment_id uuid, touch_number smallint, customer_id uuid, campaign_id uuid, campaign_version integer,
  template_version_id uuid, recipient text, variables jsonb, send_log_id uuid, attempt smallint, due_at timestamptz,
  deferred_reason text, deferrals smallint, place integer, guard text, passes boolean, verdict text, reason text, until timestamptz, inputs jsonb)
language plpgsql stable security definer
set search_path = ''
as $$
declare
  v_keys touchline.address_keys;
begin
  select k.* into v_keys from touchline.address_keys k;

  return query
  with lanes as materialized (
    select d.business_id, d.channel, b as business, b.status as business_status, b.time_zone as business_zone, s.min_gap_hours,
      s.cap_messages_per_24h, s.cap_sms_per_day, a.status as account_status, a.pause_reason, a.paused_until,
      l.deadline + l.io_timeout as span,
      exists (
        select from touchline.suppressions x
        where (x.business_id, x.channel) = (d.business_id, d.channel) and x.lifted_at is null) as suppresses,
      -- By when it was last handed over, as its row is older by what a retry may have waited; what is presumed, a horizon ago.
      p_now - pg_catalog.make_interval(hours => greatest(24, s.min_gap_hours) + s.max_late_hours) as counted_from
    from (select distinct u.business_id, u.channel from unnest(p_business_ids, p_channels) u (business_id, channel)) d
    join touchline.businesses b on b.id = d.business_id
    join touchline.sending_policies s on s.business_id = d.business_id
    left join touchline.sender_accounts a on (a.business_id, a.channel) = (d.business_id, d.channel) and a.in_use
    cross join lateral touchline.send_limits(d.channel, a.kind) l
  ), facts as materialized (
    select u.nth, n.business_id, n.channel, n.business_status, coalesce(k.time_zone, n.business_zone) as zone, n.min_gap_hours, n.cap_messages_per_24h, n.cap_sms_per_day,
      n.account_status, n.pause_reason, n.paused_until, n.span, n.suppresses, n.counted_from, q.enrollment_id,
      q.touch_number, q.scheduled_at, q.due_at, q.deferred_reason, q.deferrals, q.late_after, e.customer_id, e.campaign_id,
      greatest(e.touch_1_sent_at, e.touch_2_sent_at, e.touch_3_sent_at, e.touch_4_sent_at) as last_sent_at, e.campaign_version, e.status, e.current_touch, c.status as campaign_status, k.status as customer_status, k.time_zone,
      k.time_zone_source, case n.channel when 'sms' then k.sms_consent_status else k.email_consent_status end as consent,
      l.id as send_log_id, (coalesce(l.attempt, 0) + 1)::smallint as attempt, v.id as template_version_id,
      coalesce(l.recipient, case n.channel when 'sms' then k.phone else k.email end) as recipient,
      coalesce(l.variables, touchline.message_variables(n.channel, n.business, k, j)) as variables,
      pg_catalog.array_remove(array[
        case when v.id is null then 'template' end,
        case when n.channel = 'email' and (n.business).postal_address is null then 'postal_address' end,
        case when (n.business).review_url is null and pg_catalog.strpos(v.body, 'review_link') > 0 then 'review_url' end],
        null) as missing,
      case when n.suppresses then touchline.address_hash(n.channel,
        coalesce(l.recipient, case n.channel when 'sms' then k.phone else k.email end), v_keys) end as recipient_hash
    from unnest(p_business_ids, p_channels, p_enrollment_ids) with ordinality u (business_id, channel, enrollment_id, nth)
    join lanes n on (n.business_id, n.channel) = (u.business_id, u.channel)
    join touchline.touch_queue q on (q.business_id, q.enrollment_id) = (u.business_id, u.enrollment_id) and q.channel = u.channel
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
  ), zoned as materialized (
    -- Once per zone, and without a join: the planner cannot know how few rows there are on either side.
    select f.*, max(f.first_allowed_at) over (partition by f.business_id, f.channel, f.time_zone, f.time_zone_source) as allowed_at,
      d.today at time zone f.zone as day_starts, (d.today + interval '1 day') at time zone f.zone as day_ends
    from (
      select x.*, case
        when pg_catalog.row_number() over (partition by x.business_id, x.channel, x.time_zone, x.time_zone_source) = 1
          then touchline.next_allowed_at(p_now, x.channel, x.business_id, x.time_zone, x.time_zone_source, x.span)
        end as first_allowed_at
      from facts x
    ) f
    cross join lateral (select pg_catalog.date_trunc('day', p_now at time zone f.zone) as today) d
  ), judged as materialized (
    select f.*, greatest(f.last_sent_at, m.last_in_enrollment) + pg_catalog.make_interval(hours => f.min_gap_hours) as gap_until,
      -- The moment at which the cap-th newest of them is a day old.
      case when m.handed_over_24h >= f.cap_messages_per_24h then (
        select a.at + interval '24 hours' from unnest(m.latest) a (at)
        order by a.at desc limit 1 offset f.cap_messages_per_24h - 1) end as cap_until,
      case when m.sms_today >= f.cap_sms_per_day then f.day_ends end as sms_cap_until,
      f.suppresses and exists (
        select from touchline.suppressions s
        where s.business_id = f.business_id
          and s.channel = f.channel
          and s.address_hash = f.recipient_hash
          and s.lifted_at is null) as is_suppressed
    from zoned f
    cross join lateral (
      select pg_catalog.count(*) filter (where o.at > p_now - interval '24 hours') as handed_over_24h,
        pg_catalog.array_agg(o.at) filter (where o.at > p_now - interval '24 hours') as latest,
        pg_catalog.count(*) filter (where o.channel = 'sms' and o.at >= f.day_starts) as sms_today,
        max(o.accepted_at) filter (where o.campaign_enrollment_id = f.enrollment_id) as last_in_enrollment
      from (
        select s.channel, s.campaign_enrollment_id, coalesce(s.claimed_at, s.created_at) as at,
          case when s.state in ('sent', 'presumed_sent') then coalesce(s.sent_at, s.settled_at) end as accepted_at
        from touchline.send_logs s
        where s.business_id = f.business_id
          and s.customer_id = f.customer_id
          and coalesce(s.claimed_at, s.created_at) > f.counted_from
          and s.id is distinct from f.send_log_id
          and (s.state in ('sending', 'unknown', 'held', 'sent', 'presumed_sent') or s.state is null and s.status <> 'failed')
      ) o
    ) m
  )
  select j.nth::integer, j.business_id, j.enrollment_id, j.touch_number, j.customer_id, j.campaign_id, j.campaign_version,
    j.template_version_id, j.recipient, j.variables, j.send_log_id, j.attempt, j.due_at, j.deferred_reason, j.deferrals, g.place, g.guard,
    coalesce(g.passes, true), coalesce(g.verdict, 'send'), g.reason, g.until, case when p_explain then g.inputs end
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
      select 3, 'business', j.business_status = 'active', 'park', 'business_suspended', null,
        pg_catalog.jsonb_build_object('status', j.business_status) union all
      select 4, 'customer', j.customer_status = 'active', 'stop',
        case j.customer_status when 'erased' then 'customer_erased' else 'owner_stopped' end, null,
        pg_catalog.jsonb_build_object('status', j.customer_status) union all
      select 5, 'lateness', p_now <= j.late_after, 'skip', 'too_late', null, pg_catalog.jsonb_build_object('late_after', j.late_after) union all
      select 6, 'recipient', j.recipient is not null, 'skip', case j.channel when 'sms' then 'no_phone' else 'no_email' end, null,
        pg_catalog.jsonb_build_object('has_address', j.recipient is not null) union all
      select 7, 'consent', case j.channel when 'sms' then j.consent = 'opted_in' else j.consent <> 'opted_out' end, 'skip',
        case j.consent when 'opted_out' then 'opted_out' else 'no_consent' end, null,
        pg_catalog.jsonb_build_object('channel', j.channel, 'consent', j.consent) union all
      select 8, 'suppression', not j.is_suppressed, 'skip', 'suppressed', null,
        pg_catalog.jsonb_build_object('suppressed', j.is_suppressed) union all
      select 9, 'settings', j.missing = '{}', 'park', 'missing_setting', null, pg_catalog.jsonb_build_object('missing', j.missing) union all
      select 10, 'sender', j.account_status = 'active', 'defer', 'sender_paused', coalesce(j.paused_until, p_now + interval '1 hour'),
        pg_catalog.jsonb_build_object('status', j.account_status, 'pause_reason', j.pause_reason) union all
      select 11, 'quiet_hours', coalesce(j.allowed_at <= p_now, false),
        case when j.allowed_at is null then 'skip' else 'defer' end,
        case when j.allowed_at is null then 'no_open_window' else 'quiet_hours' end, j.allowed_at,
        pg_catalog.jsonb_build_object('time_zone', j.zone,
          'source', coalesce(j.time_zone_source, 'business'), 'allowed_at', j.allowed_at) union all
      select 12, 'minimum_gap', coalesce(j.gap_until <= p_now, true), 'defer', 'min_gap', j.gap_until,
        pg_catalog.jsonb_build_object('min_gap_hours', j.min_gap_hours) union all
      select 13, 'frequency_cap', coalesce(greatest(j.cap_until, case j.channel when 'sms' then j.sms_cap_until end) <= p_now, true),
        'defer', 'frequency_cap', greatest(j.cap_until, case j.channel when 'sms' then j.sms_cap_until end),
        pg_catalog.jsonb_build_object('cap_messages_per_24h', j.cap_messages_per_24h,
          'cap_sms_per_day', j.cap_sms_per_day)
    ) x (place, guard, passes, verdict, reason, until, inputs)
    where p_explain or not x.passes
    order by x.place
    limit case when p_explain then null else 1 end
  ) g on true;
end
$$;

revoke all on function touchline.touch_decisions(uuid[], text[], uuid[], timestamptz, boolean) from public;
