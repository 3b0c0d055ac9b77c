-- Purpose: where this database lives, as the server itself sees it, so that all its workers agree: the cluster, the database in it, the
-- timeline of its log, and the place (machine, data folder, port; what the owner may not read is left out). A dump that is
-- restored, and a copy made as a template, have another cluster or number; a copy of the files has another place.
-- Moves: none
-- Locks: none
-- Raises: none
create or replace function touchline.server_identity(
  out system_identifier text, out database_oid bigint, out timeline bigint, out location text)
language plpgsql stable security definer
set search_path = ''
as $$
declare
  v_machine text;
begin
  select s.system_identifier::text into system_identifier from pg_catalog.pg_control_system() s;
  select d.oid::bigint into database_oid from pg_catalog.pg_database d where d.datname = pg_catalog.current_database();
  -- Not that of the last checkpoint, which comes some time after a server was promoted.
  timeline := ('x' || pg_catalog.left(pg_catalog.pg_walfile_name(pg_catalog.pg_current_wal_lsn()), 8))::bit(32)::bigint;
  begin
    v_machine := pg_catalog.btrim(pg_catalog.pg_read_file('/etc/machine-id', 0, 100, true), E' \n');
  exception when others then
    v_machine := null;
  end;
  begin
    location := pg_catalog.concat_ws(' ', v_machine, pg_catalog.current_setting('data_directory'));
  exception when insufficient_privilege then
    location := coalesce(v_machine, '');
  end;
end
$$;

revoke all on function touchline.server_identity() from public;
