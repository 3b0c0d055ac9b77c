// The protocol floor: what the engine's tables cost when nothing is decided. The same writes with the same columns, keys and
// triggers, set-based: lease, intent, attempt, claim, touch states, settle, next touch; no guard, no lane, no rate, no policy.
import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import type { Crowd } from './crowd.ts';

/** The floor as two functions, so that it pays neither more parsing nor more round trips than the engine. */
export const floorSchema = `
create schema floor;

create function floor.claim(p_business_id uuid, p_claim_id uuid, p_limit integer, p_now timestamptz)
returns table (send_log_id uuid, recipient text, subject text, body text, variables jsonb)
language plpgsql as $$
declare
  v_taken uuid[];
  v_logs uuid[];
begin
  with due as materialized (
    select q.enrollment_id
    from touchline.touch_queue q
    where q.business_id = p_business_id and q.channel = 'email' and q.due_at <= p_now and q.claim_id is null
    order by q.due_at, q.enrollment_id
    limit p_limit
    for update skip locked
  )
  select array_agg(d.enrollment_id) into v_taken from due d;
  if v_taken is null then
    return;
  end if;

  with intents as (
    insert into touchline.send_logs (business_id, customer_id, recipient, channel, campaign_id, campaign_enrollment_id,
      touch_number, campaign_version, template_version_id, sender_account_id, variables, state, claim_id, attempt, claimed_at,
      due_at, sequence, created_at)
    select e.business_id, e.customer_id, k.email, 'email', e.campaign_id, e.id, e.current_touch, e.campaign_version,
      t.template_version_id, a.id,
      jsonb_build_object('first_name', k.first_name, 'last_name', k.last_name, 'business_name', b.brand_name,
        'business_phone', b.contact_phone, 'sender_name', b.sender_name, 'review_link', b.review_url,
        'postal_address', b.postal_address, 'service_type', 'other', 'job_title', 'Boiler'),
      'sending', p_claim_id, 1, p_now, p_now, nextval('touchline.fence_sequence'), p_now
    from touchline.campaign_enrollments e
    join touchline.customers k on k.business_id = e.business_id and k.id = e.customer_id
    join touchline.campaign_touches t on t.business_id = e.business_id and t.campaign_id = e.campaign_id
      and t.version = e.campaign_version and t.touch_number = e.current_touch
    join touchline.businesses b on b.id = p_business_id
    join touchline.sender_accounts a on a.business_id = p_business_id and a.channel = 'email' and a.in_use
    where e.business_id = p_business_id and e.id = any (v_taken)
    returning id, attempt
  ), attempts as (
    insert into touchline.send_attempts (business_id, send_log_id, attempt, claim_id, worker, started_at, deadline_at)
    select p_business_id, i.id, i.attempt, p_claim_id, 'floor', p_now, p_now + interval '5 seconds' from intents i
  )
  select array_agg(i.id) into v_logs from intents i;
  insert into touchline.lane_claims (business_id, claim_id, channel, worker, claimed_at, lease_until, check_at, send_log_ids)
  values (p_business_id, p_claim_id, 'email', 'floor', p_now, p_now + interval '3 minutes', p_now + interval '3 minutes', v_logs);
  update touchline.touch_queue q
  set claim_id = p_claim_id, lease_until = p_now + interval '3 minutes'
  where q.business_id = p_business_id and q.enrollment_id = any (v_taken);
  update touchline.campaign_enrollments e
  set touch_1_status = case e.current_touch when 1 then 'sending' else e.touch_1_status end,
    touch_2_status = case e.current_touch when 2 then 'sending' else e.touch_2_status end,
    touch_3_status = case e.current_touch when 3 then 'sending' else e.touch_3_status end,
    touch_4_status = case e.current_touch when 4 then 'sending' else e.touch_4_status end
  where e.business_id = p_business_id and e.id = any (v_taken);

  return query
  select l.id, l.recipient, v.subject, v.body, l.variables
  from touchline.send_logs l
  join touchline.template_versions v on v.business_id = l.business_id and v.id = l.template_version_id
  where l.business_id = p_business_id and l.id = any (v_logs);
end $$;

create function floor.settle(p_business_id uuid, p_send_log_ids uuid[], p_now timestamptz) returns integer
language plpgsql as $$
declare
  v_enrollments uuid[];
begin
  update touchline.send_attempts a
  set outcome = 'accepted', finished_at = p_now, provider_id = 'null'
  where a.business_id = p_business_id and a.send_log_id = any (p_send_log_ids) and a.attempt = 1;
  with settled as (
    update touchline.send_logs l
    set state = 'sent', status = 'sent', outcome = 'accepted', settled_at = p_now, sent_at = p_now, provider = 'null',
      provider_id = 'null'
    where l.business_id = p_business_id and l.id = any (p_send_log_ids)
    returning l.campaign_enrollment_id
  )
  select array_agg(s.campaign_enrollment_id) into v_enrollments from settled s;
  update touchline.touch_queue q
  set touch_number = q.touch_number + 1, scheduled_at = n.at, due_at = n.at, late_after = n.at + interval '48 hours',
    claim_id = null, lease_until = null
  from touchline.campaign_enrollments e,
    lateral (select case e.current_touch when 1 then e.touch_2_scheduled_at when 2 then e.touch_3_scheduled_at
      when 3 then e.touch_4_scheduled_at end as at) n
  where q.business_id = p_business_id and q.enrollment_id = any (v_enrollments)
    and e.business_id = p_business_id and e.id = q.enrollment_id and n.at is not null;
  delete from touchline.touch_queue q
  where q.business_id = p_business_id and q.enrollment_id = any (v_enrollments) and q.touch_number = 4 and q.claim_id is not null;
  update touchline.campaign_enrollments e
  set touch_1_status = case e.current_touch when 1 then 'sent' else e.touch_1_status end,
    touch_1_sent_at = case e.current_touch when 1 then p_now else e.touch_1_sent_at end,
    touch_2_status = case e.current_touch when 2 then 'sent' else e.touch_2_status end,
    touch_2_sent_at = case e.current_touch when 2 then p_now else e.touch_2_sent_at end,
    touch_3_status = case e.current_touch when 3 then 'sent' else e.touch_3_status end,
    touch_3_sent_at = case e.current_touch when 3 then p_now else e.touch_3_sent_at end,
    touch_4_status = case e.current_touch when 4 then 'sent' else e.touch_4_status end,
    touch_4_sent_at = case e.current_touch when 4 then p_now else e.touch_4_sent_at end,
    current_touch = least(e.current_touch + 1, 4),
    status = case e.current_touch when 4 then 'completed' else e.status end,
    completed_at = case e.current_touch when 4 then p_now end
  where e.business_id = p_business_id and e.id = any (v_enrollments);
  return cardinality(v_enrollments);
end $$;
`;

/** Handles everything that is due at `now`, business after business; answers how many touches. */
export async function runFloor(pool: pg.Pool, { businessIds }: Crowd, batch: number, now: string): Promise<number> {
  let handled = 0;
  for (const businessId of businessIds) {
    for (;;) {
      const claimed = await pool.query<{ send_log_id: string }>({
        name: 'floor_claim',
        text: 'select * from floor.claim($1, $2, $3, $4)',
        values: [businessId, randomUUID(), batch, now],
      });
      if (claimed.rows.length === 0) break;
      await pool.query({
        name: 'floor_settle',
        text: 'select floor.settle($1, $2, $3)',
        values: [businessId, claimed.rows.map((row) => row.send_log_id), now],
      });
      handled += claimed.rows.length;
    }
  }
  return handled;
}
