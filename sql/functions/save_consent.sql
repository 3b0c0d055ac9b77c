-- Purpose: the SMS consent that came with a completed job, p_consent: {"status": "opted_in" | "opted_out", …details as in
-- record_opt_in}. It is recorded where nothing was known, and never undoes an opt-out, of this customer or of the number: a list
-- that somebody kept does not know who answered STOP since. An opt-out is always recorded. The caller holds the customers;
-- p_now is passed on as the caller's caller gave it.
-- Moves: consent → opted_in | opted_out; active → stopped
-- Locks: customers, campaign_enrollments, touch_queue, send_logs
-- Raises: TL402 invalid_argument
create or replace function touchline.save_consent(p_business_id uuid, p_customer_id uuid, p_consent jsonb, p_now timestamptz)
returns void
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_customer touchline.customers;
  v_status text := case pg_catalog.jsonb_typeof(p_consent) when 'object' then p_consent ->> 'status' end;
begin
  if v_status is null or v_status not in ('opted_in', 'opted_out') then
    raise exception 'Customer: sms_consent needs a status'
      using errcode = 'TL402', detail = 'Allowed: an object with status opted_in or opted_out. Nothing was changed.',
        hint = 'Leave sms_consent out where nothing is known.';
  end if;
  v_customer := touchline.lock_customer(p_business_id, p_customer_id);
  if v_customer.phone is null or v_customer.status = 'erased' or v_customer.sms_consent_status = v_status then
    return;
  end if;
  if v_status = 'opted_out' then
    perform touchline.record_opt_out(p_business_id, 'sms', v_customer.phone, p_consent - 'status', p_now);
  elsif v_customer.sms_consent_status = 'unknown' and not exists (
    select from touchline.suppressions s
    where (s.business_id, s.channel, s.address_hash) = (p_business_id, 'sms', touchline.address_hash('sms', v_customer.phone))
      and s.lifted_at is null
  ) then
    perform touchline.record_opt_in(p_business_id, 'sms', v_customer.phone, p_consent - 'status', p_now);
  end if;
end
$$;

revoke all on function touchline.save_consent(uuid, uuid, jsonb, timestamptz) from public;
