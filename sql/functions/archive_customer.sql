-- Purpose: puts a customer away: all their sequences end, no further ones begin. What is known of them stays. Answers how many
-- enrollments it stopped; archiving again, or an erased customer, is nothing.
-- Moves: customer active → archived; enrollment active → stopped
-- Locks: customers, campaign_enrollments, touch_queue, send_logs
-- Raises: TL100 called_as_owner, TL101 isolation_level, TL102 clock_refused, TL201 not_found, TL202 not_allowed
create or replace function touchline.archive_customer(
  p_business_id uuid, p_customer_id uuid, p_now timestamptz default null) returns integer
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_now timestamptz;
  v_customer touchline.customers;
begin
  perform touchline.require_access(p_business_id, 'write');
  v_now := touchline.current_moment(p_now);
  v_customer := touchline.lock_customer(p_business_id, p_customer_id);
  if v_customer.status <> 'active' then
    return 0;
  end if;
  update touchline.customers c
  set status = 'archived',
    archived_at = v_now
  where c.business_id = p_business_id
    and c.id = p_customer_id;
  return touchline.stop_enrollments(p_business_id, array(
    select e.id
    from touchline.campaign_enrollments e
    where e.business_id = p_business_id
      and e.customer_id = p_customer_id
      and e.status = 'active'), 'owner_stopped', v_now);
end
$$;

revoke all on function touchline.archive_customer(uuid, uuid, timestamptz) from public;
grant execute on function touchline.archive_customer(uuid, uuid, timestamptz) to authenticated, service_role, touchline_worker;
