-- Purpose: takes the locks of what both withdraws addresses and settles messages, in the lock order and by id, waiting where it must:
-- every customer who has one of the addresses, then their active enrollments together with those of the given messages. Whoever
-- locks an enrollment afterwards locks what it already holds.
-- Moves: none
-- Locks: customers, campaign_enrollments
-- Raises: none
create or replace function touchline.lock_addresses(
  p_business_ids uuid[], p_channels text[], p_addresses text[], p_log_businesses uuid[], p_send_log_ids uuid[]) returns void
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v record;
begin
  select pg_catalog.array_agg(x.business_id) as businesses, pg_catalog.array_agg(x.id) as customers into v
  from (
    select c.business_id, c.id
    from unnest(p_business_ids, p_channels, p_addresses) a (business_id, channel, address)
    join touchline.customers c on c.business_id = a.business_id and c.email = touchline.normal_address('email', a.address)
    where a.channel = 'email'
    union
    select c.business_id, c.id
    from unnest(p_business_ids, p_channels, p_addresses) a (business_id, channel, address)
    join touchline.customers c on c.business_id = a.business_id and c.phone = touchline.normal_address('sms', a.address)
    where a.channel = 'sms') x;
  perform
  from unnest(v.businesses, v.customers) k (business_id, id)
  join touchline.customers c on (c.business_id, c.id) = (k.business_id, k.id)
  order by c.business_id, c.id
  for no key update of c;

  perform
  from (
    select e.business_id, e.id
    from unnest(v.businesses, v.customers) k (business_id, id)
    join touchline.campaign_enrollments e on (e.business_id, e.customer_id) = (k.business_id, k.id) and e.status = 'active'
    union
    select l.business_id, l.campaign_enrollment_id
    from unnest(p_log_businesses, p_send_log_ids) k (business_id, id)
    join touchline.send_logs l on (l.business_id, l.id) = (k.business_id, k.id)) x
  join touchline.campaign_enrollments e on (e.business_id, e.id) = (x.business_id, x.id)
  order by e.business_id, e.id
  for no key update of e;
end
$$;

revoke all on function touchline.lock_addresses(uuid[], text[], text[], uuid[], uuid[]) from public;
