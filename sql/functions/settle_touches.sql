-- Purpose: a worker says what became of the intents it was given. p_outcomes is a jsonb array, one element per attempt:
-- {business_id, send_log_id, attempt, outcome, provider, provider_id, error_code, error_message, retry_after_seconds}; outcome is
-- accepted, rejected (the message, for good), retry (the message, for now), rate_limited, account_error, ambiguous, not_started
-- (needs the claim's own p_claim_id), template_error or absent (evidence from a look-up). A text rejected as opted_out
-- is an opt-out of its number. Returns the messages whose state changed; settling twice returns none the second time.
-- Moves: sending, unknown, held → sent | failed | pending | unknown | cancelled; active → completed
-- Locks: customers (only where a number was refused), campaign_enrollments, touch_queue, send_logs; business_dispatch last (SKIP LOCKED)
-- Raises: TL100 called_as_owner, TL101 isolation_level, TL102 clock_refused, TL402 invalid_argument
create or replace function touchline.settle_touches(p_claim_id uuid, p_outcomes jsonb, p_now timestamptz default null)
returns table (business_id uuid, send_log_id uuid, state text)
language plpgsql volatile security definer
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set jit = off
as $$
declare
  v_wrong jsonb;
begin
  perform touchline.require_worker();
  if pg_catalog.jsonb_typeof(p_outcomes) is distinct from 'array' then
    raise exception 'Outcomes must be a JSON array'
      using errcode = 'TL402', detail = pg_catalog.format('Got %s.', coalesce(pg_catalog.jsonb_typeof(p_outcomes), 'nothing')),
        hint = 'Give one object per attempt: business_id, send_log_id, attempt, outcome.';
  end if;
  select o.value into v_wrong
  from pg_catalog.jsonb_array_elements(p_outcomes) o (value)
  where not coalesce(o.value ->> 'outcome' in ('accepted', 'rejected', 'retry', 'rate_limited', 'account_error', 'ambiguous',
    'not_started', 'template_error', 'absent')
    and (o.value ->> 'send_log_id', o.value ->> 'business_id', o.value ->> 'attempt') is not null, false)
  limit 1;
  if v_wrong is not null then
    raise exception 'An outcome is not one a worker may report'
      using errcode = 'TL402', detail = pg_catalog.format('Outcome %s of message %s.', v_wrong ->> 'outcome', v_wrong ->> 'send_log_id'),
        hint = 'Use accepted, rejected, retry, rate_limited, account_error, ambiguous, not_started, template_error or absent, with business_id, send_log_id and attempt.';
  end if;
  if p_outcomes @> '[{"outcome": "rejected", "error_code": "opted_out"}]' then
    perform touchline.record_refused_numbers(p_outcomes, p_now);
  end if;
  return query select a.* from touchline.apply_outcomes(p_claim_id, p_outcomes, touchline.current_moment(p_now)) a;
end
$$;

revoke all on function touchline.settle_touches(uuid, jsonb, timestamptz) from public;
grant execute on function touchline.settle_touches(uuid, jsonb, timestamptz) to touchline_worker, service_role;
