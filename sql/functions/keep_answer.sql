-- Purpose: the last statement of a request that begin_request() let in: the same request will be answered with this.
-- Moves: none
-- Locks: none
-- Raises: TL100 called_as_owner, TL101 isolation_level, TL102 clock_refused, TL201 not_found, TL202 not_allowed
create or replace function touchline.keep_answer(
  p_business_id uuid, p_route text, p_key text, p_status integer, p_body jsonb, p_now timestamptz default null) returns void
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_now timestamptz;
begin
  perform touchline.require_access(p_business_id, 'write');
  v_now := touchline.current_moment(p_now);
  update touchline.idempotency_keys i
  set response_status = p_status, response_body = p_body, finished_at = v_now
  where i.business_id = p_business_id
    and i.route = p_route
    and i.key = p_key
    and i.finished_at is null;
  if not found then
    raise exception 'There is no such request'
      using errcode = 'TL201', detail = 'It was not begun, or its answer is kept already.', hint = 'Call begin_request first.';
  end if;
end
$$;

revoke all on function touchline.keep_answer(uuid, text, text, integer, jsonb, timestamptz) from public;
grant execute on function touchline.keep_answer(uuid, text, text, integer, jsonb, timestamptz)
to authenticated, service_role, touchline_worker;
