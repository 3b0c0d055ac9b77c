-- Purpose: the values a message's text may use, as the intent freezes them; names that have no value are left out. The names are
-- those of src/domain/template/variables.ts; links are added by whoever renders.
-- Moves: none
-- Locks: none
-- Raises: none
create or replace function touchline.message_variables(
  p_channel text, p_business touchline.businesses, p_customer touchline.customers, p_job touchline.jobs) returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
  return pg_catalog.jsonb_strip_nulls(pg_catalog.jsonb_build_object(
    'first_name', p_customer.first_name, 'last_name', p_customer.last_name, 'service_type', p_job.service_type,
    'job_title', p_job.title, 'business_name', coalesce(p_business.brand_name, p_business.name),
    'business_phone', p_business.contact_phone, 'sender_name', p_business.sender_name, 'review_link', p_business.review_url,
    'postal_address', case p_channel when 'email' then p_business.postal_address end));
end
$$;

revoke all on function touchline.message_variables(
  text, touchline.businesses, touchline.customers, touchline.jobs) from public;
