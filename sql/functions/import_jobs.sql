-- Purpose: rows of an export of another program, at most 1000 a call: [{line, status, customer, job, customer_by_job?, sms_consent?,
-- email_consent?}]. Simply new ones are written together (import_new_rows), the others each for itself (import_job); one that
-- cannot be is answered as rejected, with what, why and how to fix it, and the others stand. Importing again changes nothing.
-- Nobody is enrolled (enroll_completed does that when asked). Answers in the order given:
-- [{line, outcome: imported | updated | unchanged | left_out | rejected, …}].
-- Moves: scheduled, cancelled → completed; undecided → imported; consent → opted_in | opted_out; active → stopped
-- Locks: customers, jobs, campaign_enrollments, touch_queue, send_logs
-- Raises: TL100 called_as_owner, TL101 isolation_level, TL102 clock_refused, TL201 not_found, TL202 not_allowed,
-- TL402 invalid_argument
create or replace function touchline.import_jobs(p_business_id uuid, p_rows jsonb, p_now timestamptz default null) returns jsonb
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_now timestamptz;
  v_row record;
  v_answer jsonb;
  v_answers jsonb[] := '{}';
  v_done bigint[] := '{}';
  v_what text;
  v_why text;
  v_fix text;
begin
  perform touchline.require_access(p_business_id, 'write');
  v_now := touchline.current_moment(p_now);
  perform touchline.require_business(p_business_id);
  if pg_catalog.jsonb_typeof(p_rows) is distinct from 'array' or pg_catalog.jsonb_array_length(p_rows) > 1000 then
    raise exception 'Rows are an array of at most 1000'
      using errcode = 'TL402', detail = 'Longer ones would hold their locks for too long. Nothing was changed.',
        hint = 'Import a longer file in parts.';
  end if;

  -- All customers in the one order of locks; the loop below finds them locked, and makes new ones in the order of their ids.
  perform
  from touchline.customers k
  where k.business_id = p_business_id
    and (k.external_id = any (array(select r #>> '{customer,external_id}' from pg_catalog.jsonb_array_elements(p_rows) r))
      or k.phone = any (array(select touchline.normal_address('sms', r #>> '{customer,phone}')
        from pg_catalog.jsonb_array_elements(p_rows) r))
      or k.email = any (array(select touchline.normal_address('email', r #>> '{customer,email}')
        from pg_catalog.jsonb_array_elements(p_rows) r))
      or k.id = any (array(
        select j.customer_id
        from touchline.jobs j
        where j.business_id = p_business_id
          and j.external_id = any (array(select r #>> '{job,external_id}' from pg_catalog.jsonb_array_elements(p_rows) r)))))
  order by k.id
  for no key update;

  begin
    select pg_catalog.array_agg(n.place),
      pg_catalog.array_agg(pg_catalog.jsonb_build_object('line', p_rows -> (n.place::integer - 1) -> 'line', 'place', n.place) || n.answer)
    into v_done, v_answers
    from touchline.import_new_rows(p_business_id, p_rows, v_now) n;
  exception when sqlstate 'TL201' or sqlstate 'TL402' or data_exception or integrity_constraint_violation then
    -- One row is not as it should be, and which one shows below, where each stands for itself.
    null;
  end;
  v_done := coalesce(v_done, '{}');
  v_answers := coalesce(v_answers, '{}');

  for v_row in
    select r.value, r.ordinality as place
    from pg_catalog.jsonb_array_elements(p_rows) with ordinality r
    where r.ordinality <> all (v_done)
    order by r.value #>> '{customer,external_id}', r.ordinality
  loop
    begin
      v_answer := touchline.import_job(p_business_id, v_row.value, p_now, v_now);
    exception when sqlstate 'TL201' or sqlstate 'TL402' or data_exception or integrity_constraint_violation then
      get stacked diagnostics v_what = message_text, v_why = pg_exception_detail, v_fix = pg_exception_hint;
      v_answer := pg_catalog.jsonb_build_object('outcome', 'rejected', 'what', v_what,
        'why', case when sqlstate like 'TL%' then v_why else '' end,
        'fix', case when sqlstate like 'TL%' then v_fix else 'Correct the value.' end);
    end;
    v_answers := v_answers
      || (pg_catalog.jsonb_build_object('line', v_row.value -> 'line', 'place', v_row.place) || v_answer);
  end loop;
  return (
    select coalesce(pg_catalog.jsonb_agg(a.value - 'place' order by (a.value ->> 'place')::integer), '[]')
    from unnest(v_answers) a (value));
end
$$;

revoke all on function touchline.import_jobs(uuid, jsonb, timestamptz) from public;
grant execute on function touchline.import_jobs(uuid, jsonb, timestamptz) to authenticated, service_role, touchline_worker;
