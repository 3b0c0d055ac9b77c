-- Purpose: writes a completed job, found by id or by the caller's own external_id, made where the latter is new. Sets the keys of
-- p_job and leaves the others; do_not_send stays what it is. A job completed before keeps its moment unless another one is
-- given, and for good once it led to an enrollment, whose plan counts from it. decides: whether a decision is due now.
-- Moves: jobs.status → completed
-- Locks: jobs (the caller holds the customer)
-- Raises: TL201 not_found, TL402 invalid_argument
create or replace function touchline.save_job(
  p_business_id uuid, p_customer_id uuid, p_job jsonb, p_now timestamptz, out job_id uuid, out decides boolean)
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_row touchline.jobs;
  v_new touchline.jobs;
  v_input jsonb := p_job;
  v_table text;
  v_constraint text;
  v_column text;
begin
  if v_input ->> 'chosen_campaign_id' is not null then
    v_input := '{"campaign_choice": "campaign"}'::jsonb || v_input;
    perform from touchline.campaigns c where (c.business_id, c.id) = (p_business_id, (v_input ->> 'chosen_campaign_id')::uuid);
    if not found then
      raise exception 'There is no such campaign'
        using errcode = 'TL201', detail = 'It does not exist, or belongs to another business.', hint = 'Check the id of the campaign.';
    end if;
  elsif v_input ->> 'campaign_choice' <> 'campaign' then
    v_input := v_input || '{"chosen_campaign_id": null}'::jsonb;
  elsif v_input ? 'chosen_campaign_id' then
    v_input := '{"campaign_choice": "automatic"}'::jsonb || v_input;
  end if;

  job_id := (v_input ->> 'id')::uuid;
  if job_id is null then
    insert into touchline.jobs (business_id, customer_id, external_id)
    values (p_business_id, p_customer_id, v_input ->> 'external_id')
    on conflict (business_id, external_id) do nothing;
    select j.id into job_id
    from touchline.jobs j
    where j.business_id = p_business_id
      and j.external_id = v_input ->> 'external_id';
  end if;
  select j.* into v_row
  from touchline.jobs j
  where j.business_id = p_business_id
    and j.id = job_id
  for no key update;
  if not found then
    raise exception 'There is no such job'
      using errcode = 'TL201', detail = 'It does not exist, or belongs to another business.', hint = 'Check the id of the job.';
  end if;
  if v_row.customer_id <> p_customer_id then
    raise exception 'Job: it is the job of another customer'
      using errcode = 'TL402', detail = 'A job stays with its customer. Nothing was changed.',
        hint = 'Leave the customer out, or give the one whose job it is.';
  end if;

  v_new := pg_catalog.jsonb_populate_record(v_row, v_input - 'id');
  if v_new.completed_at > p_now + interval '1 day' then
    raise exception 'Job: completed_at lies in the future'
      using errcode = 'TL402', detail = 'A job is reported when it is done. Nothing was changed.',
        hint = 'Give the moment at which it was done, with its zone, like 2026-03-01T12:00:00Z.';
  end if;
  v_new.completed_at := case
    when v_row.decision = 'enrolled' and v_row.completed_at is not null then v_row.completed_at
    else coalesce(v_new.completed_at, v_row.completed_at, p_now)
  end;
  v_new.status := case v_row.status when 'do_not_send' then 'do_not_send' else 'completed' end;
  if v_new is distinct from v_row then
    update touchline.jobs j
    set external_id = v_new.external_id, service_type = v_new.service_type, title = v_new.title, notes = v_new.notes,
      scheduled_for = v_new.scheduled_for, completed_at = v_new.completed_at, status = v_new.status, source = v_new.source,
      campaign_choice = v_new.campaign_choice, chosen_campaign_id = v_new.chosen_campaign_id
    where j.business_id = p_business_id
      and j.id = job_id;
  end if;
  decides := v_row.status <> 'completed' or v_row.decision is null;
exception when datetime_field_overflow or invalid_datetime_format then
  raise exception 'Job: there is no such moment'
    using errcode = 'TL402', detail = sqlerrm, hint = 'Write it like 2026-03-01T12:00:00Z.';
when not_null_violation or foreign_key_violation or check_violation or unique_violation then
  get stacked diagnostics v_table = table_name, v_constraint = constraint_name, v_column = column_name;
  perform touchline.refuse_value(v_table, v_constraint, v_column, v_input, 'Job: ');
  raise;
end
$$;

revoke all on function touchline.save_job(uuid, uuid, jsonb, timestamptz) from public;
