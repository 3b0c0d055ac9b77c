-- Purpose: p_name if no campaign (p_kind campaign) or template (p_kind template) of the business has it, else the first free of
-- "p_name 2", "p_name 3" and so on, of at most 100 characters.
-- Moves: none
-- Locks: none
-- Raises: none
create or replace function touchline.free_name(p_business_id uuid, p_kind text, p_name text) returns text
language plpgsql stable security definer
set search_path = ''
as $$
declare
  v_name text := p_name;
  v_number integer := 1;
begin
  while case p_kind
    when 'campaign' then exists (select from touchline.campaigns c where (c.business_id, c.name) = (p_business_id, v_name))
    else exists (select from touchline.message_templates m where (m.business_id, m.name) = (p_business_id, v_name))
  end loop
    v_number := v_number + 1;
    v_name := pg_catalog.rtrim(pg_catalog.left(p_name, 99 - pg_catalog.length(v_number::text))) || ' ' || v_number;
  end loop;
  return v_name;
end
$$;

revoke all on function touchline.free_name(uuid, text, text) from public;
