-- Purpose: the keyed hash of an address (32 bytes, NMAC with SHA-256): equal for all ways of writing the same one, and of no
-- use to anybody without the keys. p_channel email or sms; p_address as somebody wrote it: an email in any case, a phone with
-- its country code, spaces, dots, dashes and brackets allowed. Null gives null.
-- Whoever hashes many addresses reads the keys once and passes them.
-- Moves: none
-- Locks: none
-- Raises: TL402 invalid_argument (no address of that channel; the message does not repeat it)
create or replace function touchline.address_hash(
  p_channel text, p_address text, p_keys touchline.address_keys default null) returns bytea
language plpgsql stable security definer
set search_path = ''
as $$
declare
  v_address text := touchline.normal_address(p_channel, p_address);
begin
  if p_address is null then
    return null;
  end if;
  if v_address is null then
    raise exception 'This is no address of channel %', p_channel
      using errcode = 'TL402', detail = 'An email address is like name@example.com, a phone number like +12125550100.',
        hint = 'Write a phone number with + and its country code.';
  end if;
  if p_keys is null then
    select k.* into p_keys from touchline.address_keys k;
  end if;
  return pg_catalog.sha256(
    p_keys.outer_key || pg_catalog.sha256(p_keys.inner_key || pg_catalog.convert_to(p_channel || ':' || v_address, 'UTF8')));
end
$$;

revoke all on function touchline.address_hash(text, text, touchline.address_keys) from public;
