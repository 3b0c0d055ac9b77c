-- Purpose: p_windows are from now on all the windows of a channel (email, sms) of the business. p_windows: a JSON array of
-- objects with iso_weekday (1 Monday to 7 Sunday), opens and closes (times of day in the recipient's zone, like "08:00";
-- closes not later than opens ends on the next day). A weekday that is not named is closed; [] closes the channel.
-- Moves: none
-- Locks: sending_policies
-- Raises: TL100 called_as_owner, TL201 not_found, TL202 not_allowed, TL402 invalid_argument (nothing was changed)
create or replace function touchline.set_sending_windows(p_business_id uuid, p_channel text, p_windows jsonb) returns void
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_number bigint;
  v_window jsonb;
  v_table text;
  v_constraint text;
  v_column text;
begin
  perform touchline.require_access(p_business_id, 'write');
  perform touchline.require_business(p_business_id);
  if p_channel is null or p_channel not in ('email', 'sms') then
    perform touchline.refuse_value('sending_windows', null, 'channel', pg_catalog.jsonb_build_object('channel', p_channel), '');
  end if;
  if pg_catalog.jsonb_typeof(p_windows) is distinct from 'array' then
    raise exception 'A JSON array of windows is needed'
      using errcode = 'TL402', detail = pg_catalog.format('Given: %s. Nothing was changed.', coalesce(pg_catalog.jsonb_typeof(p_windows), 'nothing')),
        hint = 'Write [{"iso_weekday": 1, "opens": "08:00", "closes": "21:00"}, …].';
  end if;
  -- Two callers at once would leave a mixture of both.
  perform from touchline.sending_policies p where p.business_id = p_business_id for no key update;
  delete from touchline.sending_windows w where w.business_id = p_business_id and w.channel = p_channel;
  for v_number, v_window in
    select w.number, w.value from pg_catalog.jsonb_array_elements(p_windows) with ordinality w (value, number)
  loop
    perform touchline.check_changes('sending_windows', '{iso_weekday,opens,closes}', v_window, pg_catalog.format('Window %s: ', v_number));
    insert into touchline.sending_windows (business_id, channel, iso_weekday, opens, closes)
    select p_business_id, p_channel, r.iso_weekday, r.opens, r.closes
    from pg_catalog.jsonb_populate_record(null::touchline.sending_windows, v_window) r;
  end loop;
exception when not_null_violation or check_violation or unique_violation then
  get stacked diagnostics v_table = table_name, v_constraint = constraint_name, v_column = column_name;
  perform touchline.refuse_value(v_table, v_constraint, v_column, v_window, pg_catalog.format('Window %s: ', v_number));
  raise;
end
$$;

revoke all on function touchline.set_sending_windows(uuid, text, jsonb) from public;
grant execute on function touchline.set_sending_windows(uuid, text, jsonb) to authenticated, service_role, touchline_worker;
