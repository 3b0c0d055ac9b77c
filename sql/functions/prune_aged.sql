-- Purpose: one batch of the short-lived tables, for prune: at most p_limit rows of p_table older than p_before that retention() lets go,
-- oldest first; what somebody holds is left to the next batch. Returns how many went; with p_dry_run all that would, and touches none.
-- Moves: none
-- Locks: none of the order (rows of the table itself, SKIP LOCKED)
-- Raises: none
create or replace function touchline.prune_aged(
  p_table text, p_before timestamptz, p_limit integer, p_dry_run boolean, p_now timestamptz) returns integer
language plpgsql volatile security definer
set search_path = ''
set plan_cache_mode = force_custom_plan
as $$
declare
  v_count integer;
begin
  if p_table = 'lane_claims' and p_dry_run then
    select pg_catalog.count(*) into v_count
    from touchline.lane_claims c
    where c.check_at <= p_now
      and not exists (
        select from touchline.send_logs l
        where l.business_id = c.business_id and l.id = any (c.send_log_ids) and l.claim_id = c.claim_id
          and l.state in ('sending', 'unknown'));
  elsif p_table = 'lane_claims' then
    v_count := touchline.forget_claims(p_limit, p_now);

  elsif p_table = 'evidence_checks' and p_dry_run then
    select pg_catalog.count(*) into v_count
    from touchline.evidence_checks c
    join touchline.send_logs l on (l.business_id, l.id) = (c.business_id, c.send_log_id)
    where c.look_at < p_before and (l.state, l.claim_id) is distinct from ('unknown', c.claim_id);
  elsif p_table = 'evidence_checks' then
    with old as materialized (
      select c.business_id, c.send_log_id
      from touchline.evidence_checks c
      join touchline.send_logs l on (l.business_id, l.id) = (c.business_id, c.send_log_id)
      where c.look_at < p_before and (l.state, l.claim_id) is distinct from ('unknown', c.claim_id)
      order by c.look_at
      limit p_limit
      for update of c skip locked)
    delete from touchline.evidence_checks c using old where (c.business_id, c.send_log_id) = (old.business_id, old.send_log_id);
    get diagnostics v_count = row_count;

  elsif p_table = 'idempotency_keys' and p_dry_run then
    select pg_catalog.count(*) into v_count from touchline.idempotency_keys i where i.created_at < p_before;
  elsif p_table = 'idempotency_keys' then
    with old as materialized (
      select i.business_id, i.route, i.key
      from touchline.idempotency_keys i
      where i.created_at < p_before
      order by i.created_at
      limit p_limit
      for update skip locked)
    delete from touchline.idempotency_keys i using old where (i.business_id, i.route, i.key) = (old.business_id, old.route, old.key);
    get diagnostics v_count = row_count;

  elsif p_table = 'login_links' and p_dry_run then
    select pg_catalog.count(*) into v_count from touchline.login_links l where l.expires_at < p_before;
  elsif p_table = 'login_links' then
    delete from touchline.login_links l
    where l.token_hash = any (array(
      select o.token_hash from touchline.login_links o
      where o.expires_at < p_before order by o.expires_at limit p_limit for update skip locked));
    get diagnostics v_count = row_count;

  elsif p_table = 'sessions' and p_dry_run then
    select pg_catalog.count(*) into v_count from touchline.sessions s where s.expires_at <= p_before;
  elsif p_table = 'sessions' then
    delete from touchline.sessions s
    where s.token_hash = any (array(
      select o.token_hash from touchline.sessions o
      where o.expires_at <= p_before order by o.expires_at limit p_limit for update skip locked));
    get diagnostics v_count = row_count;
  end if;
  return v_count;
end
$$;

revoke all on function touchline.prune_aged(text, timestamptz, integer, boolean, timestamptz) from public;
