-- Purpose: the one home of choosing: which campaign answers to each job, in which version, or why none does. The explicit choice,
-- else the campaign of the job's service type, else the default one. A paused campaign refuses: nothing falls past it.
-- Moves: none
-- Locks: none
-- Raises: none
create or replace function touchline.choose_campaigns(p_business_id uuid, p_job_ids uuid[])
returns table (business_id uuid, job_id uuid, campaign_id uuid, version integer, refusal text)
language plpgsql stable security definer
set search_path = ''
as $$
begin
  return query
  select j.business_id, j.id, c.id, c.live_version,
    case
      when j.status = 'do_not_send' then 'none_chosen'
      when j.status <> 'completed' then 'job_not_completed'
      when b.status <> 'active' then 'business_suspended'
      when k.status = 'archived' then 'customer_archived'
      when k.status = 'erased' then 'customer_erased'
      when j.campaign_choice = 'none' then 'none_chosen'
      when c.id is null and j.campaign_choice = 'automatic' then 'no_campaign'
      when c.status = 'paused' then 'campaign_paused'
      when c.status is distinct from 'active' then 'campaign_not_live'
    end
  from touchline.keys_of(p_business_id, p_job_ids) i
  cross join lateral (select x.* from touchline.jobs x where (x.business_id, x.id) = (i.business_id, i.id) offset 0) j
  join touchline.businesses b on b.id = j.business_id
  cross join lateral (
    select x.status from touchline.customers x where (x.business_id, x.id) = (j.business_id, j.customer_id) offset 0) k
  left join lateral (
    select x.id, x.status, x.live_version
    from touchline.campaigns x
    where x.business_id = p_business_id
      and not x.is_preset
      and case j.campaign_choice
        when 'campaign' then x.id = j.chosen_campaign_id
        when 'automatic' then x.status in ('active', 'paused') and (x.service_type = j.service_type or x.service_type is null)
      end
    order by x.service_type nulls last
    limit 1
  ) c on true;
end
$$;

revoke all on function touchline.choose_campaigns(uuid, uuid[]) from public;
