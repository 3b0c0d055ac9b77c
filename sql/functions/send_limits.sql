-- Purpose: every time limit of one send, in one place (rules.md 1, 23). deadline: claim to first byte; io_timeout: first byte to
-- giving up (HTTP providers 30 s, SMTP 120 s; a server default is SMTP for email); lease: after it a sending intent is
-- unknown; horizon: after it the policy for unknown outcomes decides, but where the provider may be asked only once evidence, from
-- the first attempt on, has passed too. All scaled by installation.horizon_scale (tests).
-- Moves: none
-- Locks: none
-- Raises: none
create or replace function touchline.send_limits(p_channel text, p_kind text)
returns table (deadline interval, io_timeout interval, lease interval, horizon interval, evidence interval)
language plpgsql stable security definer rows 1
set search_path = ''
as $$
declare
  v_scale double precision := (select i.horizon_scale from touchline.installation i);
  v_deadline interval := interval '5 seconds';
  v_io_timeout interval := interval '30 seconds';
  v_grace interval := interval '60 seconds';
begin
  if p_kind = 'smtp' or p_kind = 'server_default' and p_channel = 'email' then
    v_io_timeout := interval '120 seconds';
  end if;
  return query
  select v_deadline * v_scale, v_io_timeout * v_scale, (v_deadline + v_io_timeout + v_grace) * v_scale,
    (v_deadline + v_io_timeout + v_grace + interval '60 seconds') * v_scale,
    -- A server default may be anything; a worker that knows better says so (settle_evidence, none).
    case p_kind when 'smtp' then v_deadline + v_io_timeout + v_grace + interval '60 seconds' else interval '20 hours' end * v_scale;
end
$$;

revoke all on function touchline.send_limits(text, text) from public;
