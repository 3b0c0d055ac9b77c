-- Purpose: one batch of what came in or would have gone out, for prune: callbacks (webhook_inbox) that were acted on, or that are a year
-- older and name no message of ours; copies in the built-in mailbox whose message is not on its way. At most p_limit rows older than
-- p_before, business by business. Returns how many went; with p_dry_run all that would, and touches none.
-- Moves: none
-- Locks: none of the order (rows of the table itself, SKIP LOCKED)
-- Raises: none
create or replace function touchline.prune_received(
  p_table text, p_before timestamptz, p_limit integer, p_dry_run boolean) returns integer
language plpgsql volatile security definer
set search_path = ''
set plan_cache_mode = force_custom_plan
as $$
declare
  v_ids uuid := touchline.ids_before(p_before);
  v_count integer;
begin
  if p_table = 'webhook_inbox' and p_dry_run then
    select pg_catalog.count(*) into v_count
    from touchline.webhook_inbox w
    where w.received_at < case when w.processed_at is null then p_before - interval '365 days' else p_before end;
  elsif p_table = 'webhook_inbox' then
    with old as materialized (
      select o.business_id, o.id
      from touchline.businesses b
      cross join lateral (
        select w.business_id, w.id
        from touchline.webhook_inbox w
        where w.business_id = b.id
          and w.id < v_ids
          and w.received_at < case when w.processed_at is null then p_before - interval '365 days' else p_before end
        order by w.id
        limit p_limit
        for update skip locked) o
      limit p_limit)
    delete from touchline.webhook_inbox w using old where (w.business_id, w.id) = (old.business_id, old.id);
    get diagnostics v_count = row_count;

  elsif p_table = 'mailbox_messages' and p_dry_run then
    select pg_catalog.count(*) into v_count
    from touchline.mailbox_messages m
    join touchline.send_logs l on (l.business_id, l.id) = (m.business_id, m.send_log_id)
    where m.accepted_at < p_before and coalesce(l.state not in ('sending', 'retry', 'unknown', 'held'), true);
  elsif p_table = 'mailbox_messages' then
    with old as materialized (
      select o.business_id, o.send_log_id, o.attempt
      from touchline.businesses b
      cross join lateral (
        select m.business_id, m.send_log_id, m.attempt
        from touchline.mailbox_messages m
        join touchline.send_logs l on (l.business_id, l.id) = (m.business_id, m.send_log_id)
        where m.business_id = b.id
          and m.accepted_at < p_before
          and coalesce(l.state not in ('sending', 'retry', 'unknown', 'held'), true)
        order by m.accepted_at
        limit p_limit
        for update of m skip locked) o
      limit p_limit)
    delete from touchline.mailbox_messages m using old
    where (m.business_id, m.send_log_id, m.attempt) = (old.business_id, old.send_log_id, old.attempt);
    get diagnostics v_count = row_count;
  end if;
  return v_count;
end
$$;

revoke all on function touchline.prune_received(text, timestamptz, integer, boolean) from public;
