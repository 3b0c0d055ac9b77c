-- Purpose: what has happened on one person's way through a campaign, for enrollment_timeline: the job and the enrollment, each touch
-- that is no longer pending (its plan, what deferred it and until when, what became of it), what the customer did meanwhile,
-- and the end. Read from the record alone; rank orders what happened at one moment.
-- Moves: none
-- Locks: none
-- Raises: none
create or replace function touchline.past_moments(p_business_id uuid, p_enrollment_id uuid)
returns table (
  at timestamptz, rank integer, kind text, touch_number smallint, channel text, reason text, detail text, mailbox_id text)
language plpgsql stable security definer
set search_path = ''
set plan_cache_mode = force_generic_plan
as $$
begin
  return query
  with way as materialized (
    select e.*, j.completed_at as job_completed_at, j.title
    from touchline.campaign_enrollments e
    join touchline.jobs j on (j.business_id, j.id) = (e.business_id, e.job_id)
    where e.business_id = p_business_id
      and e.id = p_enrollment_id
  ), touches as materialized (
    select t.touch_number, t.channel, p.scheduled_at, p.status, p.reason, p.sent_at, p.skipped_at, l.id as send_log_id, l.state,
      l.due_at, l.claimed_at, l.settled_at, l.deferred_reason, coalesce(l.error_message, l.error_code) as words, l.attempt, m.mailbox_id,
      w.stopped_at, w.stop_reason, w.plan_shift
    from way w
    cross join lateral (values
      (1::smallint, w.touch_1_scheduled_at, w.touch_1_status, w.touch_1_reason, w.touch_1_sent_at, w.touch_1_skipped_at),
      (2::smallint, w.touch_2_scheduled_at, w.touch_2_status, w.touch_2_reason, w.touch_2_sent_at, w.touch_2_skipped_at),
      (3::smallint, w.touch_3_scheduled_at, w.touch_3_status, w.touch_3_reason, w.touch_3_sent_at, w.touch_3_skipped_at),
      (4::smallint, w.touch_4_scheduled_at, w.touch_4_status, w.touch_4_reason, w.touch_4_sent_at, w.touch_4_skipped_at)
    ) p (number, scheduled_at, status, reason, sent_at, skipped_at)
    join touchline.campaign_touches t on (t.business_id, t.campaign_id, t.version, t.touch_number)
      = (w.business_id, w.campaign_id, w.campaign_version, p.number)
    left join touchline.send_logs l on (l.business_id, l.campaign_enrollment_id, l.touch_number) = (w.business_id, w.id, p.number)
    left join lateral (
      select x.send_log_id || '.' || x.attempt as mailbox_id
      from touchline.mailbox_messages x
      where x.business_id = w.business_id
        and x.send_log_id = l.id
      order by x.attempt desc
      limit 1) m on true
    where p.status is not null
  )
  select w.job_completed_at, 0, 'job_completed', null::smallint, null::text, null::text, w.title, null::text from way w
  union all
  select w.enrolled_at, 1, 'enrolled', null, null, null, null, null from way w
  union all
  -- What was cancelled before its time never had a moment; its cancellation says so.
  select t.scheduled_at, 2, 'planned', t.touch_number, t.channel, null, null, null
  from touches t
  where t.status not in ('pending', 'cancelled') or t.status = 'cancelled' and t.scheduled_at <= t.stopped_at
  union all
  select case t.attempt when 1 then t.due_at else (
      select a.started_at from touchline.send_attempts a where (a.business_id, a.send_log_id, a.attempt) = (p_business_id, t.send_log_id, 1))
    end, 3, 'deferred', t.touch_number, t.channel, coalesce(t.deferred_reason, 'plan_shift'), null, null
  from touches t
  where t.deferred_reason is not null
    or t.status <> 'pending' and t.attempt = 1 and t.plan_shift > interval '0' and t.due_at > t.scheduled_at
  union all
  -- Another attempt followed: deferred to that, for what was said of the one before.
  select n.started_at, 4, 'deferred', t.touch_number, t.channel, a.outcome, coalesce(a.error_message, a.error_code), null
  from touches t
  join touchline.send_attempts a on (a.business_id, a.send_log_id) = (p_business_id, t.send_log_id)
  join touchline.send_attempts n on (n.business_id, n.send_log_id, n.attempt) = (a.business_id, a.send_log_id, a.attempt + 1)
  union all
  select case t.status when 'sending' then t.claimed_at when 'sent' then t.sent_at when 'skipped' then coalesce(t.skipped_at, t.scheduled_at)
      when 'cancelled' then coalesce(t.stopped_at, t.settled_at, t.scheduled_at) else coalesce(t.settled_at, t.scheduled_at) end,
    5, t.status, t.touch_number, t.channel, case t.status when 'cancelled' then t.stop_reason else t.reason end,
    case when t.status in ('failed', 'unknown', 'held') then t.words end,
    case when t.status in ('sending', 'sent', 'presumed_sent', 'unknown', 'held') then t.mailbox_id end
  from touches t
  where t.status <> 'pending'
  union all
  select e.occurred_at, 6, 'opted_out', null, e.channel,
    case e.source when 'bounce' then 'bounced' when 'complaint' then 'complained' else 'opted_out_' || e.channel end, e.source, null
  from way w
  join touchline.consent_events e on (e.business_id, e.customer_id, e.kind) = (w.business_id, w.customer_id, 'opt_out')
  where e.occurred_at >= w.enrolled_at
  union all
  select r.received_at, 6, 'reviewed', null, null, 'feedback_submitted', pg_catalog.concat_ws(': ', r.rating || '/5', nullif(r.comment, '')), null
  from touchline.reviews_feedback r
  where r.business_id = p_business_id
    and r.campaign_enrollment_id = p_enrollment_id
  union all
  select m.occurred_at, 6, 'replied', t.touch_number, t.channel, null, null, null
  from touches t
  join touchline.message_events m on (m.business_id, m.send_log_id, m.kind) = (p_business_id, t.send_log_id, 'replied')
  where not m.is_automatic
  union all
  -- A click on the review link and an answer that came another way are known by what they ended.
  select w.stopped_at, 6, case w.stop_reason when 'replied' then 'replied' else 'reviewed' end, null, null, w.stop_reason, null, null
  from way w
  where w.stop_reason = 'review_clicked'
    or w.stop_reason = 'feedback_submitted' and not exists (
      select from touchline.reviews_feedback r where (r.business_id, r.campaign_enrollment_id) = (p_business_id, p_enrollment_id))
    or w.stop_reason = 'replied' and not exists (
      select from touches t
      join touchline.message_events m on (m.business_id, m.send_log_id, m.kind) = (p_business_id, t.send_log_id, 'replied'))
  union all
  select w.stopped_at, 7, 'stopped', null, null, w.stop_reason, null, null from way w where w.stopped_at is not null
  union all
  select w.completed_at, 8, 'completed', null, null, null, null, null from way w where w.status = 'completed';
end
$$;

revoke all on function touchline.past_moments(uuid, uuid) from public;
