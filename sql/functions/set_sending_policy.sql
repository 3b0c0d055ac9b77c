-- Purpose: sets the given keys of a business's sending policy and leaves the others. p_changes: max_late_hours, min_gap_hours
-- (hours), cap_messages_per_24h, cap_sms_per_day, reentry_days_after_review, reentry_days_after_enrollment, queue_gap_days,
-- max_enroll_age_days (days), overlap, after_opt_out, stop_on_reply, unknown_sms, unknown_email, max_attempts. It holds from
-- the next claim and the next decision about a job on.
-- Moves: none
-- Locks: sending_policies
-- Raises: TL100 called_as_owner, TL201 not_found, TL202 not_allowed, TL402 invalid_argument (nothing was changed)
create or replace function touchline.set_sending_policy(p_business_id uuid, p_changes jsonb) returns void
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_table text;
  v_constraint text;
  v_column text;
begin
  perform touchline.require_access(p_business_id, 'write');
  perform touchline.require_business(p_business_id);
  perform touchline.check_changes('sending_policies', '{max_late_hours,min_gap_hours,cap_messages_per_24h,cap_sms_per_day,reentry_days_after_review,reentry_days_after_enrollment,overlap,queue_gap_days,max_enroll_age_days,after_opt_out,stop_on_reply,unknown_sms,unknown_email,max_attempts}', p_changes);
  update touchline.sending_policies p
  set (max_late_hours, min_gap_hours, cap_messages_per_24h, cap_sms_per_day, reentry_days_after_review,
      reentry_days_after_enrollment, overlap, queue_gap_days, max_enroll_age_days, after_opt_out, stop_on_reply,
      unknown_sms, unknown_email, max_attempts) = (
    select r.max_late_hours, r.min_gap_hours, r.cap_messages_per_24h, r.cap_sms_per_day, r.reentry_days_after_review,
      r.reentry_days_after_enrollment, r.overlap, r.queue_gap_days, r.max_enroll_age_days, r.after_opt_out,
      r.stop_on_reply, r.unknown_sms, r.unknown_email, r.max_attempts
    from pg_catalog.jsonb_populate_record(p, p_changes) r)
  where p.business_id = p_business_id;
exception when not_null_violation or check_violation then
  get stacked diagnostics v_table = table_name, v_constraint = constraint_name, v_column = column_name;
  perform touchline.refuse_value(v_table, v_constraint, v_column, p_changes, '');
  raise;
end
$$;

revoke all on function touchline.set_sending_policy(uuid, jsonb) from public;
grant execute on function touchline.set_sending_policy(uuid, jsonb) to authenticated, service_role, touchline_worker;
