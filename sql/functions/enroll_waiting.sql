-- Purpose: part of every tick: decides jobs that were completed in any other way than by complete_job, or whose enrolling failed
-- then, and decides queued jobs anew. What cannot be decided because of an error stays undecided for the next tick, with a
-- warning in the server's log; it stops neither its business's other jobs nor other businesses. Answers how many it decided.
-- Moves: undecided, queued → enrolled | queued | conflict | refused; none → active; active → stopped
-- Locks: business_dispatch (last, SKIP LOCKED), customers, jobs (both SKIP LOCKED), campaign_enrollments, touch_queue, send_logs
-- Raises: TL100 called_as_owner, TL101 isolation_level, TL102 clock_refused, TL402 invalid_argument
create or replace function touchline.enroll_waiting(p_limit integer default 500, p_now timestamptz default null) returns integer
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_now timestamptz;
  v_batch record;
  v_job_id uuid;
  v_decided integer := 0;
begin
  perform touchline.require_worker();
  v_now := touchline.current_moment(p_now);
  if p_limit is null or p_limit not between 1 and 10000 then
    raise exception 'One pass decides 1 to 10000 jobs'
      using errcode = 'TL402', detail = pg_catalog.format('Got limit %L.', p_limit), hint = 'Leave the limit out for 500.';
  end if;

  for v_batch in select w.business_id, w.job_ids from touchline.waiting_jobs(p_limit, v_now) w loop
    begin
      v_decided := v_decided + touchline.enroll_free_jobs(v_batch.business_id, v_batch.job_ids, v_now);
    exception when others then
      -- Nothing of the batch was kept. One by one, so that only the job that cannot be decided is left.
      foreach v_job_id in array v_batch.job_ids loop
        begin
          v_decided := v_decided + touchline.enroll_free_jobs(v_batch.business_id, array[v_job_id], v_now);
        exception when others then
          raise warning 'job % of business % stays undecided: % %', v_job_id, v_batch.business_id, sqlstate, sqlerrm;
        end;
      end loop;
    end;
  end loop;
  return v_decided;
end
$$;

revoke all on function touchline.enroll_waiting(integer, timestamptz) from public;
grant execute on function touchline.enroll_waiting(integer, timestamptz) to touchline_worker, service_role;
