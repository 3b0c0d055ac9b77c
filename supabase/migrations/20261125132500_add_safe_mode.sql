-- Whether this database still is the one its workers know: a restored backup and a copy do not know what was sent since. The
-- installation remembers where it lives and how far it has come; a database that finds itself elsewhere, or behind what a worker
-- remembers, sends nothing until somebody has looked (safe mode).
set lock_timeout = '4s';

alter table touchline.installation
  add column id uuid not null default gen_random_uuid(),
  add column system_identifier text,
  add column database_oid bigint,
  add column location text,
  add column timeline bigint,
  add column generation bigint not null default 0,
  add column heartbeat_at timestamptz,
  add column safe_mode_at timestamptz,
  add column safe_mode_reason text,
  add column doubts_since timestamptz,
  add constraint installation_safe_mode check ((safe_mode_at is null) = (safe_mode_reason is null));

-- An attempt of which this database knows nothing, and which may have been made in the time that it lost.
alter table touchline.send_attempts add column is_assumed boolean not null default false;
