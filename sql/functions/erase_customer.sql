-- Purpose: forgets a person: ends their sequences, suppresses every address they were written to under, by keyed hash only, and
-- wipes what says who they were, wherever it stands. The row stays, erased, so that history still counts. A message on its way
-- keeps what a replay needs; whoever settles it wipes that (wipe_messages). Answers {stopped, open_messages}. Erasing again wipes
-- what was left.
-- Moves: customer → erased; enrollment active → stopped
-- Locks: customers, campaign_enrollments, touch_queue, send_logs
-- Raises: TL100 called_as_owner, TL101 isolation_level, TL102 clock_refused, TL201 not_found, TL202 not_allowed
create or replace function touchline.erase_customer(
  p_business_id uuid, p_customer_id uuid, p_now timestamptz default null) returns jsonb
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_now timestamptz;
  v_customer touchline.customers;
  v_stopped integer;
  v_addresses record;
  v_logs record;
begin
  perform touchline.require_access(p_business_id, 'write');
  v_now := touchline.current_moment(p_now);
  -- At once as strongly as the wiping of external_id, a key, needs it: who adds a job of the customer and completes it in one
  -- transaction would stand between the two locks.
  perform
  from touchline.customers c
  where c.business_id = p_business_id
    and c.id = p_customer_id
  for update;
  v_customer := touchline.lock_customer(p_business_id, p_customer_id);

  -- All enrollments, not only active ones: whoever settles a message of an ended one waits here, and then finds the erasure.
  v_stopped := touchline.stop_enrollments(p_business_id, array(
    select e.id
    from touchline.campaign_enrollments e
    where e.business_id = p_business_id
      and e.customer_id = p_customer_id), 'customer_erased', v_now);
  perform
  from touchline.send_logs l
  where l.business_id = p_business_id
    and l.customer_id = p_customer_id
  order by l.id
  for no key update;

  select pg_catalog.array_agg(a.channel order by a.channel, a.address) as channels,
    pg_catalog.array_agg(a.address order by a.channel, a.address) as addresses
  into v_addresses
  from (
    select 'email' as channel, v_customer.email as address
    union select 'sms', v_customer.phone
    union select l.channel, touchline.normal_address(l.channel, l.recipient)
    from touchline.send_logs l
    where l.business_id = p_business_id
      and l.customer_id = p_customer_id) a
  where a.address is not null;
  for i in 1 .. coalesce(pg_catalog.cardinality(v_addresses.addresses), 0) loop
    perform touchline.suppress_address(
      p_business_id, v_addresses.channels[i], v_addresses.addresses[i], 'customer_erased', v_now);
  end loop;

  update touchline.customers c
  set status = 'erased', erased_at = coalesce(c.erased_at, v_now), external_id = null, first_name = null, last_name = null,
    email = null, phone = null, country = null, state = null, time_zone = null, time_zone_source = null, tags = '{}'
  where c.business_id = p_business_id
    and c.id = p_customer_id;
  perform touchline.wipe_traces(p_business_id, p_customer_id, v_addresses.channels, v_addresses.addresses);

  select pg_catalog.array_agg(l.id) as ids,
    pg_catalog.count(*) filter (where l.state in ('sending', 'unknown', 'held')) as open
  into v_logs
  from touchline.send_logs l
  where l.business_id = p_business_id
    and l.customer_id = p_customer_id;
  perform touchline.wipe_messages(p_business_id, v_logs.ids);
  return pg_catalog.jsonb_build_object('stopped', v_stopped, 'open_messages', v_logs.open);
end
$$;

revoke all on function touchline.erase_customer(uuid, uuid, timestamptz) from public;
grant execute on function touchline.erase_customer(uuid, uuid, timestamptz) to authenticated, service_role, touchline_worker;
