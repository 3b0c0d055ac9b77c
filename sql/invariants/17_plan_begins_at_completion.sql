-- Invariant 17: the plan begins at the job's completion, by the delay of touch 1 of its version.
-- Scope: live
-- Why: the anchor is the completion as it was when the person was enrolled; a job whose completion somebody corrects a minute or
-- more later keeps its plan, so it is not compared any more.
select e.business_id, e.id as enrollment_id, e.job_id, j.completed_at, e.anchor_at, e.touch_1_scheduled_at,
  e.anchor_at + pg_catalog.make_interval(hours => t.delay_hours) as expected_at
from touchline.campaign_enrollments e
join touchline.jobs j on (j.business_id, j.id) = (e.business_id, e.job_id)
cross join touchline.installation i
left join touchline.send_logs l on (l.business_id, l.campaign_enrollment_id, l.touch_number) = (e.business_id, e.id, 1)
left join touchline.campaign_touches t on (t.business_id, t.campaign_id, t.version, t.touch_number)
  = (e.business_id, e.campaign_id, coalesce(l.campaign_version, e.campaign_version), 1)
where e.updated_at >= p_since
  and (e.touch_1_scheduled_at is distinct from e.anchor_at + pg_catalog.make_interval(hours => t.delay_hours)
    or e.anchor_at is distinct from j.completed_at
      and (i.virtual_clock or j.updated_at < e.created_at + interval '1 minute'))
