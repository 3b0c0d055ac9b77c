-- Purpose: the walk of prune over a table that lets rows go only when asked: at most p_limit ids of a business that follow p_from and were
-- made before p_before, in their order. Which of them may go is said by the rule of the table, not here.
-- Moves: none
-- Locks: none
-- Raises: none
create or replace function touchline.aged_ids(
  p_table text, p_business_id uuid, p_from uuid, p_before timestamptz, p_limit integer) returns uuid[]
language plpgsql stable security definer
set search_path = ''
set plan_cache_mode = force_custom_plan
as $$
declare
  v_end uuid := touchline.ids_before(p_before);
begin
  case p_table
    when 'campaign_enrollments' then
      return array(
        select e.id from touchline.campaign_enrollments e
        where e.business_id = p_business_id and e.id > p_from and e.id < v_end order by e.id limit p_limit);
    when 'send_logs' then
      return array(
        select l.id from touchline.send_logs l
        where l.business_id = p_business_id and l.id > p_from and l.id < v_end order by l.id limit p_limit);
    when 'jobs' then
      return array(
        select j.id from touchline.jobs j
        where j.business_id = p_business_id and j.id > p_from and j.id < v_end order by j.id limit p_limit);
    when 'audit_log' then
      return array(
        select a.id from touchline.audit_log a
        where a.business_id = p_business_id and a.id > p_from and a.id < v_end order by a.id limit p_limit);
  end case;
end
$$;

revoke all on function touchline.aged_ids(text, uuid, uuid, timestamptz, integer) from public;
