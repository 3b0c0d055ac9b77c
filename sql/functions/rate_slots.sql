-- Purpose: how many messages the lane's sender account may hand over now (granted, at most p_wanted), and else when (opens_at).
-- Exact between workers: a limited account's row stays locked until the claim ends; if another claim holds it the answer is 0.
-- Slots are spaced by the hourly rate (every); what was not used for 2 min is lost, so that no burst follows a quiet hour. The
-- claim then writes next_slot_at = slots_from + every × intents written.
-- Moves: sender account paused → active when its pause has run out
-- Locks: none of the order (sender_accounts, SKIP LOCKED)
-- Raises: none
create or replace function touchline.rate_slots(
  p_business_id uuid, p_channel text, p_wanted integer, p_now timestamptz,
  out granted integer, out opens_at timestamptz, out sender_account_id uuid, out kind text, out slots_from timestamptz, out every interval)
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_account touchline.sender_accounts;
begin
  granted := 0;
  select a.* into v_account
  from touchline.sender_accounts a
  where a.business_id = p_business_id and a.channel = p_channel and a.in_use;
  sender_account_id := v_account.id;
  kind := v_account.kind;
  if sender_account_id is null then
    opens_at := 'infinity';
    return;
  end if;
  if v_account.status = 'active' and v_account.rate_per_hour is null then
    granted := p_wanted;
    return;
  end if;

  select a.* into v_account
  from touchline.sender_accounts a
  where a.business_id = p_business_id and a.id = sender_account_id
  for no key update skip locked;
  if v_account.id is null then
    opens_at := p_now + interval '1 second';
    return;
  end if;
  if v_account.status = 'paused' then
    if v_account.paused_until is null or v_account.paused_until > p_now then
      opens_at := coalesce(v_account.paused_until, 'infinity');
      return;
    end if;
    update touchline.sender_accounts a
    set status = 'active', paused_at = null, pause_reason = null, paused_until = null
    where a.business_id = p_business_id and a.id = sender_account_id;
  end if;
  granted := p_wanted;
  if v_account.rate_per_hour is not null then
    every := interval '1 hour' / v_account.rate_per_hour;
    slots_from := greatest(v_account.next_slot_at, p_now - interval '2 minutes');
    granted := case when slots_from > p_now then 0 else least(p_wanted,
      pg_catalog.floor(extract(epoch from p_now - slots_from) / extract(epoch from every))::integer + 1) end;
    opens_at := slots_from;
  end if;
end
$$;

revoke all on function touchline.rate_slots(uuid, text, integer, timestamptz) from public;
