-- Purpose: sets the given keys of a sender account of the business and leaves the others; an id that it does not have yet is a
-- new account, which needs channel and kind. p_account: channel, kind (both for ever), name, from_address, rate_per_hour, settings (as a
-- whole), secret_ciphertext (hex, sealed for this business and id) with secret_key_id, in_use (true: the channel sends through it
-- from the next claim on, instead of another). A pause that ends by itself ends at once.
-- Moves: sender account paused → active
-- Locks: business_dispatch (sender_accounts after it)
-- Raises: TL100 called_as_owner, TL201 not_found, TL202 not_allowed, TL402 invalid_argument (nothing was changed)
create or replace function touchline.set_sender_account(
  p_business_id uuid, p_sender_account_id uuid, p_account jsonb, p_now timestamptz default null) returns void
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_now timestamptz;
  v_given jsonb := p_account - 'settings';
  v_old touchline.sender_accounts;
  v_new touchline.sender_accounts;
  v_table text;
  v_constraint text;
  v_column text;
begin
  perform touchline.require_access(p_business_id, 'own');
  perform touchline.require_business(p_business_id);
  v_now := touchline.current_moment(p_now);
  perform touchline.check_changes('sender_accounts',
    '{channel,kind,name,from_address,rate_per_hour,secret_ciphertext,secret_key_id,in_use}', v_given);
  if p_sender_account_id is null or p_account ? 'secret_ciphertext' <> p_account ? 'secret_key_id'
    or coalesce(p_account ->> 'in_use', 'true') = 'false' then
    raise exception 'A sender account needs an id, a secret its key, and a channel an account in use'
      using errcode = 'TL402', detail = 'Nothing was changed.',
        hint = 'Make a new uuid for a new account; to end the use of one, put another in use or remove it.';
  end if;

  perform touchline.lock_business(p_business_id);
  select a.* into v_old
  from touchline.sender_accounts a
  where a.business_id = p_business_id and a.id = p_sender_account_id
  for no key update;
  if not found and (p_account ->> 'kind' is null or p_account ->> 'channel' is null)
    or v_old.id is not null and (v_old.kind, v_old.channel) is distinct from
      (coalesce(p_account ->> 'kind', v_old.kind), coalesce(p_account ->> 'channel', v_old.channel)) then
    raise exception 'The kind and the channel of a sender account are given once'
      using errcode = 'TL402', detail = 'A new account needs both; of one that is there neither changes. Nothing was changed.',
        hint = 'Add another account and put it in use.';
  end if;
  if v_old.id is null then
    insert into touchline.sender_accounts (business_id, id, channel, kind, name, in_use)
    values (p_business_id, p_sender_account_id, p_account ->> 'channel', p_account ->> 'kind', p_account ->> 'kind', false)
    returning * into v_old;
  end if;
  v_new := pg_catalog.jsonb_populate_record(v_old, v_given - 'secret_ciphertext');
  if p_account ? 'secret_ciphertext' then
    if not coalesce(p_account ->> 'secret_ciphertext' ~ '^([0-9a-f]{2})+$'
      and pg_catalog.length(p_account ->> 'secret_ciphertext') <= 16384, false) then
      perform touchline.refuse_value('sender_accounts', null, 'secret_ciphertext', '{"secret_ciphertext": "that"}', '');
    end if;
    v_new.secret_ciphertext := pg_catalog.decode(p_account ->> 'secret_ciphertext', 'hex');
  end if;
  v_new.settings := coalesce(p_account -> 'settings', v_old.settings);
  perform touchline.check_sender_account(v_new);
  if v_new.in_use and not v_old.in_use then
    update touchline.sender_accounts a
    set in_use = false
    where a.business_id = p_business_id and a.channel = v_old.channel and a.in_use;
  end if;
  if v_old.paused_until is not null then
    v_new.status := 'active';
    v_new.paused_at := null;
    v_new.pause_reason := null;
    v_new.paused_until := null;
    v_new.failures_in_a_row := 0;
  end if;
  update touchline.sender_accounts a
  set name = v_new.name, from_address = v_new.from_address, rate_per_hour = v_new.rate_per_hour, settings = v_new.settings,
    secret_ciphertext = v_new.secret_ciphertext, secret_key_id = v_new.secret_key_id, in_use = v_new.in_use, status = v_new.status,
    paused_at = v_new.paused_at, pause_reason = v_new.pause_reason, paused_until = v_new.paused_until,
    failures_in_a_row = v_new.failures_in_a_row
  where a.business_id = p_business_id and a.id = p_sender_account_id;
  perform touchline.lower_lanes(p_business_id, v_now);
exception when not_null_violation or check_violation then
  get stacked diagnostics v_table = table_name, v_constraint = constraint_name, v_column = column_name;
  perform touchline.refuse_value(v_table, v_constraint, v_column, v_given, '');
  raise;
end
$$;

revoke all on function touchline.set_sender_account(uuid, uuid, jsonb, timestamptz) from public;
grant execute on function touchline.set_sender_account(uuid, uuid, jsonb, timestamptz) to authenticated, service_role, touchline_worker;
