-- Purpose: one enrollment as it is told to programs: its customer, job and campaign, how it ended, its touches. Moments in UTC.
-- Moves: none
-- Locks: none
-- Raises: TL100 called_as_owner, TL101 isolation_level, TL201 not_found
create or replace function touchline.enrollment_answer(p_business_id uuid, p_enrollment_id uuid) returns jsonb
language plpgsql stable security definer
set search_path = ''
set timezone = 'UTC'
as $$
declare
  v_answer jsonb;
begin
  perform touchline.require_access(p_business_id, 'read');
  select pg_catalog.jsonb_build_object(
    'id', e.id, 'status', e.status, 'stop_reason', e.stop_reason, 'enrolled_at', e.enrolled_at,
    'stopped_at', e.stopped_at, 'completed_at', e.completed_at, 'current_touch', e.current_touch,
    'blocked_by', q.blocked_by,
    'campaign', pg_catalog.jsonb_build_object('id', c.id, 'name', c.name, 'version', e.campaign_version),
    'job', pg_catalog.jsonb_build_object(
      'id', j.id, 'external_id', j.external_id, 'service_type', j.service_type, 'completed_at', j.completed_at),
    'customer', pg_catalog.jsonb_build_object(
      'id', k.id, 'external_id', k.external_id, 'first_name', k.first_name, 'last_name', k.last_name, 'email', k.email,
      'phone', k.phone, 'time_zone', k.time_zone, 'sms_consent_status', k.sms_consent_status, 'status', k.status),
    'touches', touchline.enrollment_touches(p_business_id, e.id)) into v_answer
  from touchline.campaign_enrollments e
  join touchline.campaigns c on (c.business_id, c.id) = (e.business_id, e.campaign_id)
  join touchline.jobs j on (j.business_id, j.id) = (e.business_id, e.job_id)
  join touchline.customers k on (k.business_id, k.id) = (e.business_id, e.customer_id)
  left join touchline.touch_queue q on (q.business_id, q.enrollment_id) = (e.business_id, e.id)
  where e.business_id = p_business_id
    and e.id = p_enrollment_id;
  if not found then
    raise exception 'There is no such enrollment'
      using errcode = 'TL201', detail = 'It does not exist, or it belongs to another business.',
        hint = 'Check the id of the enrollment.';
  end if;
  return v_answer;
end
$$;

revoke all on function touchline.enrollment_answer(uuid, uuid) from public;
grant execute on function touchline.enrollment_answer(uuid, uuid) to authenticated, service_role, touchline_worker;
