-- Purpose: fixes what each touch of a draft version will send, the newest version of its template, and refuses a version that is
-- not complete: one to four touches, numbered from 1 without a gap, each with a template, which stays locked against deletion.
-- Moves: none
-- Locks: none
-- Raises: TL304 version_incomplete
create or replace function touchline.pin_templates(p_business_id uuid, p_campaign_id uuid, p_version integer) returns void
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_touches record;
begin
  perform
  from touchline.message_templates m
  join touchline.campaign_touches t on (t.business_id, t.template_id) = (m.business_id, m.id)
  where t.business_id = p_business_id
    and t.campaign_id = p_campaign_id
    and t.version = p_version
  order by m.id
  for key share of m;

  update touchline.campaign_touches t
  set template_version_id = (
    select v.id
    from touchline.template_versions v
    where v.business_id = t.business_id
      and v.template_id = t.template_id
    order by v.number desc
    limit 1)
  where t.business_id = p_business_id
    and t.campaign_id = p_campaign_id
    and t.version = p_version;

  select pg_catalog.count(*) as count, max(t.touch_number) as last,
    pg_catalog.string_agg(t.touch_number::text, ', ' order by t.touch_number) filter (where t.template_version_id is null) as bare,
    pg_catalog.array_agg(t.touch_number) as numbers
  into v_touches
  from touchline.campaign_touches t
  where t.business_id = p_business_id
    and t.campaign_id = p_campaign_id
    and t.version = p_version;
  if v_touches.count = 0 then
    raise exception 'There is nothing to publish'
      using errcode = 'TL304', detail = 'The draft has no touches.', hint = 'Add one to four touches, each with a template.';
  elsif v_touches.bare is not null then
    raise exception 'No text for touch %', v_touches.bare
      using errcode = 'TL304', detail = 'A touch without a template has nothing to send.', hint = 'Choose a template for it.';
  elsif v_touches.last <> v_touches.count then
    raise exception 'There is no touch %', (
        select pg_catalog.string_agg(n::text, ', ' order by n)
        from pg_catalog.generate_series(1, v_touches.last) n
        where n <> all (v_touches.numbers))
      using errcode = 'TL304', detail = pg_catalog.format('There is a touch %s, and each delay counts from the touch before.',
        v_touches.last), hint = 'Number the touches from 1 without a gap.';
  end if;
end
$$;

revoke all on function touchline.pin_templates(uuid, uuid, integer) from public;
