-- Purpose: an address as customers keep it: an email trimmed and in lower case, a phone number without spaces, dots, dashes and
-- brackets. Null for what is no address of the channel.
-- Moves: none
-- Locks: none
-- Raises: none
create or replace function touchline.normal_address(p_channel text, p_address text) returns text
language plpgsql immutable parallel safe
set search_path = ''
as $$
declare
  v_address text := case p_channel
    when 'email' then pg_catalog.lower(pg_catalog.btrim(p_address))
    when 'sms' then pg_catalog.regexp_replace(p_address, '[\s().-]', '', 'g') end;
begin
  return case
    when v_address ~ case p_channel when 'email' then '^[^\s@<>",;]+@[^\s@<>",;]+$' else '^\+[1-9][0-9]{6,14}$' end then v_address end;
end
$$;

revoke all on function touchline.normal_address(text, text) from public;
