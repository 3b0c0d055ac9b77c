-- Purpose: what is answered about a job: its decision with the reason, and the touches of its enrollment. Moments in UTC.
-- Moves: none
-- Locks: none
-- Raises: none
create or replace function touchline.job_answer(p_business_id uuid, p_job_id uuid) returns jsonb
language plpgsql stable security definer
set search_path = ''
set timezone = 'UTC'
as $$
begin
  return (
    select pg_catalog.jsonb_build_object(
      'job_id', j.id, 'customer_id', j.customer_id, 'decision', j.decision, 'reason', j.decision_reason,
      'decide_after', j.decide_after, 'blocked_by_enrollment', j.blocked_by_enrollment,
      'enrollment_id', e.id, 'campaign_id', e.campaign_id, 'campaign_version', e.campaign_version,
      'touches', coalesce(touchline.enrollment_touches(p_business_id, e.id), '[]'))
    from touchline.jobs j
    left join lateral (
      select x.*
      from touchline.campaign_enrollments x
      where (x.business_id, x.job_id) = (j.business_id, j.id)
      order by x.status = 'active' desc, x.enrolled_at desc
      limit 1
    ) e on true
    where j.business_id = p_business_id
      and j.id = p_job_id
  );
end
$$;

revoke all on function touchline.job_answer(uuid, uuid) from public;
