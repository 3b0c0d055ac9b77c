-- Purpose: writes down an opt-in or opt-out of an address: locks every customer of the business who has it, by id, then appends
-- one row for each of them, or one without a customer. The first row carries the source's id of the event; an event that is
-- already there is found and nothing is written (is_new false). What happens in the future happened now.
-- Moves: none
-- Locks: customers
-- Raises: TL402 invalid_argument
create or replace function touchline.append_consent_event(
  p_business_id uuid, p_kind text, p_channel text, p_address text, p_details jsonb, p_now timestamptz,
  out event_id uuid, out is_new boolean, out customer_ids uuid[], out occurred_at timestamptz)
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_hash bytea := touchline.address_hash(p_channel, p_address);
  v_email text := case p_channel when 'email' then touchline.normal_address(p_channel, p_address) end;
  v_phone text := case p_channel when 'sms' then touchline.normal_address(p_channel, p_address) end;
  v touchline.consent_events;
begin
  if v_hash is null then
    raise exception 'An address is missing'
      using errcode = 'TL402', detail = 'Consent is given and withdrawn for an address.',
        hint = 'Give an email address or a phone number.';
  end if;
  v := touchline.consent_details(p_details);
  v.source := coalesce(v.source, 'api');

  perform
  from touchline.customers c
  where c.business_id = p_business_id
    and (c.email = v_email or c.phone = v_phone)
  order by c.id
  for no key update;

  -- Read after the locks: they fence the claim, and the order of events is the order in which they were taken.
  select pg_catalog.array_agg(c.id order by c.id) into customer_ids
  from touchline.customers c
  where c.business_id = p_business_id
    and (c.email = v_email or c.phone = v_phone);
  occurred_at := least(coalesce(v.occurred_at, p_now), p_now);

  for i in 1 .. greatest(1, pg_catalog.cardinality(customer_ids)) loop
    insert into touchline.consent_events (business_id, customer_id, channel, kind, scope, source, source_event_id, method,
      consent_form, text_shown, notes, ip, address_hash, recorded_by, occurred_at, recorded_at)
    values (p_business_id, customer_ids[i], p_channel, p_kind, coalesce(v.scope, 'business'), v.source,
      case i when 1 then v.source_event_id end, v.method, v.consent_form, v.text_shown, v.notes, v.ip, v_hash,
      case touchline.acting_role() when 'authenticated' then auth.uid() end, occurred_at, p_now)
    on conflict (business_id, source, source_event_id) do nothing
    returning id into v.id;
    if not found then
      -- Reported before; what is there has committed, whether or not a customer's lock stood between the two.
      select e.id, e.occurred_at into event_id, occurred_at
      from touchline.consent_events e
      where (e.business_id, e.source, e.source_event_id) = (p_business_id, v.source, v.source_event_id);
      is_new := false;
      return;
    end if;
    event_id := coalesce(event_id, v.id);
  end loop;
  is_new := true;
end
$$;

revoke all on function touchline.append_consent_event(uuid, text, text, text, jsonb, timestamptz) from public;
