-- Purpose: the part of a settle that is about numbers: a provider that refuses a text because its owner sent STOP (outcome rejected,
-- error_code opted_out) says so of an opt-out that we may never have heard of. It is recorded like any other, in the settle's own
-- transaction, so that no crash comes between; settling again records nothing. Takes the customers' locks first.
-- Moves: consent → opted_out; active → stopped
-- Locks: customers, campaign_enrollments, touch_queue, send_logs
-- Raises: none
create or replace function touchline.record_refused_numbers(p_outcomes jsonb, p_now timestamptz) returns void
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v record;
  v_each record;
begin
  select pg_catalog.array_agg(o.business_id) as businesses, pg_catalog.array_agg(o.send_log_id) as log_ids,
    pg_catalog.array_agg(l.recipient) filter (where o.is_refused) as numbers,
    pg_catalog.array_agg(o.business_id) filter (where o.is_refused) as number_businesses,
    pg_catalog.array_agg('sms'::text) filter (where o.is_refused) as channels
  into v
  from (
    select g.business_id, g.send_log_id, g.outcome = 'rejected' and g.error_code = 'opted_out' as is_refused
    from pg_catalog.jsonb_to_recordset(p_outcomes) g (business_id uuid, send_log_id uuid, outcome text, error_code text)) o
  join touchline.send_logs l on (l.business_id, l.id) = (o.business_id, o.send_log_id);
  perform touchline.lock_addresses(v.number_businesses, v.channels, v.numbers, v.businesses, v.log_ids);

  for v_each in
    select l.business_id, l.recipient, g.attempt, l.id
    from pg_catalog.jsonb_to_recordset(p_outcomes) g (business_id uuid, send_log_id uuid, attempt smallint, outcome text, error_code text)
    join touchline.send_logs l on (l.business_id, l.id) = (g.business_id, g.send_log_id)
    where g.outcome = 'rejected'
      and g.error_code = 'opted_out'
      and l.channel = 'sms'
      and l.recipient is not null
    order by l.business_id, l.id
  loop
    perform touchline.record_opt_out(v_each.business_id, 'sms', v_each.recipient, pg_catalog.jsonb_build_object(
      'source', 'provider', 'source_event_id', pg_catalog.format('refused %s %s', v_each.id, v_each.attempt)), p_now);
  end loop;
end
$$;

revoke all on function touchline.record_refused_numbers(jsonb, timestamptz) from public;
