-- Purpose: the one home of deciding: what becomes of each given job, read under the locks of its caller. Refusals in this order:
-- the campaign (choose_campaigns), too_old, opted_out or no_reachable_channel, reviewed_recently, overlap, enrolled_recently.
-- p_overlap overrides the policy where a person chose. A job that waits in the queue keeps waiting while the person is in a
-- sequence, whatever else has changed; then it is decided by these rules, but it has not grown too old meanwhile, and the
-- enrollment it waited for does not refuse it: it starts queue_gap_days after that one's end (not_before). At most one job per customer is answered "enrolled"; what comes after that one in order of completion
-- is left out, to be asked for again when it is enrolled. Rows are fetched by their keys, each (lateral, offset 0): a join may read all
-- of a business for a few of its jobs.
-- Moves: none
-- Locks: none
-- Raises: none
create or replace function touchline.decide_jobs(p_business_id uuid, p_job_ids uuid[], p_overlap text, p_now timestamptz)
returns table (
  job_id uuid, customer_id uuid, completed_at timestamptz, decision text, reason text, campaign_id uuid, version integer,
  blocked_by uuid, decide_after timestamptz, not_before timestamptz, replaces uuid[])
language plpgsql stable security definer
set search_path = ''
as $$
declare
  v_policy touchline.sending_policies;
  v_gap interval;
begin
  select s.* into v_policy from touchline.sending_policies s where s.business_id = p_business_id;
  v_gap := pg_catalog.make_interval(hours => 24 * v_policy.queue_gap_days);

  return query
  with asked as materialized (
    select h.business_id, h.job_id, h.campaign_id, h.version, h.refusal, j.customer_id, j.completed_at, j.blocked_by_enrollment,
      j.decision is not distinct from 'queued' as is_waiting,
      coalesce(p_overlap, case j.decision when 'queued' then 'queue_after' end, v_policy.overlap) as overlap
    from touchline.choose_campaigns(p_business_id, p_job_ids) h
    cross join lateral (select x.* from touchline.jobs x where (x.business_id, x.id) = (h.business_id, h.job_id) offset 0) j
  ), versions as materialized (
    select w.campaign_id, w.version, pg_catalog.array_agg(distinct t.channel) as channels
    from (select distinct a.campaign_id, a.version from asked a where a.refusal is null) w
    join touchline.campaign_touches t on (t.business_id, t.campaign_id, t.version) = (p_business_id, w.campaign_id, w.version)
    group by w.campaign_id, w.version
  ), reach as materialized (
    -- One row per customer, so that nothing is joined that grows with both people and campaigns.
    select o.customer_id, pg_catalog.array_agg(o.channel) as obstructed,
      coalesce(pg_catalog.array_agg(o.channel) filter (where o.by_opt_out), '{}') as opted_out
    from touchline.channel_obstacles(p_business_id, array(select distinct a.customer_id from asked a where a.refusal is null)) o
    group by o.customer_id
  ), people as materialized (
    select k.id as customer_id,
      coalesce(greatest(k.last_reviewed_at, e.reviewed_at)
        > p_now - pg_catalog.make_interval(hours => 24 * v_policy.reentry_days_after_review), false) as has_reviewed,
      e.active, e.last_active, e.active_until, coalesce(e.recent, '{}') as recent, coalesce(r.obstructed, '{}') as obstructed,
      coalesce(r.opted_out, '{}') as opted_out
    from (select distinct a.business_id, a.customer_id from asked a) d
    left join reach r on r.customer_id = d.customer_id
    cross join lateral (select x.* from touchline.customers x where (x.business_id, x.id) = (d.business_id, d.customer_id) offset 0) k
    left join lateral (
      select
        max(x.stopped_at) filter (where x.stop_reason in ('review_clicked', 'feedback_submitted')) as reviewed_at,
        pg_catalog.array_agg(x.id order by x.id) filter (where x.status = 'active') as active,
        (pg_catalog.array_agg(x.id order by x.plan_ends desc, x.id) filter (where x.status = 'active'))[1] as last_active,
        max(x.plan_ends) filter (where x.status = 'active') as active_until,
        -- Ended without a review, after at least one touch may have reached the person; a replaced one lives on in its successor.
        pg_catalog.array_agg(x.id) filter (where x.status <> 'active'
          and coalesce(x.stop_reason, '') not in ('repeat_job', 'review_clicked', 'feedback_submitted')
          and coalesce(x.completed_at, x.stopped_at)
            > p_now - pg_catalog.make_interval(hours => 24 * v_policy.reentry_days_after_enrollment)
          and coalesce(k.last_reviewed_at < x.enrolled_at, true)
          and x.touches && '{sending,unknown,held,sent,presumed_sent}') as recent
      from (
        select n.id, n.status, n.stop_reason, n.stopped_at, n.completed_at, n.enrolled_at,
          array[n.touch_1_status, n.touch_2_status, n.touch_3_status, n.touch_4_status] as touches,
          n.plan_shift + coalesce(n.touch_4_scheduled_at, n.touch_3_scheduled_at, n.touch_2_scheduled_at,
            n.touch_1_scheduled_at) as plan_ends
        from touchline.campaign_enrollments n
        where (n.business_id, n.customer_id) = (k.business_id, k.id)
      ) x
    ) e on true
  ), judged as materialized (
    select a.job_id, a.customer_id, a.completed_at, a.campaign_id, a.version, p.active, p.last_active, p.active_until,
      coalesce(b.completed_at, b.stopped_at) + v_gap as waits_until,
      case
        when a.is_waiting and p.active is not null then 'already_active'
        when a.refusal is not null then a.refusal
        when a.completed_at < p_now - pg_catalog.make_interval(hours => 24 * v_policy.max_enroll_age_days) and not a.is_waiting
          then 'too_old'
        when coalesce(v.channels <@ p.obstructed, true) then
          case when v.channels <@ p.opted_out then 'opted_out' else 'no_reachable_channel' end
        when p.has_reviewed then 'reviewed_recently'
        when p.active is not null and a.overlap <> 'replace' then 'already_active'
        when pg_catalog.array_remove(p.recent, a.blocked_by_enrollment) <> '{}' then 'enrolled_recently'
      end as reason,
      a.overlap
    from asked a
    join people p on p.customer_id = a.customer_id
    left join versions v on (v.campaign_id, v.version) = (a.campaign_id, a.version)
    left join lateral (
      select x.completed_at, x.stopped_at
      from touchline.campaign_enrollments x
      where (x.business_id, x.id) = (a.business_id, a.blocked_by_enrollment) and a.overlap = 'queue_after'
      offset 0) b on true
  ), decided as (
    select g.*,
      case
        when g.reason is null then 'enrolled'
        when g.reason = 'already_active' and g.overlap = 'queue_after' then 'queued'
        when g.reason = 'already_active' and g.overlap = 'ask' then 'conflict'
        else 'refused'
      end as outcome
    from judged g
  ), ordered as (
    select d.*, pg_catalog.count(*) filter (where d.outcome = 'enrolled') over (
      partition by d.customer_id order by d.completed_at, d.job_id
      rows between unbounded preceding and 1 preceding) as enrolled_before
    from decided d
  )
  select o.job_id, o.customer_id, o.completed_at, o.outcome, o.reason, o.campaign_id, o.version,
    case when o.outcome in ('queued', 'conflict') then o.last_active end,
    -- Overdue work of the running enrollment may hold it beyond its plan: ask again in an hour, not in every tick.
    case when o.outcome = 'queued' then greatest(o.active_until + v_gap, p_now + interval '1 hour') end,
    case when o.outcome = 'enrolled' then o.waits_until end,
    case when o.outcome = 'enrolled' then o.active end
  from ordered o
  where o.enrolled_before = 0;
end
$$;

revoke all on function touchline.decide_jobs(uuid, uuid[], text, timestamptz) from public;
