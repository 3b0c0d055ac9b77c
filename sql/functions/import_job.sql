-- Purpose: one row of an export of another program, for import_jobs, which holds the customers. Writes the customer and the job by
-- their external ids; with customer_by_job a known job says whose it is. A new job is of source import, and what is completed by
-- an import is decided as imported, so that nobody is enrolled by it. Nothing is written about a person who was erased; nobody is
-- activated again and no opt-out is undone; a job never goes back. p_given is the moment as the outermost caller gave it.
-- Moves: scheduled, cancelled → completed; undecided → imported; consent → opted_in | opted_out; active → stopped
-- Locks: customers, jobs, campaign_enrollments, touch_queue, send_logs
-- Raises: TL201 not_found, TL402 invalid_argument
create or replace function touchline.import_job(
  p_business_id uuid, p_row jsonb, p_given timestamptz, p_now timestamptz) returns jsonb
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_customer jsonb := p_row -> 'customer';
  v_job jsonb;
  v_status text := p_row ->> 'status';
  v_old touchline.jobs;
  v_new touchline.jobs;
  v_before touchline.customers;
  v_after touchline.customers;
begin
  perform touchline.check_changes('jobs', '{external_id,service_type,title,notes,scheduled_for,completed_at}', p_row -> 'job', 'Job: ');
  v_job := touchline.trimmed(p_row -> 'job');
  if v_job ->> 'external_id' is null or v_status is null or v_status not in ('completed', 'scheduled')
    or pg_catalog.jsonb_typeof(v_customer) is distinct from 'object' then
    raise exception 'A row needs a customer, a job with external_id, and a status'
      using errcode = 'TL402', detail = 'Without external_id a row imported twice would be two jobs. Status: completed or scheduled.',
        hint = 'Write it like {"customer": {"external_id": "c1"}, "job": {"external_id": "j1"}, "status": "scheduled"}.';
  end if;
  if v_status = 'completed' and (v_job ->> 'completed_at' is null or (v_job ->> 'completed_at')::timestamptz > p_now + interval '24 hours')
  then
    raise exception 'completed_at is missing or in the future'
      using errcode = 'TL402', detail = pg_catalog.format('Given: %s. Nothing was changed.', coalesce(v_job ->> 'completed_at', 'nothing')),
        hint = 'Give the moment the job was completed; check the order of day and month.';
  end if;

  select j.* into v_old from touchline.jobs j where (j.business_id, j.external_id) = (p_business_id, v_job ->> 'external_id');
  if v_old.id is not null and (p_row ->> 'customer_by_job')::boolean then
    v_customer := (v_customer - 'external_id') || pg_catalog.jsonb_build_object('id', v_old.customer_id);
  end if;
  -- Two statements, so that each goes by its key.
  if v_customer ? 'id' then
    select k.* into v_before from touchline.customers k where (k.business_id, k.id) = (p_business_id, (v_customer ->> 'id')::uuid);
  else
    select k.* into v_before
    from touchline.customers k
    where (k.business_id, k.external_id) = (p_business_id, v_customer ->> 'external_id');
  end if;
  if v_before.status = 'erased' or exists (
    select from touchline.suppressions s
    where s.business_id = p_business_id
      and s.reason = 'customer_erased'
      and s.lifted_at is null
      and ((s.channel, s.address_hash) = ('email', touchline.address_hash('email', v_customer ->> 'email'))
        or (s.channel, s.address_hash) = ('sms', touchline.address_hash('sms', v_customer ->> 'phone')))
  ) then
    return pg_catalog.jsonb_build_object('outcome', 'left_out', 'reason', 'customer_erased');
  end if;

  v_after.id := touchline.save_customer(p_business_id, v_customer);
  if p_row ->> 'sms_consent' is not null then
    perform touchline.save_consent(p_business_id, v_after.id, p_row -> 'sms_consent', p_given);
  end if;
  if p_row ->> 'email_consent' = 'opted_out' and v_customer ->> 'email' is not null
    and v_before.email_consent_status is distinct from 'opted_out' then
    perform touchline.record_opt_out(p_business_id, 'email', v_customer ->> 'email', '{"source": "import"}', p_given);
  end if;

  if v_status = 'completed' then
    v_new.id := (select s.job_id from touchline.save_job(p_business_id, v_after.id,
      v_job || case when v_old.id is null then '{"source": "import"}' else '{}' end::jsonb, p_now) s);
    update touchline.jobs j
    set decision = 'imported', decided_at = p_now
    where j.business_id = p_business_id
      and j.id = v_new.id
      and j.status = 'completed'
      and j.decision is null
      and v_old.status is distinct from 'completed';
  elsif v_old.id is null then
    insert into touchline.jobs (business_id, customer_id, external_id, service_type, title, notes, scheduled_for, source)
    values (p_business_id, v_after.id, v_job ->> 'external_id', coalesce(v_job ->> 'service_type', 'other'), v_job ->> 'title',
      v_job ->> 'notes', (v_job ->> 'scheduled_for')::timestamptz, 'import')
    returning id into v_new.id;
  else
    if v_old.customer_id <> v_after.id then
      raise exception 'Job: it is the job of another customer'
        using errcode = 'TL402', detail = 'A job stays with its customer. Nothing was changed.',
          hint = 'Check the ids of the job and of the customer.';
    end if;
    v_new.id := v_old.id;
    update touchline.jobs j
    set scheduled_for = coalesce((v_job ->> 'scheduled_for')::timestamptz, j.scheduled_for)
    where j.business_id = p_business_id
      and j.id = v_old.id
      and j.status = 'scheduled'
      and j.scheduled_for is distinct from coalesce((v_job ->> 'scheduled_for')::timestamptz, j.scheduled_for);
  end if;

  select k.* into v_after from touchline.customers k where (k.business_id, k.id) = (p_business_id, v_after.id);
  select j.* into v_new from touchline.jobs j where (j.business_id, j.id) = (p_business_id, v_new.id);
  v_before.updated_at := v_after.updated_at;
  v_old.updated_at := case when v_old.id is not null then v_new.updated_at end;
  return pg_catalog.jsonb_build_object(
    'outcome', case
      when v_old.id is null then 'imported'
      when v_old is not distinct from v_new and v_before is not distinct from v_after then 'unchanged'
      else 'updated'
    end,
    'job_id', v_new.id, 'status', v_new.status, 'decision', v_new.decision, 'service_type', v_new.service_type,
    'customer', case when v_before.id is null then 'new' else v_after.status end,
    'sms', case when v_after.phone is null then 'no_phone' else v_after.sms_consent_status end);
end
$$;

revoke all on function touchline.import_job(uuid, jsonb, timestamptz, timestamptz) from public;
