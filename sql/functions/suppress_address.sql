-- Purpose: keeps an address from being written to. While a suppression is in force a weaker reason does not replace a stronger
-- one (an opt-in lifts an opt-out, not a bounce), and an address that an erasure wiped is not written down again.
-- Moves: none
-- Locks: none
-- Raises: none
create or replace function touchline.suppress_address(
  p_business_id uuid, p_channel text, p_address text, p_reason text, p_at timestamptz) returns void
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_weak_to_strong text[] := '{opt_out,manual,bounced,complained,customer_erased}';
begin
  insert into touchline.suppressions as s (business_id, channel, address_hash, address, reason, suppressed_at)
  values (p_business_id, p_channel, touchline.address_hash(p_channel, p_address),
    case when p_reason <> 'customer_erased' then p_address end, p_reason, p_at)
  on conflict (business_id, channel, address_hash) do update
  set address = case when 'customer_erased' not in (s.reason, excluded.reason) then coalesce(s.address, excluded.address) end,
    reason = case
      when s.lifted_at is null
        and pg_catalog.array_position(v_weak_to_strong, s.reason)
          > pg_catalog.array_position(v_weak_to_strong, excluded.reason) then s.reason
      else excluded.reason
    end,
    suppressed_at = case when s.lifted_at is null then s.suppressed_at else excluded.suppressed_at end,
    lifted_at = null;
end
$$;

revoke all on function touchline.suppress_address(uuid, text, text, text, timestamptz) from public;
