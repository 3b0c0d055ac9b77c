-- Purpose: p_changes is a JSON object whose keys are among p_known, columns of p_table, and whose values are of the columns'
-- types, so that jsonb_populate_record takes them. Numbers and true or false may come as text; null passes. What a value may
-- be beyond its type is left to the table's own rules. p_place stands before an error's words, like "Touch 2: ".
-- Moves: none
-- Locks: none
-- Raises: TL402 invalid_argument
create or replace function touchline.check_changes(p_table text, p_known text[], p_changes jsonb, p_place text default '')
returns void
language plpgsql stable
set search_path = ''
as $$
declare
  v_key text;
begin
  if pg_catalog.jsonb_typeof(p_changes) is distinct from 'object' then
    raise exception '%', p_place || 'A JSON object is needed'
      using errcode = 'TL402', detail = pg_catalog.format('Given: %s. Nothing was changed.', coalesce(pg_catalog.jsonb_typeof(p_changes), 'nothing')),
        hint = pg_catalog.format('Keys: %s.', pg_catalog.array_to_string(p_known, ', '));
  end if;
  select k into v_key from pg_catalog.jsonb_object_keys(p_changes) k where k <> all (p_known) order by k limit 1;
  if found then
    raise exception '%', p_place || pg_catalog.format('There is no key "%s"', pg_catalog.left(v_key, 80))
      using errcode = 'TL402', detail = 'Nothing was changed.',
        hint = pg_catalog.format('Known keys: %s.', pg_catalog.array_to_string(p_known, ', '));
  end if;
  select a.attname into v_key
  from pg_catalog.jsonb_each(p_changes) c
  join pg_catalog.pg_attribute a
    on a.attrelid = pg_catalog.to_regclass('touchline.' || p_table) and a.attname = c.key
  where pg_catalog.jsonb_typeof(c.value) <> 'null'
    and not case pg_catalog.format_type(a.atttypid, a.atttypmod)
      when 'smallint' then pg_catalog.jsonb_typeof(c.value) in ('number', 'string') and c.value #>> '{}' ~ '^-?[0-9]{1,4}$'
      when 'integer' then pg_catalog.jsonb_typeof(c.value) in ('number', 'string') and c.value #>> '{}' ~ '^-?[0-9]{1,9}$'
      when 'boolean' then c.value #>> '{}' in ('true', 'false')
      when 'text[]' then pg_catalog.jsonb_typeof(c.value) = 'array' and not c.value @? '$[*] ? (@.type() != "string")'
      when 'uuid' then c.value #>> '{}' ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
      when 'time without time zone' then c.value #>> '{}' ~ '^(([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?|24:00(:00)?)$'
      else pg_catalog.jsonb_typeof(c.value) = 'string'
    end
  order by a.attnum
  limit 1;
  if found then
    perform touchline.refuse_value(p_table, null, v_key, p_changes, p_place);
  end if;
end
$$;

revoke all on function touchline.check_changes(text, text[], jsonb, text) from public;
