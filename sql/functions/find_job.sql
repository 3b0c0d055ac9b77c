-- Purpose: the id of the job that the business's own program knows by p_external_id; null where there is none yet.
-- Moves: none
-- Locks: none
-- Raises: TL100 called_as_owner, TL101 isolation_level, TL201 not_found
create or replace function touchline.find_job(p_business_id uuid, p_external_id text) returns uuid
language plpgsql stable security definer
set search_path = ''
as $$
begin
  perform touchline.require_access(p_business_id, 'read');
  return (
    select j.id
    from touchline.jobs j
    where j.business_id = p_business_id
      and j.external_id = pg_catalog.btrim(p_external_id)
  );
end
$$;

revoke all on function touchline.find_job(uuid, text) from public;
grant execute on function touchline.find_job(uuid, text) to authenticated, service_role, touchline_worker;
