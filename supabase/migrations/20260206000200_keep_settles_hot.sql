-- A message and its attempt are each changed once by the settle, all rows of a page together: half of the page stays free for
-- that, or the change would move to another page and write every index again. And an id is made without preparing a query.
set lock_timeout = '4s';

alter table touchline.send_logs set (fillfactor = 50);
alter table touchline.send_attempts set (fillfactor = 50);

create or replace function touchline.uuid_v7() returns uuid
language plpgsql volatile parallel safe
set search_path = ''
as $$
begin
  return pg_catalog.encode(
    pg_catalog.set_bit(
      pg_catalog.set_bit(
        overlay(
          pg_catalog.uuid_send(pg_catalog.gen_random_uuid())
          placing pg_catalog.substr(
            pg_catalog.int8send((extract(epoch from pg_catalog.clock_timestamp()) * 1000)::bigint), 3)
          from 1 for 6),
        52, 1),
      53, 1),
    'hex')::uuid;
end $$;
