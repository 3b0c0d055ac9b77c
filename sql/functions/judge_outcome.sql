-- Purpose: the one table of what an outcome does to an intent: its next state, or null when nothing changes. Acceptance wins from
-- every state; everything else acts only on the current attempt. p_attempts are the counted ones before this outcome.
-- Moves: none (says sending, unknown, held → sent | retry | failed | unknown | held | presumed_sent | cancelled)
-- Locks: none
-- Raises: none
create or replace function touchline.judge_outcome(
  p_outcome text, p_state text, p_is_current boolean, p_same_claim boolean, p_attempts integer, p_max_attempts integer,
  p_stopped boolean) returns text
language plpgsql immutable
set search_path = ''
as $$
declare
  v_again text := case when p_stopped then 'cancelled' else 'retry' end;
begin
  return case
    when p_outcome = 'accepted' then nullif('sent', p_state)
    when not p_is_current then null
    when p_outcome in ('rejected', 'template_error') and p_state in ('sending', 'unknown') then 'failed'
    when p_outcome = 'retry' and p_state in ('sending', 'unknown') or p_outcome = 'absent' and p_state in ('unknown', 'held') then
      case when not p_stopped and p_attempts + 1 >= p_max_attempts then 'failed' else v_again end
    when p_outcome in ('rate_limited', 'account_error') and p_state in ('sending', 'unknown') then v_again
    when p_outcome = 'not_started' and p_same_claim and p_state in ('sending', 'unknown') then v_again
    when p_outcome = 'ambiguous' and p_state = 'sending' then 'unknown'
    when p_outcome = 'presumed_sent' and p_state = 'unknown' then 'presumed_sent'
    when p_outcome = 'hold' and p_state = 'unknown' then 'held'
    when p_outcome = 'skip' and p_state in ('unknown', 'held') then 'cancelled'
    when p_outcome = 'resend' and p_state in ('unknown', 'held') then v_again
    when p_outcome = 'resend_once' and p_state = 'unknown' then case when p_attempts = 0 then v_again else 'presumed_sent' end
  end;
end
$$;

revoke all on function touchline.judge_outcome(text, text, boolean, boolean, integer, integer, boolean) from public;
