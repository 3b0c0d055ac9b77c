-- Purpose: those rows of an import that are simply new, all at once, for import_jobs: the customer and the job are unknown, each
-- named once in p_rows, with the usual keys and nothing to weigh: nobody erased, no opt-out, and an opt-in only of a number that
-- nobody has and nothing is known about. What becomes of them is what import_job would make of them, in a tenth of its time.
-- Whatever is wrong with one row is raised, and the caller takes all of them one by one.
-- Moves: none → completed | scheduled; consent → opted_in
-- Locks: customers, jobs
-- Raises: none of its own
create or replace function touchline.import_new_rows(p_business_id uuid, p_rows jsonb, p_now timestamptz)
returns table (place bigint, answer jsonb)
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_keys touchline.address_keys;
  v_rows jsonb;
  v_by uuid := case touchline.acting_role() when 'authenticated' then auth.uid() end;
begin
  select k.* into v_keys from touchline.address_keys k;
  -- Materialized: otherwise each use below trims anew.
  with given as materialized (
    select r.ordinality as place, r.value ->> 'status' as status, touchline.trimmed(r.value -> 'customer') as customer,
      touchline.trimmed(r.value -> 'job') as job, nullif(r.value -> 'sms_consent', 'null') as consent
    from pg_catalog.jsonb_array_elements(p_rows) with ordinality r
    where r.value ->> 'status' in ('completed', 'scheduled')
      and pg_catalog.jsonb_typeof(r.value -> 'customer') = 'object'
      and pg_catalog.jsonb_typeof(r.value -> 'job') = 'object'
      and not r.value @? '$.*.* ? (@.type() != "string")'
      and (r.value -> 'customer') - '{external_id,first_name,last_name,email,phone,country,state,time_zone}'::text[] = '{}'
      and (r.value -> 'job') - '{external_id,service_type,title,scheduled_for,completed_at}'::text[] = '{}'
      and r.value ->> 'email_consent' is null
  ), read as materialized (
    select g.place, g.status, g.job, g.consent, g.customer || pg_catalog.jsonb_strip_nulls(pg_catalog.jsonb_build_object(
        'email', touchline.normal_address('email', g.customer ->> 'email'),
        'phone', touchline.normal_address('sms', g.customer ->> 'phone'),
        'country', pg_catalog.upper(g.customer ->> 'country'), 'state', pg_catalog.upper(g.customer ->> 'state'))) as customer
    from given g
    where g.customer ->> 'external_id' is not null
      and g.job ->> 'external_id' is not null
  ), told as materialized (
    select r.place, r.status, r.job, r.customer, case when r.customer ->> 'phone' is not null then r.consent end as consent,
      touchline.address_hash('email', r.customer ->> 'email', v_keys) as email_hash,
      touchline.address_hash('sms', r.customer ->> 'phone', v_keys) as phone_hash,
      pg_catalog.count(*) over (partition by r.customer ->> 'external_id') as customer_rows,
      pg_catalog.count(*) over (partition by r.job ->> 'external_id') as job_rows,
      pg_catalog.count(*) over (partition by r.customer ->> 'phone') as phone_rows
    from read r
  ), spoken_for as materialized (
    -- Numbers of which something is known already, one way or another: consent of theirs has to be weighed.
    select t.phone_hash
    from told t
    where t.consent is not null
      and (t.consent ->> 'status' is distinct from 'opted_in'
        or t.phone_rows > 1
        or t.consent - '{status,source,notes,method,occurred_at}'::text[] <> '{}'
        or exists (select from touchline.customers k where (k.business_id, k.phone) = (p_business_id, t.customer ->> 'phone'))
        or exists (
          select from touchline.consent_events e
          where (e.business_id, e.channel, e.address_hash) = (p_business_id, 'sms', t.phone_hash))
        or exists (
          select from touchline.suppressions s
          where (s.business_id, s.channel, s.address_hash) = (p_business_id, 'sms', t.phone_hash)
            and s.lifted_at is null))
  )
  select coalesce(pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object('place', t.place, 'status', t.status, 'job', t.job,
    'customer', t.customer, 'consent', t.consent) order by t.customer ->> 'external_id'), '[]')
  into v_rows
  from told t
  where t.customer_rows = 1
    and t.job_rows = 1
    and case t.status
      when 'completed' then (t.job ->> 'completed_at')::timestamptz <= p_now + interval '24 hours'
      else t.job ->> 'completed_at' is null
    end
    and (t.consent is null or t.phone_hash not in (select o.phone_hash from spoken_for o))
    and not exists (
      select from touchline.suppressions s
      where s.business_id = p_business_id
        and s.reason = 'customer_erased'
        and s.lifted_at is null
        and ((s.channel, s.address_hash) = ('email', t.email_hash) or (s.channel, s.address_hash) = ('sms', t.phone_hash)));

  with made as (
    insert into touchline.customers (business_id, external_id, first_name, last_name, email, phone, country, state, time_zone,
      time_zone_source, sms_consent_status, sms_consent_at)
    select p_business_id, c.*, case when c.time_zone is not null then 'explicit' end,
      coalesce(r #>> '{consent,status}', 'unknown'),
      case when r #>> '{consent,status}' is not null then
        least(coalesce((r #>> '{consent,occurred_at}')::timestamptz, p_now), p_now) end
    from pg_catalog.jsonb_array_elements(v_rows) r
    cross join pg_catalog.jsonb_to_record(r -> 'customer') c (external_id text, first_name text, last_name text, email text,
      phone text, country text, state text, time_zone text)
    on conflict (business_id, external_id) do nothing
    returning id, external_id, phone, sms_consent_status, sms_consent_at
  )
  select coalesce(pg_catalog.jsonb_agg(r || pg_catalog.jsonb_build_object('id', m.id, 'phone', m.phone, 'sms', m.sms_consent_status,
    'sms_at', m.sms_consent_at) order by m.id), '[]')
  into v_rows
  from made m
  join pg_catalog.jsonb_array_elements(v_rows) r on r #>> '{customer,external_id}' = m.external_id;

  insert into touchline.consent_events (business_id, customer_id, channel, kind, source, method, notes, address_hash, recorded_by,
    occurred_at, recorded_at)
  select p_business_id, (r ->> 'id')::uuid, 'sms', 'opt_in', coalesce(r #>> '{consent,source}', 'api'), r #>> '{consent,method}',
    r #>> '{consent,notes}', touchline.address_hash('sms', r ->> 'phone', v_keys), v_by, (r ->> 'sms_at')::timestamptz, p_now
  from pg_catalog.jsonb_array_elements(v_rows) r
  where r ->> 'sms_at' is not null;

  -- A job that is known already fails here: then its row is about somebody else's job.
  return query
  with made as (
    insert into touchline.jobs (business_id, customer_id, external_id, service_type, title, scheduled_for, completed_at, status,
      source, decision, decided_at)
    select p_business_id, (r ->> 'id')::uuid, j.external_id, coalesce(j.service_type, 'other'), j.title, j.scheduled_for,
      j.completed_at, s.status, 'import', case s.status when 'completed' then 'imported' end,
      case s.status when 'completed' then p_now end
    from pg_catalog.jsonb_array_elements(v_rows) r
    cross join pg_catalog.jsonb_to_record(r -> 'job') j (external_id text, service_type text, title text,
      scheduled_for timestamptz, completed_at timestamptz)
    cross join lateral (select r ->> 'status' as status) s
    returning id, customer_id, status, decision, service_type
  )
  select (r ->> 'place')::bigint, pg_catalog.jsonb_build_object('outcome', 'imported', 'job_id', m.id, 'status', m.status,
    'decision', m.decision, 'service_type', m.service_type, 'customer', 'new',
    'sms', case when r ->> 'phone' is null then 'no_phone' else r ->> 'sms' end)
  from made m
  join pg_catalog.jsonb_array_elements(v_rows) r on (r ->> 'id')::uuid = m.customer_id;
end
$$;

revoke all on function touchline.import_new_rows(uuid, jsonb, timestamptz) from public;
