-- Purpose: a program may act for the business from now on with the key whose SHA-256 is p_key_hash; gives the id of the key. The key
-- itself is never here: p_key_prefix and p_last4 are what people recognise it by.
-- Moves: none
-- Locks: none
-- Raises: TL100 called_as_owner, TL101 isolation_level, TL102 clock_refused, TL201 not_found, TL202 not_allowed,
-- TL402 invalid_argument
create or replace function touchline.add_api_key(
  p_business_id uuid, p_name text, p_key_hash bytea, p_key_prefix text, p_last4 text, p_scopes text[],
  p_now timestamptz default null) returns uuid
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_now timestamptz;
  v_id uuid;
begin
  perform touchline.require_access(p_business_id, 'own');
  v_now := touchline.current_moment(p_now);
  perform touchline.require_business(p_business_id);
  if p_name is null or pg_catalog.length(pg_catalog.btrim(p_name)) not between 1 and 100 then
    raise exception 'The key needs a name'
      using errcode = 'TL402', detail = 'Allowed: 1 to 100 characters. Nothing was changed.', hint = 'Name the program that will use it.';
  end if;
  if p_scopes is null or pg_catalog.cardinality(p_scopes) = 0 or not p_scopes <@ '{read,write,events}'::text[] then
    raise exception 'The key cannot have these scopes'
      using errcode = 'TL402', detail = 'Allowed: one or more of read, write and events. Nothing was changed.',
        hint = 'Give read for looking and write for reporting jobs.';
  end if;
  if p_key_hash is null or pg_catalog.length(p_key_hash) <> 32 or p_last4 is null or pg_catalog.length(p_last4) <> 4
    or p_key_prefix is null then
    raise exception 'The key is not described'
      using errcode = 'TL402', detail = 'Needed: its SHA-256 (32 bytes), its prefix and its last four characters. Nothing was changed.',
        hint = 'touchline keys create makes a key and describes it.';
  end if;
  insert into touchline.api_keys (business_id, name, key_prefix, last4, key_hash, scopes, created_by, created_at)
  values (p_business_id, pg_catalog.btrim(p_name), p_key_prefix, p_last4, p_key_hash,
    array(select distinct s from pg_catalog.unnest(p_scopes) s order by s),
    case touchline.acting_role() when 'authenticated' then (select auth.uid()) end, v_now)
  returning id into v_id;
  return v_id;
end
$$;

revoke all on function touchline.add_api_key(uuid, text, bytea, text, text, text[], timestamptz) from public;
grant execute on function touchline.add_api_key(uuid, text, bytea, text, text, text[], timestamptz)
to authenticated, service_role, touchline_worker;
