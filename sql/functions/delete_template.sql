-- Purpose: deletes a template that no active or paused campaign sends. Touches of drafts and of old versions that used it have
-- none then; what was sent and what published versions pin stays in template_versions.
-- Moves: none
-- Locks: campaigns (for no key update, those whose touches use it)
-- Raises: TL100 called_as_owner, TL201 not_found, TL202 not_allowed, TL305 template_in_use (names the campaigns)
create or replace function touchline.delete_template(p_business_id uuid, p_template_id uuid) returns void
language plpgsql volatile security definer
set search_path = ''
as $$
begin
  perform touchline.require_access(p_business_id, 'write');
  perform touchline.require_business(p_business_id);
  -- A publish that is under way would make the text live after it was found unused.
  perform from touchline.campaigns c
  where c.business_id = p_business_id
    and c.id in (
      select t.campaign_id from touchline.campaign_touches t
      where (t.business_id, t.template_id) = (p_business_id, p_template_id))
  order by c.id
  for no key update;
  delete from touchline.message_templates m where (m.business_id, m.id) = (p_business_id, p_template_id);
  if not found then
    raise exception 'There is no such template'
      using errcode = 'TL201', detail = 'It does not exist, or is not of this business.', hint = 'Check the id of the template.';
  end if;
end
$$;

revoke all on function touchline.delete_template(uuid, uuid) from public;
grant execute on function touchline.delete_template(uuid, uuid) to authenticated, service_role, touchline_worker;
