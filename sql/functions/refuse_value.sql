-- Purpose: says in the caller's words that one of p_values is not allowed: which key, which value, what is. The rule is named
-- by p_constraint or by the column p_key of p_table; one that allowed_values() does not know is left to the caller to raise.
-- p_place stands before the sentence, like "Touch 2: ".
-- Moves: none
-- Locks: none
-- Raises: TL402 invalid_argument
create or replace function touchline.refuse_value(p_table text, p_constraint text, p_key text, p_values jsonb, p_place text)
returns void
language plpgsql stable
set search_path = ''
as $$
declare
  v_key text;
  v_allowed text;
begin
  select r.key, r.allowed into v_key, v_allowed
  from touchline.allowed_values() r
  where r.table_name = p_table
    and (r.constraint_name = p_constraint or r.key = p_key)
  order by r.constraint_name = p_constraint desc nulls last
  limit 1;
  if not found then
    return;
  end if;
  raise exception '%', p_place || case
      when not p_values ? v_key then v_key || ' is missing'
      else pg_catalog.format('%s cannot be %s', v_key, pg_catalog.left((p_values -> v_key)::text, 80))
    end
    using errcode = 'TL402', detail = pg_catalog.format('Allowed: %s. Nothing was changed.', v_allowed),
      hint = pg_catalog.format('Give another value for %s.', v_key);
end
$$;

revoke all on function touchline.refuse_value(text, text, text, jsonb, text) from public;
