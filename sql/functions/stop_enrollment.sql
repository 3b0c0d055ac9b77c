-- Purpose: a person ends one enrollment. False when it had ended already. Reasons that are about more than this enrollment have a
-- function of their own, which does the rest too; they are refused here and it is named.
-- Moves: active → stopped
-- Locks: campaign_enrollments, touch_queue, send_logs
-- Raises: TL100 called_as_owner, TL101 isolation_level, TL102 clock_refused, TL201 not_found, TL202 not_allowed,
-- TL402 invalid_argument
create or replace function touchline.stop_enrollment(
  p_business_id uuid, p_enrollment_id uuid, p_reason text, p_now timestamptz default null) returns boolean
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_now timestamptz;
  v_facts record;
  v_instead text := case
    when p_reason in ('owner_stopped', 'replied', 'booked_again', 'campaign_paused', 'business_suspended') then null
    when p_reason in ('opted_out_sms', 'opted_out_email', 'bounced', 'complained') then
      'Use record_opt_out with the address: it also keeps the address from being written to.'
    when p_reason in ('review_clicked', 'feedback_submitted') then
      'Use record_customer_event: it also remembers the review, so that the customer is left alone for a while.'
    when p_reason = 'customer_erased' then 'Use erase_customer.'
    when p_reason = 'campaign_deleted' then 'Use archive_campaign.'
    when p_reason = 'repeat_job' then 'Use complete_job or resolve_conflict, which also enroll the newer job.'
    else 'Give owner_stopped, replied, booked_again, campaign_paused or business_suspended.'
  end;
begin
  perform touchline.require_access(p_business_id, 'write');
  v_now := touchline.current_moment(p_now);

  select c.status as campaign_status, b.status as business_status into v_facts
  from touchline.campaign_enrollments e
  join touchline.campaigns c on (c.business_id, c.id) = (e.business_id, e.campaign_id)
  join touchline.businesses b on b.id = e.business_id
  where e.business_id = p_business_id
    and e.id = p_enrollment_id;
  if not found then
    raise exception 'There is no such enrollment'
      using errcode = 'TL201', detail = 'It does not exist, or it belongs to another business.',
        hint = 'Check the id of the enrollment.';
  end if;

  if p_reason = 'campaign_paused' and v_facts.campaign_status <> 'paused' then
    v_instead := 'The campaign is not paused: give owner_stopped.';
  elsif p_reason = 'business_suspended'
    and (v_facts.business_status <> 'suspended' or touchline.acting_role() = 'authenticated') then
    v_instead := 'Only the operator gives it, of a business that is suspended: give owner_stopped.';
  end if;
  if v_instead is not null then
    raise exception 'An enrollment is not stopped with reason %', coalesce(p_reason, 'NULL')
      using errcode = 'TL402', detail = 'A reason says what happened; stopping alone does not make it happen.', hint = v_instead;
  end if;

  return touchline.stop_enrollments(p_business_id, array[p_enrollment_id], p_reason, v_now) = 1;
end
$$;

revoke all on function touchline.stop_enrollment(uuid, uuid, text, timestamptz) from public;
grant execute on function touchline.stop_enrollment(uuid, uuid, text, timestamptz)
to authenticated, service_role, touchline_worker;
