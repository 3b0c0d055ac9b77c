-- Purpose: one lane's part of doubt_touches, whose locks it relies on: writes an intent, with an attempt that we assume was made, for
-- each given touch that a claim would hand over or hold back for now, and settles it as ambiguous. What a claim would skip or
-- stop may wait for it. Returns how many it doubted.
-- Moves: pending → sending → unknown
-- Locks: campaign_enrollments, touch_queue, send_logs (held by the caller); business_dispatch last (SKIP LOCKED)
-- Raises: none
create or replace function touchline.doubt_lane(
  p_business_id uuid, p_channel text, p_enrollment_ids uuid[], p_claim_id uuid, p_since timestamptz, p_now timestamptz)
returns integer
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_account record;
  v record;
begin
  select a.id, l.lease - l.deadline as wait into v_account
  from touchline.sender_accounts a
  cross join lateral touchline.send_limits(p_channel, a.kind) l
  where a.business_id = p_business_id and a.channel = p_channel and a.in_use;
  with d as materialized (
    select x.*
    from touchline.touch_decisions(pg_catalog.array_fill(p_business_id, array[pg_catalog.cardinality(p_enrollment_ids)]),
      pg_catalog.array_fill(p_channel, array[pg_catalog.cardinality(p_enrollment_ids)]), p_enrollment_ids, p_now) x
    where x.verdict in ('send', 'defer', 'park') and (x.recipient, x.template_version_id) is not null and v_account.id is not null
  ), fresh as (
    insert into touchline.send_logs (business_id, customer_id, recipient, channel, campaign_id, campaign_enrollment_id, touch_number,
      campaign_version, template_version_id, sender_account_id, variables, state, claim_id, attempt, claimed_at, due_at, sequence,
      created_at)
    select p_business_id, d.customer_id, d.recipient, p_channel, d.campaign_id, d.enrollment_id, d.touch_number, d.campaign_version,
      d.template_version_id, v_account.id, d.variables, 'sending', p_claim_id, d.attempt, p_now, d.due_at,
      nextval('touchline.fence_sequence'), p_now
    from d
    where d.send_log_id is null
    returning id, campaign_enrollment_id, touch_number, attempt, due_at
  ), again as (
    update touchline.send_logs l
    set state = 'sending', claim_id = p_claim_id, attempt = d.attempt, claimed_at = p_now, settled_at = null, outcome = null,
      due_at = d.due_at, sequence = nextval('touchline.fence_sequence')
    from d
    where l.business_id = p_business_id and l.id = d.send_log_id
    returning l.id, l.campaign_enrollment_id, l.touch_number, l.attempt, l.due_at
  ), intents as (
    select * from fresh union all select * from again
  ), attempts as (
    insert into touchline.send_attempts (business_id, send_log_id, attempt, claim_id, worker, started_at, deadline_at, is_assumed)
    select p_business_id, i.id, i.attempt, p_claim_id, 'nobody', greatest(i.due_at, p_since), p_now, true
    from intents i
  )
  select pg_catalog.array_agg(i.id) as log_ids, pg_catalog.array_agg(i.campaign_enrollment_id) as enrollments,
    pg_catalog.array_agg(i.touch_number) as numbers, pg_catalog.count(*)::integer as doubted,
    pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object('business_id', p_business_id, 'send_log_id', i.id, 'attempt', i.attempt,
      'outcome', 'ambiguous', 'error_message', 'it may have left in a time that this database lost')) as outcomes
  into v
  from intents i;

  update touchline.touch_queue q
  set due_at = p_now + interval '10 minutes'
  where q.business_id = p_business_id
    and q.enrollment_id = any (p_enrollment_ids)
    and not q.enrollment_id = any (coalesce(v.enrollments, '{}'));
  if v.doubted = 0 then
    return 0;
  end if;
  insert into touchline.lane_claims (business_id, claim_id, channel, worker, claimed_at, lease_until, check_at, send_log_ids)
  values (p_business_id, p_claim_id, p_channel, 'nobody', p_now, p_now + v_account.wait, p_now + v_account.wait, v.log_ids);
  update touchline.touch_queue q
  set claim_id = p_claim_id, lease_until = p_now + v_account.wait
  where q.business_id = p_business_id and q.enrollment_id = any (v.enrollments);
  perform touchline.set_touch_states(pg_catalog.array_fill(p_business_id, array[v.doubted]), v.enrollments, v.numbers,
    pg_catalog.array_fill('sending'::text, array[v.doubted]), null, null);
  perform touchline.apply_outcomes(p_claim_id, v.outcomes, p_now);
  return v.doubted;
end
$$;

revoke all on function touchline.doubt_lane(uuid, text, uuid[], uuid, timestamptz, timestamptz) from public;
