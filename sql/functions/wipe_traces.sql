-- Purpose: wipes what an erased customer left outside their own row and their messages: notes of jobs, answers, links, evidence's
-- free words, readable addresses of suppressions, and kept requests, callbacks and audit details in which one of their addresses
-- (p_addresses, with p_channels) or their id occurs. The caller holds the customer's lock.
-- Moves: none
-- Locks: none
-- Raises: none
create or replace function touchline.wipe_traces(
  p_business_id uuid, p_customer_id uuid, p_channels text[], p_addresses text[]) returns void
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_hashes bytea[];
  v_marks text[];
begin
  select pg_catalog.array_agg(touchline.address_hash(a.channel, a.address)) into v_hashes
  from unnest(p_channels, p_addresses) a (channel, address);
  -- As JSON and as forms write them; of a phone number its digits.
  select pg_catalog.array_agg(m) || p_customer_id::text into v_marks
  from unnest(p_addresses) a (address)
  cross join lateral unnest(array[
    pg_catalog.ltrim(a.address, '+'), pg_catalog.replace(a.address, '@', '%40')]) m;

  update touchline.jobs j
  set title = null,
    notes = null
  where j.business_id = p_business_id
    and j.customer_id = p_customer_id;
  -- An answer is a rating or a comment: where it was only a comment, an empty one stays.
  update touchline.reviews_feedback r
  set comment = case when r.rating is null then '' end,
    internal_notes = null
  where r.business_id = p_business_id
    and r.customer_id = p_customer_id;
  update touchline.links l
  set customer_id = null,
    target_url = null
  where l.business_id = p_business_id
    and l.customer_id = p_customer_id;
  update touchline.consent_events e
  set ip = null,
    text_shown = null,
    notes = null
  where e.business_id = p_business_id
    and (e.customer_id = p_customer_id or e.customer_id is null and e.address_hash = any (v_hashes));
  update touchline.suppressions s
  set address = null
  from touchline.consent_events e
  where e.business_id = p_business_id
    and e.customer_id = p_customer_id
    and (s.business_id, s.channel, s.address_hash) = (e.business_id, e.channel, e.address_hash)
    and s.address is not null;

  update touchline.idempotency_keys k
  set response_body = null
  where k.business_id = p_business_id
    and exists (select from unnest(v_marks) m where pg_catalog.strpos(pg_catalog.lower(k.response_body::text), m) > 0);
  update touchline.webhook_inbox w
  set headers = '{}',
    body = ''
  where w.business_id = p_business_id
    and w.processed_at is not null
    and exists (select from unnest(v_marks) m where position(pg_catalog.convert_to(m, 'UTF8') in w.body) > 0);
  update touchline.audit_log a
  set detail = '{}'
  where a.business_id = p_business_id
    and (a.object_id = p_customer_id
      or exists (select from unnest(v_marks) m where pg_catalog.strpos(pg_catalog.lower(a.detail::text), m) > 0));
end
$$;

revoke all on function touchline.wipe_traces(uuid, uuid, text[], text[]) from public;
