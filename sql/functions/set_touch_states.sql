-- Purpose: the one writer of the touch columns: puts touch p_numbers[i] of enrollment i into p_statuses[i]. With p_next the
-- enrollment goes on in the same row version: n makes touch n the current one, 0 completes it, null leaves it.
-- Each enrollment may stand in the arrays once.
-- Moves: touch → the given status; active → completed
-- Locks: campaign_enrollments
-- Raises: none
create or replace function touchline.set_touch_states(
  p_business_ids uuid[], p_enrollment_ids uuid[], p_numbers smallint[], p_statuses text[], p_sent_ats timestamptz[],
  p_reasons text[], p_next smallint[] default null, p_now timestamptz default null) returns integer
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_count integer;
begin
  -- The only way out of a skip is proof that it was sent after all; who goes on was never skipped.
  if p_next is null and 'sent' = any (p_statuses) then
    perform touchline.count_skips(p_business_ids, p_enrollment_ids, p_numbers, -1);
  end if;
  update touchline.campaign_enrollments e
  set touch_1_status = case s.number when 1 then s.status else e.touch_1_status end,
    touch_1_sent_at = case s.number when 1 then s.sent_at else e.touch_1_sent_at end,
    touch_1_reason = case s.number when 1 then s.reason else e.touch_1_reason end,
    touch_1_skipped_at = case s.number when 1 then s.skipped_at else e.touch_1_skipped_at end,
    touch_2_status = case s.number when 2 then s.status else e.touch_2_status end,
    touch_2_sent_at = case s.number when 2 then s.sent_at else e.touch_2_sent_at end,
    touch_2_reason = case s.number when 2 then s.reason else e.touch_2_reason end,
    touch_2_skipped_at = case s.number when 2 then s.skipped_at else e.touch_2_skipped_at end,
    touch_3_status = case s.number when 3 then s.status else e.touch_3_status end,
    touch_3_sent_at = case s.number when 3 then s.sent_at else e.touch_3_sent_at end,
    touch_3_reason = case s.number when 3 then s.reason else e.touch_3_reason end,
    touch_3_skipped_at = case s.number when 3 then s.skipped_at else e.touch_3_skipped_at end,
    touch_4_status = case s.number when 4 then s.status else e.touch_4_status end,
    touch_4_sent_at = case s.number when 4 then s.sent_at else e.touch_4_sent_at end,
    touch_4_reason = case s.number when 4 then s.reason else e.touch_4_reason end,
    touch_4_skipped_at = case s.number when 4 then s.skipped_at else e.touch_4_skipped_at end,
    current_touch = coalesce(nullif(s.next, 0), e.current_touch),
    status = case s.next when 0 then 'completed' else e.status end,
    completed_at = case s.next when 0 then p_now else e.completed_at end
  from (
    select u.*, case u.status when 'skipped' then p_now end as skipped_at
    from unnest(p_business_ids, p_enrollment_ids, p_numbers, p_statuses, p_sent_ats, p_reasons, p_next)
      u (business_id, enrollment_id, number, status, sent_at, reason, next)
  ) s
  where e.business_id = s.business_id
    and e.id = s.enrollment_id;
  get diagnostics v_count = row_count;
  if 'skipped' = any (p_statuses) then
    perform touchline.count_skips(p_business_ids, p_enrollment_ids, p_numbers, 1);
  end if;
  return v_count;
end
$$;

revoke all on function touchline.set_touch_states(
  uuid[], uuid[], smallint[], text[], timestamptz[], text[], smallint[], timestamptz) from public;
