-- Purpose: a sender account makes sense as a whole: its kind sends on its channel, its address is one of the channel, and its settings
-- are those of its kind. Settings are named and never quoted: somebody may have put a secret there.
-- Moves: none
-- Locks: none
-- Raises: TL402 invalid_argument
create or replace function touchline.check_sender_account(p_account touchline.sender_accounts) returns void
language plpgsql immutable
set search_path = ''
as $$
declare
  v_known text[] := case p_account.kind
    when 'smtp' then '{host,port,secure,user}'
    when 'twilio' then '{account_sid,messaging_service_sid}'
    else '{}' end;
  v_needed text := case p_account.kind when 'smtp' then 'host' when 'twilio' then 'account_sid' end;
  v_wrong text;
begin
  if (p_account.kind, p_account.channel) in (('smtp', 'sms'), ('resend', 'sms'), ('twilio', 'email')) then
    raise exception '% does not send %', p_account.kind, case p_account.channel when 'sms' then 'SMS' else 'email' end
      using errcode = 'TL402', detail = 'smtp and resend send email, twilio sends SMS. Nothing was changed.',
        hint = 'Give another kind or another channel.';
  end if;
  if p_account.channel = 'email' and p_account.from_address !~ '^[^[:space:][:cntrl:]<>,@]+@[A-Za-z0-9.-]+$'
    or p_account.channel = 'sms' and p_account.from_address !~ '^(\+[1-9][0-9]{6,14}|[0-9]{3,8}|[A-Za-z0-9 ]{1,11})$' then
    perform touchline.refuse_value('sender_accounts', null, 'from_address',
      pg_catalog.jsonb_build_object('from_address', p_account.from_address), '');
  end if;
  if pg_catalog.jsonb_typeof(p_account.settings) <> 'object' then
    v_wrong := 'settings';
  else
    select s.key into v_wrong
    from pg_catalog.jsonb_each(p_account.settings) s
    where s.key <> all (v_known)
      or not case s.key
        when 'host' then s.value #>> '{}' ~ '^[A-Za-z0-9.:-]{1,253}$'
        when 'port' then s.value #>> '{}' in ('25', '465', '587', '2525')
        when 'secure' then s.value #>> '{}' in ('true', 'false')
        when 'user' then pg_catalog.length(s.value #>> '{}') between 1 and 320
        when 'account_sid' then s.value #>> '{}' ~ '^AC[0-9a-fA-F]{32}$'
        else s.value #>> '{}' ~ '^MG[0-9a-fA-F]{32}$'
      end
    order by s.key
    limit 1;
    if v_wrong is null and v_needed is not null and not p_account.settings ? v_needed then
      v_wrong := v_needed;
    end if;
  end if;
  if v_wrong is not null then
    raise exception 'The setting % of kind % is missing, unknown or not allowed', v_wrong, p_account.kind
      using errcode = 'TL402', detail = 'smtp: host, port (25, 465, 587, 2525), secure, user; twilio: account_sid, '
        'messaging_service_sid; the others have none. Nothing was changed.',
        hint = 'A password, key or token is no setting: it is kept encrypted.';
  end if;
end
$$;

revoke all on function touchline.check_sender_account(touchline.sender_accounts) from public;
