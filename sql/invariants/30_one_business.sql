-- Invariant 30: an enrollment, its campaign, version, job, customer and intents, and the texts they send, share one business and
-- belong to each other.
-- Scope: live
-- Why: another business's row is impossible by the composite foreign keys. That the job is the customer's own, and the intent
-- that of the enrollment's campaign and customer, no key says.
select e.business_id, 'enrollment' as object, e.id,
  pg_catalog.array_remove(array[
    case when c.id is null then 'campaign' end, case when v.number is null then 'version' end,
    case when j.customer_id is distinct from e.customer_id then 'job' end,
    case when k.id is null then 'customer' end], null) as foreign_to_it
from touchline.campaign_enrollments e
left join touchline.campaigns c on (c.business_id, c.id) = (e.business_id, e.campaign_id)
left join touchline.campaign_versions v on (v.business_id, v.campaign_id, v.number)
  = (e.business_id, e.campaign_id, e.campaign_version)
left join touchline.jobs j on (j.business_id, j.id) = (e.business_id, e.job_id)
left join touchline.customers k on (k.business_id, k.id) = (e.business_id, e.customer_id)
where e.updated_at >= p_since
  and (c.id is null or v.number is null or j.customer_id is distinct from e.customer_id or k.id is null)
union all
select l.business_id, 'intent', l.id,
  pg_catalog.array_remove(array[
    case when l.campaign_enrollment_id is not null and e.id is null then 'enrollment' end,
    case when l.campaign_id <> e.campaign_id then 'campaign' end, case when l.customer_id <> e.customer_id then 'customer' end,
    case when l.template_version_id is not null and t.id is null then 'template_version' end], null)
from touchline.send_logs l
left join touchline.campaign_enrollments e on (e.business_id, e.id) = (l.business_id, l.campaign_enrollment_id)
left join touchline.template_versions t on (t.business_id, t.id) = (l.business_id, l.template_version_id)
where l.updated_at >= p_since
  and (l.campaign_enrollment_id is not null and e.id is null
    or l.campaign_id <> e.campaign_id
    or l.customer_id <> e.customer_id
    or l.template_version_id is not null and t.id is null)
