-- Purpose: nothing is claimed through the account any more until a person resumes it; the touches wait. Its reason stays where
-- it was paused already, and from now on it does not end by itself.
-- Moves: sender account active → paused
-- Locks: business_dispatch (sender_accounts after it)
-- Raises: TL100 called_as_owner, TL201 not_found, TL202 not_allowed
create or replace function touchline.pause_sender_account(
  p_business_id uuid, p_sender_account_id uuid, p_reason text default null, p_now timestamptz default null) returns void
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
  set status = 'paused', paused_at = coalesce(a.paused_at, v_now), paused_until = null,
    pause_reason = pg_catalog.left(coalesce(nullif(trim(p_reason), ''), a.pause_reason, 'paused by hand'), 500)
  where a.business_id = p_business_id and a.id = p_sender_account_id;
end
$$;

revoke all on function touchline.pause_sender_account(uuid, uuid, text, timestamptz) from public;
grant execute on function touchline.pause_sender_account(uuid, uuid, text, timestamptz) to authenticated, service_role, touchline_worker;
