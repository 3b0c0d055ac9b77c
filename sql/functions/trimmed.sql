-- Purpose: the texts of a JSON object without blanks around them; an empty one is none. Other values pass.
-- Moves: none
-- Locks: none
-- Raises: none
create or replace function touchline.trimmed(p_values jsonb) returns jsonb
language plpgsql immutable parallel safe
set search_path = ''
as $$
begin
  return (
    select coalesce(
      pg_catalog.jsonb_object_agg(v.key, case pg_catalog.jsonb_typeof(v.value)
        when 'string' then pg_catalog.to_jsonb(nullif(pg_catalog.btrim(v.value #>> '{}'), ''))
        else v.value
      end), '{}')
    from pg_catalog.jsonb_each(p_values) v);
end
$$;

revoke all on function touchline.trimmed(jsonb) from public;
