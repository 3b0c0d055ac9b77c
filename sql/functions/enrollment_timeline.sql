-- Purpose: one person's way through a campaign, one row per moment in the order of time: what happened, from the record, and what is
-- ahead as things stand at p_now (is_ahead), from the claim's own guards, so that it never says another thing than the engine
-- will do. mailbox_id names the message the built-in mailbox keeps.
-- Moves: none
-- Locks: none
-- Raises: TL100 called_as_owner, TL101 isolation_level, TL102 clock_refused, TL201 not_found, TL202 not_allowed
create or replace function touchline.enrollment_timeline(
  p_business_id uuid, p_enrollment_id uuid, p_now timestamptz default null)
returns table (
  at timestamptz, kind text, touch_number smallint, channel text, reason text, detail text, is_ahead boolean, mailbox_id text)
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_now timestamptz;
begin
  perform touchline.require_access(p_business_id, 'read');
  v_now := touchline.current_moment(p_now);
  perform from touchline.campaign_enrollments e where e.business_id = p_business_id and e.id = p_enrollment_id;
  if not found then
    raise exception 'There is no such enrollment'
      using errcode = 'TL201', detail = 'It does not exist, or belongs to another business.',
        hint = 'Check the ids of the business and the enrollment.';
  end if;
  return query
  select m.at, m.kind, m.touch_number, m.channel, m.reason, m.detail, m.is_ahead, m.mailbox_id
  from (
    select p.at, p.rank, p.kind, p.touch_number, p.channel, p.reason, p.detail, false as is_ahead, p.mailbox_id
    from touchline.past_moments(p_business_id, p_enrollment_id) p
    union all
    select a.at, a.rank, a.kind, a.touch_number, a.channel, a.reason, a.detail, a.is_ahead, null
    from touchline.ahead_moments(p_business_id, p_enrollment_id, v_now) a
  ) m
  order by m.at, m.rank, m.touch_number, m.kind;
end
$$;

revoke all on function touchline.enrollment_timeline(uuid, uuid, timestamptz) from public;
grant execute on function touchline.enrollment_timeline(uuid, uuid, timestamptz)
to authenticated, service_role, touchline_worker;
