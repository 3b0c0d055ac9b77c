-- Purpose: in whose zone sending windows are read for a customer: their own if it is stated or from their address, else the business's;
-- where only an area code tells theirs, both (business_zone is then not null). Null where the server knows no zone.
-- Moves: none
-- Locks: none
-- Raises: none
create or replace function touchline.sending_zones(
  p_business_id uuid, p_customer_zone text, p_zone_source text, out zone text, out business_zone text)
language plpgsql stable
set search_path = ''
as $$
begin
  if p_customer_zone is not null then
    select z.name into zone from touchline.time_zones z where z.name = p_customer_zone;
  end if;
  if zone is null or p_zone_source is null or p_zone_source not in ('explicit', 'address') then
    select b.time_zone into business_zone from touchline.businesses b where b.id = p_business_id;
    if zone is null or zone = business_zone then
      zone := business_zone;
      business_zone := null;
    end if;
  end if;
end
$$;

revoke all on function touchline.sending_zones(uuid, text, text) from public;
