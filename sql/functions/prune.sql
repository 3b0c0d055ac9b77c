-- Purpose: one batch of touchline prune: of p_table, rows older than p_older_than_days (default: its own age) for which the rule of
-- retention() holds, at most p_limit; never what the engine still needs, and never waiting for anybody. Answers {gone: rows by
-- table, next: p_after of the following batch, or null: that was the last}. Begun again from the start after it was broken off, it
-- goes on where it was. With p_dry_run nothing is locked or changed.
-- Moves: none (rows that are settled, ended or decided, to gone)
-- Locks: campaign_enrollments, send_logs, jobs (each SKIP LOCKED, one table per batch)
-- Raises: TL100 called_as_owner, TL101 isolation_level, TL102 clock_refused, TL316 kept_on_purpose, TL402 invalid_argument
create or replace function touchline.prune(
  p_table text, p_older_than_days integer default null, p_limit integer default 1000, p_after jsonb default null,
  p_dry_run boolean default false, p_now timestamptz default null) returns jsonb
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_now timestamptz;
  v_rule record;
  v_days integer;
  v_before timestamptz;
  v_business uuid;
  v_from uuid := coalesce((p_after ->> 'id')::uuid, touchline.system_business_id());
  v_rows integer;
  v_ids uuid[];
  v_gone jsonb;
begin
  perform touchline.require_worker();
  v_now := touchline.current_moment(p_now);
  select r.* into v_rule from touchline.retention() r where r.table_name = p_table;
  if v_rule.how in ('kept', 'follows') then
    raise exception 'Rows of % are not pruned', p_table
      using errcode = 'TL316', detail = pg_catalog.format('%s: %s.', v_rule.how, v_rule.rule),
        hint = 'touchline prune --dry-run shows what goes, and when.';
  end if;
  v_days := coalesce(p_older_than_days, v_rule.default_days);
  if v_rule.how is null or v_days is null or v_days not between v_rule.least_days and 36500 or p_limit is null
    or p_limit not between 1 and 5000 then
    raise exception 'There is nothing to prune like that'
      using errcode = 'TL402', detail = pg_catalog.format('Table %L, older than %s days (at least %s), %s rows (1 to 5000).', p_table,
        coalesce(v_days::text, 'no number of'), coalesce(v_rule.least_days::text, 'no number'), coalesce(p_limit::text, 'no')),
        hint = 'touchline prune --dry-run lists the tables with their ages; those that only go when asked need --older-than DAYS.';
  end if;

  v_before := v_now - pg_catalog.make_interval(hours => 24 * v_days);
  if v_rule.how = 'automatic' then
    v_rows := case when p_table in ('webhook_inbox', 'mailbox_messages')
      then touchline.prune_received(p_table, v_before, p_limit, p_dry_run)
      else touchline.prune_aged(p_table, v_before, p_limit, p_dry_run, v_now) end;
    return pg_catalog.jsonb_build_object('gone', pg_catalog.jsonb_build_object(p_table, v_rows),
      'next', case when v_rows >= p_limit and not p_dry_run then '{}'::jsonb end);
  end if;

  select b.id into v_business
  from touchline.businesses b
  where b.id >= coalesce((p_after ->> 'business_id')::uuid, touchline.system_business_id())
  order by b.id
  limit 1;
  -- Businesses that have nothing old are passed by, some hundred of them in one batch.
  for i in 1 .. 200 loop
    v_ids := touchline.aged_ids(p_table, v_business, v_from, v_before, p_limit);
    v_gone := case p_table
      when 'campaign_enrollments' then touchline.prune_enrollments(v_business, v_ids, v_days, p_dry_run, v_now)
      when 'send_logs' then touchline.prune_messages(v_business, v_ids, v_days, p_dry_run, v_now)
      when 'jobs' then touchline.prune_jobs(v_business, v_ids, v_days, p_dry_run, v_now)
      else touchline.prune_audit_log(v_business, v_ids, v_days, p_dry_run, v_now) end;
    v_from := coalesce(v_ids[p_limit], touchline.system_business_id());
    if v_ids[p_limit] is null then
      v_business := (select b.id from touchline.businesses b where b.id > v_business order by b.id limit 1);
    end if;
    exit when v_ids <> '{}' or v_business is null;
  end loop;
  return pg_catalog.jsonb_build_object('gone', v_gone, 'next', case when v_business is not null then
    pg_catalog.jsonb_build_object('business_id', v_business, 'id', v_from) end);
end
$$;

revoke all on function touchline.prune(text, integer, integer, jsonb, boolean, timestamptz) from public;
grant execute on function touchline.prune(text, integer, integer, jsonb, boolean, timestamptz) to service_role;
