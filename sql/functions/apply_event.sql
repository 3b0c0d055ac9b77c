-- Purpose: does what event_effects says of an event, for customers whose rows the caller has locked: suppresses the address,
-- withdraws consent, remembers the review, stops enrollments. Answers how many it stopped.
-- Moves: active → stopped; consent → opted_out
-- Locks: campaign_enrollments, touch_queue, send_logs
-- Raises: none
create or replace function touchline.apply_event(
  p_business_id uuid, p_customer_ids uuid[], p_kind text, p_channel text, p_address text, p_occurred_at timestamptz,
  p_now timestamptz) returns integer
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_effects record;
  v_stopping uuid[];
begin
  select e.* into v_effects
  from touchline.sending_policies p
  cross join lateral touchline.event_effects(p_kind, p_channel, p.after_opt_out, p.stop_on_reply) e
  where p.business_id = p_business_id;

  if v_effects.suppresses is not null then
    perform touchline.suppress_address(p_business_id, p_channel, p_address, v_effects.suppresses, p_occurred_at);
  end if;
  update touchline.customers c
  set sms_consent_status = case when n.sms then 'opted_out' else c.sms_consent_status end,
    sms_consent_at = case when n.sms then p_occurred_at else c.sms_consent_at end,
    email_consent_status = case when n.email then 'opted_out' else c.email_consent_status end,
    email_consent_at = case when n.email then p_occurred_at else c.email_consent_at end,
    last_reviewed_at = case when n.review then greatest(c.last_reviewed_at, p_occurred_at) else c.last_reviewed_at end
  from (
    select v_effects.withdraws_consent and p_channel = 'sms' as sms,
      v_effects.withdraws_consent and p_channel = 'email' as email,
      v_effects.counts_as_review as review) n
  where c.business_id = p_business_id
    and c.id = any (p_customer_ids)
    and (n.sms or n.email or n.review);
  if v_effects.stops = 'none' then
    return 0;
  end if;

  perform
  from touchline.campaign_enrollments e
  where e.business_id = p_business_id
    and e.customer_id = any (p_customer_ids)
    and e.status = 'active'
  order by e.id
  for no key update;

  select pg_catalog.array_agg(e.id) into v_stopping
  from touchline.campaign_enrollments e
  where e.business_id = p_business_id
    and e.customer_id = any (p_customer_ids)
    and e.status = 'active'
    and (v_effects.stops = 'all' or not exists (
      select from touchline.campaign_touches t
      where (t.business_id, t.campaign_id, t.version) = (e.business_id, e.campaign_id, e.campaign_version)
        and t.channel <> p_channel
        and (array[e.touch_1_status, e.touch_2_status, e.touch_3_status, e.touch_4_status])[t.touch_number]
          in ('pending', 'sending', 'unknown', 'held')));
  return touchline.stop_enrollments(p_business_id, v_stopping, v_effects.stop_reason, p_now);
end
$$;

revoke all on function touchline.apply_event(uuid, uuid[], text, text, text, timestamptz, timestamptz) from public;
