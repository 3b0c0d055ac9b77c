-- Purpose: records what became of attempts and moves their touches accordingly: the one home of settling, for the worker
-- (settle_touches) and the reconciler. p_outcomes is a jsonb array of {business_id, send_log_id, attempt, outcome, provider,
-- provider_id, error_code, error_message, retry_after_seconds}. Of two outcomes for one message an acceptance counts, else the
-- latest attempt's. Repeating it changes nothing. Returns the messages whose state changed.
-- Moves: sending, unknown, held → sent | presumed_sent | failed | skipped | pending | unknown | held | cancelled;
-- active → completed
-- Locks: campaign_enrollments, touch_queue, send_logs; business_dispatch last (SKIP LOCKED)
-- Raises: none
create or replace function touchline.apply_outcomes(p_claim_id uuid, p_outcomes jsonb, p_now timestamptz)
returns table (business_id uuid, send_log_id uuid, state text)
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v record;
  v_erased record;
begin
  perform touchline.lock_intents(pg_catalog.array_agg(o.business_id), pg_catalog.array_agg(o.send_log_id))
  from pg_catalog.jsonb_to_recordset(p_outcomes) o (business_id uuid, send_log_id uuid);

  -- Dated and decided after the locks: what waited for a claim of the next touch came to light after that claim. A clock that is given
  -- was read before.
  p_now := touchline.current_moment(case when touchline.has_virtual_clock() then (
    select greatest(p_now, pg_catalog.max(l.claimed_at) + interval '1 microsecond')
    from pg_catalog.jsonb_to_recordset(p_outcomes) o (business_id uuid, send_log_id uuid)
    join touchline.send_logs g on (g.business_id, g.id) = (o.business_id, o.send_log_id)
    join touchline.send_logs l on (l.business_id, l.campaign_enrollment_id) = (g.business_id, g.campaign_enrollment_id)
      and l.id <> g.id) end);
  with given as materialized (
    select o.*
    from pg_catalog.jsonb_to_recordset(p_outcomes) o (business_id uuid, send_log_id uuid, attempt smallint, outcome text,
      provider text, provider_id text, error_code text, error_message text, retry_after_seconds numeric)
  ), chosen as (
    select distinct on (g.business_id, g.send_log_id) g.*
    from given g
    order by g.business_id, g.send_log_id, g.outcome = 'accepted' desc, g.attempt desc
  ), judged as materialized (
    select c.*, l.touch_number, e.id as enrollment_id, l.state as old_state, l.sender_account_id,
      coalesce(e.status = 'active' and e.current_touch = l.touch_number, false) as is_live,
      coalesce(q.attempts, 0) as counted, k.status = 'erased' as is_erased, l.campaign_id, l.channel, l.status as provider_status,
      case when l.state in ('presumed_sent', 'failed') then l.settled_at end as counted_at,
      touchline.judge_outcome(c.outcome, l.state, l.attempt = c.attempt, l.claim_id = p_claim_id, coalesce(q.attempts, 0),
        s.max_attempts, e.status is distinct from 'active') as new_state
    from chosen c
    join touchline.send_logs l on (l.business_id, l.id) = (c.business_id, c.send_log_id)
    join touchline.sending_policies s on s.business_id = c.business_id
    left join touchline.campaign_enrollments e on (e.business_id, e.id) = (l.business_id, l.campaign_enrollment_id)
    left join touchline.touch_queue q on (q.business_id, q.enrollment_id, q.touch_number) = (e.business_id, e.id, l.touch_number)
    left join touchline.customers k on (k.business_id, k.id) = (l.business_id, l.customer_id)
  ), attempts as (
    update touchline.send_attempts a
    set outcome = case g.outcome when 'template_error' then 'not_started' else g.outcome end, finished_at = p_now,
      provider_id = g.provider_id,
      error_code = coalesce(g.error_code, case g.outcome when 'template_error' then g.outcome end),
      error_message = pg_catalog.left(g.error_message, 1000)
    from given g
    where (a.business_id, a.send_log_id) = (g.business_id, g.send_log_id)
      -- A look-up that finds nothing speaks of every attempt until then. Asked only then: joined, every pair would be compared.
      and (a.attempt = g.attempt or g.outcome = 'absent' and a.attempt < (
        select j.attempt from judged j
        where (j.business_id, j.send_log_id, j.outcome) = (g.business_id, g.send_log_id, 'absent') and j.new_state is not null))
      -- Written once; only what is known replaces what nobody knew: evidence, and a late word that moved the message by it.
      and (a.outcome is null or a.outcome = 'ambiguous' and (g.outcome in ('accepted', 'absent') or exists (
        select from judged j
        where (j.business_id, j.send_log_id, j.attempt, j.outcome) = (g.business_id, g.send_log_id, g.attempt, g.outcome)
          and j.new_state is not null)))
      and g.outcome not in ('presumed_sent', 'hold', 'resend_once', 'skip', 'resend')
  ), logs as (
    update touchline.send_logs l
    set state = j.new_state, outcome = j.outcome, settled_at = p_now,
      sent_at = case j.new_state when 'sent' then p_now else l.sent_at end,
      status = case when l.status <> 'queued' then l.status when j.new_state in ('sent', 'failed') then j.new_state else 'queued' end,
      provider = coalesce(j.provider, l.provider), provider_id = coalesce(j.provider_id, l.provider_id),
      error_code = case j.new_state when 'sent' then null else j.error_code end,
      error_message = case j.new_state when 'sent' then null else pg_catalog.left(j.error_message, 1000) end
    from judged j
    where (l.business_id, l.id) = (j.business_id, j.send_log_id) and j.new_state is not null
  )
  select pg_catalog.array_agg(j.business_id) as businesses, pg_catalog.array_agg(j.send_log_id) as log_ids,
    pg_catalog.array_agg(j.new_state) as states, pg_catalog.array_agg(j.enrollment_id) as enrollments,
    pg_catalog.array_agg(j.touch_number) as numbers, pg_catalog.array_agg(j.is_live) as lives,
    pg_catalog.array_agg(case when j.new_state = 'sent' then p_now end) as sent_ats,
    pg_catalog.array_agg(case
      when j.outcome = 'skip' and j.is_live then 'skipped_by_person'
      when j.new_state <> 'failed' then null
      when j.outcome in ('rejected', 'template_error') then j.outcome
      else 'attempts_exhausted' end) as reasons,
    pg_catalog.array_agg(case j.new_state when 'retry'
      then touchline.retry_at(j.outcome, j.send_log_id, j.counted, j.retry_after_seconds, p_now) end) as retry_ats,
    pg_catalog.array_agg((j.outcome in ('retry', 'absent', 'resend_once'))::integer) as counts,
    pg_catalog.array_agg(j.sender_account_id) as accounts,
    -- Of a worker that died nobody knows whether the provider had any part in it.
    pg_catalog.array_agg(case when j.outcome <> 'ambiguous' or j.error_code is not null then j.outcome end) as outcomes,
    pg_catalog.array_agg(j.error_message) as words, pg_catalog.array_agg(j.retry_after_seconds) as retry_afters,
    pg_catalog.array_agg(j.campaign_id) as campaigns, pg_catalog.array_agg(j.channel) as channels,
    pg_catalog.array_agg(j.old_state) as old_states, pg_catalog.array_agg(j.counted_at) as counted_ats,
    pg_catalog.array_agg(j.provider_status) as provider_statuses, array[pg_catalog.count(*)::integer] as count,
    pg_catalog.jsonb_object_agg(j.send_log_id, j.business_id) filter (where j.is_erased) as erased
  into v
  from judged j
  where j.new_state is not null;
  if v.businesses is null then
    return;
  end if;

  -- What was presumed or failed, and was accepted after all, counts no longer where it stood. What is sent stays so.
  perform touchline.count_touches(v.businesses || v.businesses, v.campaigns || v.campaigns, v.numbers || v.numbers,
    v.channels || v.channels, v.counted_ats || pg_catalog.array_fill(p_now, v.count), v.old_states || v.states,
    v.provider_statuses || v.provider_statuses, pg_catalog.array_fill(-1, v.count) || pg_catalog.array_fill(1, v.count));
  perform touchline.move_touches(v.businesses, v.enrollments, v.numbers, v.states, v.lives, v.sent_ats, v.reasons, v.retry_ats,
    v.counts, p_now);
  perform touchline.note_account_health(v.businesses, v.accounts, v.outcomes, v.words, v.retry_afters, p_now);
  -- An erasure leaves an open intent whole; whoever settles it wipes the rest (rules.md 30).
  for v_erased in
    select e.value::uuid as business_id, pg_catalog.array_agg(e.key::uuid) as log_ids
    from pg_catalog.jsonb_each_text(v.erased) e
    group by e.value
  loop
    perform touchline.wipe_messages(v_erased.business_id, v_erased.log_ids);
  end loop;
  return query select r.b, r.l, r.s from unnest(v.businesses, v.log_ids, v.states) r (b, l, s);
end
$$;

revoke all on function touchline.apply_outcomes(uuid, jsonb, timestamptz) from public;
