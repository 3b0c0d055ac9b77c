-- Purpose: what outcomes say about sender accounts, not about messages (rules.md 20): an account error pauses the account with the
-- provider's words, for 5 min and twice as long after each further failure (at most 6 h); a rate answer pauses it as long as
-- the provider asks (1 min to 1 h); five unclear answers in a row (ambiguous: time-outs, 5xx) pause it too, since each leaves a
-- message unproved; an acceptance ends the count of failures. The touches wait, no attempt is counted. A pause that a
-- person made keeps its reason and does not end by itself.
-- Moves: sender account active → paused
-- Locks: none of the order (sender_accounts, by id, after everything else)
-- Raises: none
create or replace function touchline.note_account_health(
  p_business_ids uuid[], p_sender_account_ids uuid[], p_outcomes text[], p_words text[], p_retry_after_seconds numeric[],
  p_now timestamptz) returns void
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v record;
begin
  with noted as materialized (
    select o.business_id, o.sender_account_id, pg_catalog.bool_or(o.outcome = 'account_error') as failed,
      pg_catalog.bool_or(o.outcome = 'rate_limited') as limited, pg_catalog.bool_or(o.outcome = 'accepted') as accepted,
      pg_catalog.count(*) filter (where o.outcome = 'ambiguous')::integer as unclear,
      max(o.words) as words, max(o.retry_after) as retry_after
    from unnest(p_business_ids, p_sender_account_ids, p_outcomes, p_words, p_retry_after_seconds)
      o (business_id, sender_account_id, outcome, words, retry_after)
    where o.outcome in ('accepted', 'account_error', 'rate_limited', 'ambiguous')
    group by o.business_id, o.sender_account_id
  ), locked as materialized (
    select a.business_id, a.id, n.failed, n.limited, case when n.accepted then 0 else n.unclear end as unclear, n.accepted, n.words,
      n.retry_after
    from noted n
    join touchline.sender_accounts a on (a.business_id, a.id) = (n.business_id, n.sender_account_id)
    where n.failed or n.limited or n.unclear > 0 or a.failures_in_a_row > 0
    order by a.business_id, a.id
    for no key update of a
  )
  select pg_catalog.array_agg(l.business_id) as businesses, pg_catalog.array_agg(l.id) as ids, pg_catalog.array_agg(l.failed) as failed,
    pg_catalog.array_agg(l.limited) as limited, pg_catalog.array_agg(l.unclear) as unclear,
    pg_catalog.array_agg(l.accepted) as accepted, pg_catalog.array_agg(l.words) as words,
    pg_catalog.array_agg(l.retry_after) as retry_afters
  into v
  from locked l;
  if v.ids is null then
    return;
  end if;

  -- Not in the statement that waited for the locks: it sees accounts as they were before. It would count from an old figure, and ask
  -- once more for a lock of the old row, for which the next worker waits in front of it: a deadlock.
  with judged as (
    select l.*, l.failed or l.limited or l.unclear > 0 and a.failures_in_a_row + l.unclear >= 5 as pauses,
      a.status = 'paused' and a.paused_until is null as is_by_hand,
      case when l.failed then interval '5 minutes' * 2 ^ least(a.failures_in_a_row, 8)
        when not l.limited then interval '5 minutes' * 2 ^ least(greatest(a.failures_in_a_row - 5, 0), 8)
        else pg_catalog.make_interval(secs => least(greatest(coalesce(l.retry_after, 60), 60), 3600)::double precision) end as wait
    from unnest(v.businesses, v.ids, v.failed, v.limited, v.unclear, v.accepted, v.words, v.retry_afters)
      l (business_id, id, failed, limited, unclear, accepted, words, retry_after)
    join touchline.sender_accounts a on (a.business_id, a.id) = (l.business_id, l.id)
  )
  update touchline.sender_accounts a
  set failures_in_a_row = case when j.failed then a.failures_in_a_row + 1 when j.unclear > 0 then a.failures_in_a_row + j.unclear
      when j.limited and not j.accepted then a.failures_in_a_row else 0 end,
    status = case when j.pauses then 'paused' else a.status end,
    paused_at = case when j.pauses then coalesce(a.paused_at, p_now) else a.paused_at end,
    pause_reason = case when j.pauses and not j.is_by_hand
      then pg_catalog.left(coalesce(j.words, case when j.failed then 'account error' when j.limited then 'rate limited'
        else 'no clear answer' end), 500)
      else a.pause_reason end,
    paused_until = case when j.pauses and not j.is_by_hand then p_now + least(j.wait, interval '6 hours') else a.paused_until end
  from judged j
  where (a.business_id, a.id) = (j.business_id, j.id);
end
$$;

revoke all on function touchline.note_account_health(uuid[], uuid[], text[], text[], numeric[], timestamptz) from public;
