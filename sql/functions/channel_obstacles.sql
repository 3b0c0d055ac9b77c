-- Purpose: for each given customer and channel, why a touch could not be sent there as things stand: no_email, no_phone,
-- opted_out, no_consent, suppressed, in the order the claim asks; by_opt_out when the person's own no is behind it. Channels
-- without an obstacle are absent. What is planned is not skipped because of it: only the claim decides.
-- Moves: none
-- Locks: none
-- Raises: none
create or replace function touchline.channel_obstacles(p_business_id uuid, p_customer_ids uuid[])
returns table (customer_id uuid, channel text, reason text, by_opt_out boolean)
language plpgsql stable security definer
set search_path = ''
as $$
declare
  v_keys touchline.address_keys;
  -- Hashing is most of the work: only where there is something to compare with.
  v_suppressing constant text[] := array(
    select c.channel
    from (values ('email'), ('sms')) c (channel)
    where exists (
      select from touchline.suppressions s
      where s.business_id = p_business_id and s.channel = c.channel and s.lifted_at is null));
begin
  select k.* into v_keys from touchline.address_keys k;
  return query
  select o.customer_id, o.channel, o.reason, o.reason = 'opted_out' or coalesce(o.suppressed_for = 'opt_out', false)
  from (
    select a.customer_id, a.channel, s.reason as suppressed_for,
      case
        when a.address is null then case a.channel when 'sms' then 'no_phone' else 'no_email' end
        when a.consent = 'opted_out' then 'opted_out'
        when a.channel = 'sms' and a.consent <> 'opted_in' then 'no_consent'
        when s.reason is not null then 'suppressed'
      end as reason
    from (
      select k.business_id, k.id as customer_id, c.channel, c.address, c.consent
      from touchline.keys_of(p_business_id, p_customer_ids) i
      cross join lateral (
        select x.* from touchline.customers x where (x.business_id, x.id) = (i.business_id, i.id) offset 0) k
      cross join lateral (values
        ('email', k.email, k.email_consent_status),
        ('sms', k.phone, k.sms_consent_status)) c (channel, address, consent)
    ) a
    left join touchline.suppressions s on s.business_id = a.business_id
      and s.channel = a.channel
      and s.address_hash = case when a.channel = any (v_suppressing) then touchline.address_hash(a.channel, a.address, v_keys) end
      and s.lifted_at is null
  ) o
  where o.reason is not null;
end
$$;

revoke all on function touchline.channel_obstacles(uuid, uuid[]) from public;
