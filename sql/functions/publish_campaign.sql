-- Purpose: the draft version becomes what new enrollments get; people inside keep the version they have. Each touch is pinned to
-- the newest version of its template. A draft campaign becomes active by it. Answers the number of the version that is live now.
-- Moves: version draft → live; the live one → retired; campaign draft → active
-- Locks: business_dispatch, campaigns
-- Raises: TL100 called_as_owner, TL101 isolation_level, TL102 clock_refused, TL201 not_found, TL202 not_allowed,
-- TL301 campaign_conflict, TL302 campaign_state, TL304 version_incomplete
create or replace function touchline.publish_campaign(
  p_business_id uuid, p_campaign_id uuid, p_now timestamptz default null) returns integer
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_now timestamptz;
  v_campaign touchline.campaigns;
  v_number integer;
begin
  perform touchline.require_access(p_business_id, 'write');
  v_now := touchline.current_moment(p_now);
  v_campaign := touchline.lock_campaign(p_business_id, p_campaign_id);
  if v_campaign.status = 'archived' then
    raise exception 'Campaign "%" is archived', v_campaign.name
      using errcode = 'TL302', detail = 'An archived campaign stays as it was.', hint = 'Copy it and publish the copy.';
  end if;
  select v.number into v_number
  from touchline.campaign_versions v
  where v.business_id = p_business_id
    and v.campaign_id = p_campaign_id
    and v.state = 'draft'
  for no key update;
  if not found then
    raise exception 'Campaign "%" has no draft', v_campaign.name
      using errcode = 'TL302', detail = 'Its live version is already what was edited last.',
        hint = 'Edit the campaign (edit_campaign makes a draft version), then publish.';
  end if;

  perform touchline.pin_templates(p_business_id, p_campaign_id, v_number);
  update touchline.campaign_versions v
  set state = 'retired',
    retired_at = v_now
  where v.business_id = p_business_id
    and v.campaign_id = p_campaign_id
    and v.state = 'live';
  update touchline.campaign_versions v
  set state = 'live',
    published_at = v_now,
    published_by = auth.uid()
  where v.business_id = p_business_id
    and v.campaign_id = p_campaign_id
    and v.number = v_number;
  update touchline.campaigns c
  set live_version = v_number,
    status = case c.status when 'draft' then 'active' else c.status end
  where c.business_id = p_business_id
    and c.id = p_campaign_id;
  return v_number;
exception when unique_violation then
  -- The lanes' lock makes publishing wait in line, so the other one is committed and can be named.
  raise exception 'Another campaign answers to the same jobs: "%"', (
      select c.name
      from touchline.campaigns c
      where c.business_id = p_business_id
        and c.id <> p_campaign_id
        and c.service_type is not distinct from v_campaign.service_type
        and c.status in ('active', 'paused'))
    using errcode = 'TL301',
      detail = pg_catalog.format('Only one is active or paused for %s.', coalesce(v_campaign.service_type, 'all services')),
      hint = 'Archive the other one, or publish a new version of it instead.';
end
$$;

revoke all on function touchline.publish_campaign(uuid, uuid, timestamptz) from public;
grant execute on function touchline.publish_campaign(uuid, uuid, timestamptz) to authenticated, service_role, touchline_worker;
