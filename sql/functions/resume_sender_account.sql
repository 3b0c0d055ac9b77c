-- Purpose: touches are claimed through the account again, whoever or whatever paused it; its failures are forgotten.
-- Moves: sender account paused → active
-- Locks: business_dispatch (sender_accounts after it)
-- Raises: TL100 called_as_owner, TL201 not_found, TL202 not_allowed
create or replace function touchline.resume_sender_account(
  p_business_id uuid, p_sender_account_id uuid, p_now timestamptz default null) returns void
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_now timestamptz;
begin
  perform touchline.require_access(p_business_id, 'write');
  perform touchline.require_business(p_business_id);
  v_now := touchline.current_moment(p_now);
  perform touchline.sender_account_of(p_business_id, p_sender_account_id);
  update touchline.sender_accounts a
  set status = 'active', paused_at = null, pause_reason = null, paused_until = null, failures_in_a_row = 0
  where a.business_id = p_business_id and a.id = p_sender_account_id;
  perform touchline.lower_lanes(p_business_id, v_now);
end
$$;

revoke all on function touchline.resume_sender_account(uuid, uuid, timestamptz) from public;
grant execute on function touchline.resume_sender_account(uuid, uuid, timestamptz) to authenticated, service_role, touchline_worker;
