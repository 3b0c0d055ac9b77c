-- Purpose: the first statement of a request that carries an Idempotency-Key: null where it is new, or the answer that was kept for it,
-- {"status", "body"}. The work and keep_answer() follow in the same transaction, so an answer is kept exactly where its work
-- is. Keys are those of the business and the route, and mean nothing after 24 hours; some that are older are removed.
-- Moves: none
-- Locks: none
-- Raises: TL100 called_as_owner, TL101 isolation_level, TL102 clock_refused, TL201 not_found, TL202 not_allowed,
-- TL312 request_in_progress, TL402 invalid_argument, TL403 idempotency_mismatch
create or replace function touchline.begin_request(
  p_business_id uuid, p_route text, p_key text, p_body_hash bytea, p_now timestamptz default null) returns jsonb
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_now timestamptz;
  v_known touchline.idempotency_keys;
begin
  perform touchline.require_access(p_business_id, 'write');
  v_now := touchline.current_moment(p_now);
  perform touchline.require_business(p_business_id);
  if p_route is null or p_key is null or pg_catalog.length(p_key) not between 1 and 255 or p_body_hash is null
    or pg_catalog.length(p_body_hash) <> 32 then
    raise exception 'The key of the request is not allowed'
      using errcode = 'TL402', detail = 'Allowed: 1 to 255 characters, with the SHA-256 of the body. Nothing was changed.',
        hint = 'Use a uuid.';
  end if;
  -- Held until the end of the transaction. Whoever has the key is at work; waiting for them would hold a connection.
  if not pg_catalog.pg_try_advisory_xact_lock(
    pg_catalog.hashtextextended(pg_catalog.format('%s %s %s', p_business_id, p_route, p_key), 0)) then
    raise exception 'A request with this Idempotency-Key is being worked on'
      using errcode = 'TL312', detail = 'Its answer is not there yet.', hint = 'Send the same request again in a second.';
  end if;
  delete from touchline.idempotency_keys i
  where i.business_id = p_business_id
    and i.route = p_route
    and i.key = p_key
    and i.created_at < v_now - interval '24 hours';
  delete from touchline.idempotency_keys i
  using (
    select o.business_id, o.route, o.key
    from touchline.idempotency_keys o
    where o.created_at < v_now - interval '24 hours'
    order by o.created_at
    limit 20
    for update skip locked
  ) old
  where (i.business_id, i.route, i.key) = (old.business_id, old.route, old.key);

  select i.* into v_known
  from touchline.idempotency_keys i
  where i.business_id = p_business_id
    and i.route = p_route
    and i.key = p_key;
  if not found then
    insert into touchline.idempotency_keys (business_id, route, key, body_hash, created_at)
    values (p_business_id, p_route, p_key, p_body_hash, v_now);
    return null;
  end if;
  if v_known.body_hash <> p_body_hash then
    raise exception 'This Idempotency-Key was used with another body'
      using errcode = 'TL403', detail = 'A key stands for one request. Nothing was changed.',
        hint = 'Take a new key for a new request.';
  end if;
  return pg_catalog.jsonb_build_object('status', v_known.response_status, 'body', v_known.response_body);
end
$$;

revoke all on function touchline.begin_request(uuid, text, text, bytea, timestamptz) from public;
grant execute on function touchline.begin_request(uuid, text, text, bytea, timestamptz) to authenticated, service_role, touchline_worker;
