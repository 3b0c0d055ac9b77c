-- Purpose: messages that the built-in mailbox accepted for a business, newest first, at most p_limit (1 to 101) and only
-- those after p_after, the place of an earlier row. place says where a row stands; it is opaque to callers.
-- Moves: none
-- Locks: none
-- Raises: TL100 called_as_owner, TL101 isolation_level, TL201 not_found, TL402 invalid_argument
create or replace function touchline.list_mailbox(p_business_id uuid, p_after text default null, p_limit integer default 20)
returns table (
  id text, channel text, recipient text, from_name text, subject text, body text, accepted_at timestamptz,
  enrollment_id uuid, touch_number smallint, place text)
language plpgsql stable security definer
set search_path = ''
set timezone = 'UTC'
as $$
declare
  v_parts text[] := pg_catalog.regexp_match(p_after, '^([0-9]{1,17})[.]([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})[.]([0-9]{1,4})$');
  v_at timestamptz;
begin
  perform touchline.require_access(p_business_id, 'read');
  if p_after is not null and v_parts is null then
    raise exception 'This is not a place in the list'
      using errcode = 'TL402', detail = 'A page begins after a place that an earlier page gave.', hint = 'Begin without one.';
  end if;
  if p_limit is null or p_limit not between 1 and 101 then
    raise exception 'The length of a page cannot be %', coalesce(p_limit::text, 'null')
      using errcode = 'TL402', detail = 'Allowed: 1 to 101, one more than a page.', hint = 'Ask for several pages.';
  end if;
  v_at := timestamptz 'epoch' + v_parts[1]::bigint * interval '1 microsecond';
  return query
  select m.send_log_id || '.' || m.attempt, m.channel, m.recipient, m.from_name, m.subject, m.text, m.accepted_at,
    l.campaign_enrollment_id, l.touch_number,
    pg_catalog.format('%s.%s.%s', (extract(epoch from m.accepted_at) * 1000000)::bigint, m.send_log_id, m.attempt)
  from touchline.mailbox_messages m
  join touchline.send_logs l on (l.business_id, l.id) = (m.business_id, m.send_log_id)
  where m.business_id = p_business_id
    and (v_parts is null or m.accepted_at <= v_at
      and (m.accepted_at, m.send_log_id, m.attempt) < (v_at, v_parts[2]::uuid, v_parts[3]::smallint))
  order by m.accepted_at desc, m.send_log_id desc, m.attempt desc
  limit p_limit;
end
$$;

revoke all on function touchline.list_mailbox(uuid, text, integer) from public;
grant execute on function touchline.list_mailbox(uuid, text, integer) to authenticated, service_role, touchline_worker;
