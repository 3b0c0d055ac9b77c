-- What Supabase has and a plain Postgres lacks: auth.uid(), auth.jwt(), auth.role() and the three roles. Applied by the
-- migration runner only where auth.uid() is missing; never part of supabase/migrations, where auth belongs to Supabase.

-- Roles belong to the whole server, so another database's run may be making them at this very moment. Which error that
-- gives depends on the moment: the name is taken, the index says so, or the row was changed under us (XX000).
do $$
declare
  v_role text;
  v_may_bypass boolean;
begin
  select r.rolsuper
    or (pg_catalog.current_setting('server_version_num')::int >= 160000 and r.rolcreaterole and r.rolbypassrls)
  into v_may_bypass
  from pg_catalog.pg_roles r
  where r.rolname = current_user;

  foreach v_role in array array['anon', 'authenticated', 'service_role'] loop
    if exists (select from pg_catalog.pg_roles where rolname = v_role) then
      continue;
    end if;
    begin
      if v_role <> 'service_role' then
        execute pg_catalog.format('create role %I nologin', v_role);
      elsif v_may_bypass then
        create role service_role nologin bypassrls;
      else
        create role service_role nologin;
      end if;
    exception
      when duplicate_object or unique_violation then null;
      when insufficient_privilege then
        raise exception 'role % is missing and % may not create roles', v_role, current_user
          using errcode = '42501',
            hint = pg_catalog.format('As a superuser: alter role %I createrole; or create role %I nologin; grant %I to %I;',
              current_user, v_role, v_role, current_user);
    end;
  end loop;

  if not exists (select from pg_catalog.pg_roles where rolname = 'service_role' and rolbypassrls) then
    raise notice 'touchline: role service_role could not be given BYPASSRLS by %, so it reads no tenant rows directly and works only through functions. As a superuser: alter role service_role bypassrls;', current_user;
  end if;
end $$;

-- Every transaction at run time begins with `set local role`, so the owner must be a member that may switch. From 16 on
-- whoever makes a role may administer but not become it; without INHERIT the owner gains nothing it did not ask for.
do $$
declare
  v_role text;
  v_version integer := pg_catalog.current_setting('server_version_num')::int;
begin
  foreach v_role in array array['anon', 'authenticated', 'service_role'] loop
    if v_version >= 160000 and pg_catalog.pg_has_role(current_user, v_role, 'SET')
      or v_version < 160000 and pg_catalog.pg_has_role(current_user, v_role, 'MEMBER')
    then
      continue;
    end if;
    begin
      if v_version >= 160000 then
        execute pg_catalog.format('grant %I to %I with set true, inherit false', v_role, current_user);
      else
        execute pg_catalog.format('grant %I to %I', v_role, current_user);
      end if;
    exception
      when unique_violation or internal_error then null;
      when insufficient_privilege then
        raise exception '% may not become role %, which somebody else made on this server', current_user, v_role
          using errcode = '42501', hint = pg_catalog.format('As a superuser: grant %I to %I;', v_role, current_user);
    end;
  end loop;
end $$;

create schema if not exists auth;

create or replace function auth.jwt() returns jsonb
language sql stable
set search_path = ''
as $$ select nullif(pg_catalog.current_setting('request.jwt.claims', true), '')::jsonb $$;

create or replace function auth.uid() returns uuid
language sql stable
set search_path = ''
as $$ select (nullif(pg_catalog.current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub')::uuid $$;

create or replace function auth.role() returns text
language sql stable
set search_path = ''
as $$ select nullif(pg_catalog.current_setting('request.jwt.claims', true), '')::jsonb ->> 'role' $$;

grant usage on schema auth to anon, authenticated, service_role;
grant execute on function auth.jwt(), auth.uid(), auth.role() to anon, authenticated, service_role;
