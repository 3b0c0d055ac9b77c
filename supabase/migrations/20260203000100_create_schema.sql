-- The ground: schema, the worker's role, ids, clock mark, time zones. Functions that table definitions need live in
-- migrations; everything else is in sql/ and re-applied by checksum.
set lock_timeout = '4s';

create schema if not exists touchline;
revoke all on schema touchline from public;
alter default privileges in schema touchline revoke execute on functions from public;

-- Cluster-wide, so another database's migration may be creating it at this very moment.
do $$
begin
  if not exists (select from pg_catalog.pg_roles where rolname = 'touchline_worker') then
    create role touchline_worker nologin;
  end if;
exception when duplicate_object or unique_violation then null;
end $$;

do $$
begin
  if pg_catalog.current_setting('server_version_num')::int >= 160000 then
    execute pg_catalog.format('grant touchline_worker to %I with set true', current_user);
  else
    execute pg_catalog.format('grant touchline_worker to %I', current_user);
  end if;
end $$;

grant usage on schema touchline to authenticated, service_role, touchline_worker;

-- RFC 9562 version 7: 48 bits of Unix milliseconds, then random. Ids made together lie together in the index.
create function touchline.uuid_v7() returns uuid
language sql volatile parallel safe
set search_path = ''
as $$
  select pg_catalog.encode(
    pg_catalog.set_bit(
      pg_catalog.set_bit(
        overlay(
          pg_catalog.uuid_send(pg_catalog.gen_random_uuid())
          placing pg_catalog.substr(
            pg_catalog.int8send((extract(epoch from pg_catalog.clock_timestamp()) * 1000)::bigint), 3)
          from 1 for 6),
        52, 1),
      53, 1),
    'hex')::uuid
$$;
revoke all on function touchline.uuid_v7() from public;
grant execute on function touchline.uuid_v7() to authenticated, service_role, touchline_worker;

-- The system business owns presets and their templates; nobody can sign in as it.
create function touchline.system_business_id() returns uuid
language sql immutable parallel safe
set search_path = ''
as $$ select '00000000-0000-0000-0000-000000000000'::uuid $$;
revoke all on function touchline.system_business_id() from public;
grant execute on function touchline.system_business_id() to authenticated, service_role, touchline_worker;

create function touchline.set_updated_at() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  new.updated_at := pg_catalog.clock_timestamp();
  return new;
end $$;
revoke all on function touchline.set_updated_at() from public;

create table touchline.installation (
  only_row boolean primary key default true,
  virtual_clock boolean not null default false,
  build integer not null default 0,
  code_checksum text,
  created_at timestamptz not null default now(),
  constraint installation_one_row check (only_row)
);
alter table touchline.installation enable row level security;
insert into touchline.installation default values;
comment on table touchline.installation is
  'One row: the applied code build, and whether this database may be given a clock (demo, tests, simulation).';

create table touchline.code_files (
  path text primary key,
  checksum text not null
);
alter table touchline.code_files enable row level security;
comment on table touchline.code_files is 'Checksums of the applied files of sql/, so that only changed ones are applied again.';

-- Zones are checked when written: a zone Postgres cannot resolve would abort the claim of every business.
create table touchline.time_zones (
  name text primary key
);
alter table touchline.time_zones enable row level security;
comment on table touchline.time_zones is 'IANA zone names this server resolves; refreshed at each migrate.';
insert into touchline.time_zones (name)
select name
from pg_catalog.pg_timezone_names
where name !~ '^(posix|right)/'
  and name not in ('Factory', 'localtime', 'posixrules');

-- Keys of address_hash(): two independent random keys (NMAC; Bellare, Canetti, Krawczyk 1996). A plain hash of a phone
-- number can be reversed by trying them all.
create table touchline.address_keys (
  only_row boolean primary key default true,
  inner_key bytea not null,
  outer_key bytea not null,
  constraint address_keys_one_row check (only_row),
  constraint address_keys_length check (length(inner_key) = 64 and length(outer_key) = 64)
);
alter table touchline.address_keys enable row level security;
comment on table touchline.address_keys is 'Secret keys of address_hash(); no role is granted anything on it.';
insert into touchline.address_keys (inner_key, outer_key)
select pg_catalog.string_agg(k, ''::bytea) filter (where n <= 4), pg_catalog.string_agg(k, ''::bytea) filter (where n > 4)
from (select pg_catalog.uuid_send(pg_catalog.gen_random_uuid()) as k, n from pg_catalog.generate_series(1, 8) n) random_blocks;

-- One order for opt-outs and intents, taken under the customer lock.
create sequence touchline.fence_sequence;
