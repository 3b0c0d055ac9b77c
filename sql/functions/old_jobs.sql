-- Purpose: the one home of whether a job may go: which of the given ones of a business are decided for good, led to no enrollment that is
-- still there, were completed, planned and decided before p_before, and are too old to be enrolled again when an old export brings
-- them back.
-- Moves: none
-- Locks: none
-- Raises: none
create or replace function touchline.old_jobs(p_business_id uuid, p_ids uuid[], p_before timestamptz, p_now timestamptz)
returns setof uuid
language sql stable security definer
set search_path = ''
as $$
  select j.id
  from touchline.jobs j
  join touchline.sending_policies s on s.business_id = j.business_id
  where j.business_id = p_business_id
    and j.id = any (p_ids)
    and case j.status
      when 'scheduled' then false
      when 'completed' then coalesce(j.decision in ('enrolled', 'refused', 'imported'), false)
      else coalesce(j.decision in ('enrolled', 'refused', 'imported'), true) end
    and coalesce(greatest(j.completed_at, j.scheduled_for, j.decided_at), j.created_at)
      < least(p_before, p_now - pg_catalog.make_interval(hours => 24 * s.max_enroll_age_days))
    and not exists (
      select from touchline.campaign_enrollments e where (e.business_id, e.job_id) = (j.business_id, j.id))
$$;

revoke all on function touchline.old_jobs(uuid, uuid[], timestamptz, timestamptz) from public;
