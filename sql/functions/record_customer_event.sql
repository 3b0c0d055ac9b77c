-- Purpose: something a customer did ends their sequences: replied (if the business's policy says so), booked_again,
-- review_clicked, feedback_submitted (the last two also start the time in which they are not asked again). Answers how many
-- enrollments it stopped. A bounce or a complaint concerns one address: record_opt_out, which suppresses that address.
-- Moves: active → stopped
-- Locks: customers, campaign_enrollments, touch_queue, send_logs
-- Raises: TL100 called_as_owner, TL101 isolation_level, TL102 clock_refused, TL201 not_found, TL202 not_allowed,
-- TL402 invalid_argument
create or replace function touchline.record_customer_event(
  p_business_id uuid, p_customer_id uuid, p_kind text, p_now timestamptz default null) returns integer
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_now timestamptz;
begin
  perform touchline.require_access(p_business_id, 'write');
  v_now := touchline.current_moment(p_now);
  if p_kind is null or p_kind not in ('replied', 'booked_again', 'review_clicked', 'feedback_submitted') then
    raise exception 'No such event: %', coalesce(p_kind, 'NULL')
      using errcode = 'TL402', detail = 'Known: replied, booked_again, review_clicked, feedback_submitted.',
        hint = 'A bounce, a complaint or an opt-out is of one address: use record_opt_out with it.';
  end if;
  perform touchline.lock_customer(p_business_id, p_customer_id);
  return touchline.apply_event(p_business_id, array[p_customer_id], p_kind, null, null, v_now, v_now);
end
$$;

revoke all on function touchline.record_customer_event(uuid, uuid, text, timestamptz) from public;
grant execute on function touchline.record_customer_event(uuid, uuid, text, timestamptz)
to authenticated, service_role, touchline_worker;
