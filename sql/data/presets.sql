-- The presets and their messages, in one place. They belong to the system business; a business uses copies of them
-- (copy_preset). To change one, edit it here: applying this file again makes a new version of each text that changed and
-- publishes a new version of each preset whose touches or texts changed, and leaves everything else as it is.
--
-- Every text asks everybody the same, with the one review link; an SMS names the brand, says how to stop, stays inside
-- GSM-7 and two segments. The footer of an email (unsubscribe, postal address) is added when it is sent.
-- Ids end in 1xx for email, 2xx for SMS, 3xx for presets and are never used for anything else.

insert into touchline.message_templates (business_id, id, name, channel, service_type, purpose, subject, body)
select touchline.system_business_id(), t.id::uuid, t.name, t.channel, t.service_type, t.purpose, t.subject, t.body
from (values
  ('00000000-0000-7000-8000-000000000101', 'First message, heating and cooling (email)', 'email', 'hvac', 'first',
    $${{#first_name}}{{first_name}}, how is the house feeling?{{/first_name}}{{^first_name}}How is the house feeling?{{/first_name}}$$,
    $${{#first_name}}Hi {{first_name}},{{/first_name}}{{^first_name}}Hello,{{/first_name}}

Thank you for having {{business_name}} out to look after your heating and cooling. We hope every room feels just right now, from the first vent to the last.

Would you take two minutes to say how it went? Your honest words help other people nearby choose who to let into the house, and they tell our crew what to keep doing and what to do better.

{{review_link}}

Any question about the furnace, the AC or the thermostat? Just reply to this email.

Warmly,
{{#sender_name}}
{{sender_name}}
{{/sender_name}}
{{business_name}}$$),
  ('00000000-0000-7000-8000-000000000102', 'First message, plumbing (email)', 'email', 'plumbing', 'first',
    $${{#first_name}}{{first_name}}, how did the plumbing turn out?{{/first_name}}{{^first_name}}How did the plumbing turn out?{{/first_name}}$$,
    $${{#first_name}}Hi {{first_name}},{{/first_name}}{{^first_name}}Hello,{{/first_name}}

Thank you for calling {{business_name}}. By now the water has run for a while, and we hope every faucet, drain and pipe is quietly doing its job.

Would you tell others how our visit went? A few honest sentences are enough, and they help the next person with a drip at midnight know who to call.

{{review_link}}

If you have a question about what we did, just reply. A person reads every answer.

Thank you,
{{#sender_name}}
{{sender_name}}
{{/sender_name}}
{{business_name}}$$),
  ('00000000-0000-7000-8000-000000000103', 'First message, electrical (email)', 'email', 'electrical', 'first',
    $${{#first_name}}{{first_name}}, how did our electrical work go?{{/first_name}}{{^first_name}}How did our electrical work go?{{/first_name}}$$,
    $${{#first_name}}Hi {{first_name}},{{/first_name}}{{^first_name}}Hello,{{/first_name}}

Thank you for trusting {{business_name}} with the electrical work at your place. We hope every light, switch and outlet does just what you expect of it.

Could you spare two minutes for an honest review? People want to know who they let near their wiring, and your experience tells them more than any ad of ours could.

{{review_link}}

Anything unclear about a breaker or a switch? Reply to this email and we will explain.

Thank you,
{{#sender_name}}
{{sender_name}}
{{/sender_name}}
{{business_name}}$$),
  ('00000000-0000-7000-8000-000000000104', 'First message, cleaning (email)', 'email', 'cleaning', 'first',
    $${{#first_name}}{{first_name}}, how was the clean?{{/first_name}}{{^first_name}}How was the clean?{{/first_name}}$$,
    $${{#first_name}}Hi {{first_name}},{{/first_name}}{{^first_name}}Hello,{{/first_name}}

Thank you for letting {{business_name}} into your home. We hope it felt good to walk in, look around and have nothing left to do.

Would you tell others how it was? Honest words, a line or a page, help people choose whom to trust with their keys, and our cleaners read every one.

{{review_link}}

Is there a corner you would like us to know about next time? Just reply to this email.

See you soon,
{{#sender_name}}
{{sender_name}}
{{/sender_name}}
{{business_name}}$$),
  ('00000000-0000-7000-8000-000000000105', 'First message, roofing (email)', 'email', 'roofing', 'first',
    $${{#first_name}}{{first_name}}, how is the roof?{{/first_name}}{{^first_name}}How is the roof?{{/first_name}}$$,
    $${{#first_name}}Hi {{first_name}},{{/first_name}}{{^first_name}}Hello,{{/first_name}}

Thank you for trusting {{business_name}} with your roof. It is the part of the house nobody thinks about when it is right, and we hope the first rain on it is one you sleep through.

When you have two minutes, would you share how the work went, from the first look to the last nail picked up? Your honest review helps people on your street and beyond decide who climbs on theirs.

{{review_link}}

Questions about the work or the paperwork? Reply to this email and we will answer.

Thank you,
{{#sender_name}}
{{sender_name}}
{{/sender_name}}
{{business_name}}$$),
  ('00000000-0000-7000-8000-000000000106', 'First message, painting (email)', 'email', 'painting', 'first',
    $${{#first_name}}{{first_name}}, how do the new colors look?{{/first_name}}{{^first_name}}How do the new colors look?{{/first_name}}$$,
    $${{#first_name}}Hi {{first_name}},{{/first_name}}{{^first_name}}Hello,{{/first_name}}

Thank you for having {{business_name}} paint for you. Colors change with the light, so we hope you have had time to enjoy yours in the morning sun and under the evening lamp.

Would you describe how it went, the work, the edges and the tidying up? An honest review, with a photo if you like, helps others picture their own rooms.

{{review_link}}

Need the name of a color or want to know about care? Just reply to this email.

With thanks,
{{#sender_name}}
{{sender_name}}
{{/sender_name}}
{{business_name}}$$),
  ('00000000-0000-7000-8000-000000000107', 'First message, handyman (email)', 'email', 'handyman', 'first',
    $${{#first_name}}{{first_name}}, how did we do on your list?{{/first_name}}{{^first_name}}How did we do on your list?{{/first_name}}$$,
    $${{#first_name}}Hi {{first_name}},{{/first_name}}{{^first_name}}Hello,{{/first_name}}

Thank you for having {{business_name}} over. We hope the to-do list on the fridge is shorter now, and that everything closes, hangs and turns the way it should.

Would you take two minutes to say how we did? Small jobs are hard to find good hands for, and your honest words help others around here.

{{review_link}}

Something else to fix one day? Reply to this email and we will see when we can come.

Thanks again,
{{#sender_name}}
{{sender_name}}
{{/sender_name}}
{{business_name}}$$),
  ('00000000-0000-7000-8000-000000000108', 'First message, any service (email)', 'email', 'other', 'first',
    $${{#first_name}}{{first_name}}, how did we do?{{/first_name}}{{^first_name}}How did we do?{{/first_name}}$$,
    $${{#first_name}}Hi {{first_name}},{{/first_name}}{{^first_name}}Hello,{{/first_name}}

Thank you for choosing {{business_name}}. We hope the work turned out just the way you had it in mind.

Would you take two minutes to tell others how it went? Your honest words help people choose, and they show us what to keep doing and what to do better.

{{review_link}}

If you have a question about the work, just reply to this email.

Thank you,
{{#sender_name}}
{{sender_name}}
{{/sender_name}}
{{business_name}}$$),
  ('00000000-0000-7000-8000-000000000109', 'Reminder (email)', 'email', null, 'reminder',
    $$A small reminder from {{business_name}}$$,
    $${{#first_name}}Hi {{first_name}},{{/first_name}}{{^first_name}}Hello,{{/first_name}}

Just a small reminder, in case our last message came at a busy moment: we would still like to hear how our {{service_type}} visit went.

Two honest sentences are plenty.

{{review_link}}

Already written one? Thank you, and please pass over this note. Not useful? One click below and we stop.

Thank you,
{{#sender_name}}
{{sender_name}}
{{/sender_name}}
{{business_name}}$$),
  ('00000000-0000-7000-8000-000000000110', 'Last note (email)', 'email', null, 'last_note',
    $$One last note from {{business_name}}$$,
    $${{#first_name}}Hi {{first_name}},{{/first_name}}{{^first_name}}Hello,{{/first_name}}

This is our last note about our recent visit, and then we will leave you in peace.

If you would still like to tell others how it went, good or bad, here is the place:

{{review_link}}

Either way, thank you for having us. We were glad to help.

All the best,
{{#sender_name}}
{{sender_name}}
{{/sender_name}}
{{business_name}}$$),
  ('00000000-0000-7000-8000-000000000201', 'First message, heating and cooling (SMS)', 'sms', 'hvac', 'first',
    null,
    $${{#first_name}}Hi {{first_name}},{{/first_name}}{{^first_name}}Hello,{{/first_name}} thanks for having {{business_name}} out for your heating and cooling. We hope every room feels just right. How did we do? {{review_link}} Reply STOP to opt out.$$),
  ('00000000-0000-7000-8000-000000000202', 'First message, plumbing (SMS)', 'sms', 'plumbing', 'first',
    null,
    $${{#first_name}}Hi {{first_name}},{{/first_name}}{{^first_name}}Hello,{{/first_name}} thanks for calling {{business_name}}. We hope every faucet and drain is behaving. Would you tell others how our visit went? {{review_link}} Reply STOP to opt out.$$),
  ('00000000-0000-7000-8000-000000000203', 'First message, electrical (SMS)', 'sms', 'electrical', 'first',
    null,
    $${{#first_name}}Hi {{first_name}},{{/first_name}}{{^first_name}}Hello,{{/first_name}} thanks for trusting {{business_name}} with your electrical work. We hope every switch does its job. How did it go? {{review_link}} Reply STOP to opt out.$$),
  ('00000000-0000-7000-8000-000000000204', 'First message, cleaning (SMS)', 'sms', 'cleaning', 'first',
    null,
    $${{#first_name}}Hi {{first_name}},{{/first_name}}{{^first_name}}Hello,{{/first_name}} thanks for letting {{business_name}} into your home. We hope it feels good to be back in it. How was the clean? {{review_link}} Reply STOP to opt out.$$),
  ('00000000-0000-7000-8000-000000000205', 'First message, roofing (SMS)', 'sms', 'roofing', 'first',
    null,
    $${{#first_name}}Hi {{first_name}},{{/first_name}}{{^first_name}}Hello,{{/first_name}} thanks for trusting {{business_name}} with your roof. May you sleep through the next rain. How did the work go? {{review_link}} Reply STOP to opt out.$$),
  ('00000000-0000-7000-8000-000000000206', 'First message, painting (SMS)', 'sms', 'painting', 'first',
    null,
    $${{#first_name}}Hi {{first_name}},{{/first_name}}{{^first_name}}Hello,{{/first_name}} thanks for having {{business_name}} paint for you. We hope you love the colors in every light. How did it go? {{review_link}} Reply STOP to opt out.$$),
  ('00000000-0000-7000-8000-000000000207', 'First message, handyman (SMS)', 'sms', 'handyman', 'first',
    null,
    $${{#first_name}}Hi {{first_name}},{{/first_name}}{{^first_name}}Hello,{{/first_name}} thanks for having {{business_name}} over. We hope the to-do list is shorter now. Would you tell others how we did? {{review_link}} Reply STOP to opt out.$$),
  ('00000000-0000-7000-8000-000000000208', 'First message, any service (SMS)', 'sms', 'other', 'first',
    null,
    $${{#first_name}}Hi {{first_name}},{{/first_name}}{{^first_name}}Hello,{{/first_name}} thanks for choosing {{business_name}}. We hope it all turned out the way you wanted. How did we do? {{review_link}} Reply STOP to opt out.$$),
  ('00000000-0000-7000-8000-000000000209', 'Reminder (SMS)', 'sms', null, 'reminder',
    null,
    $${{#first_name}}Hi {{first_name}},{{/first_name}}{{^first_name}}Hello,{{/first_name}} {{business_name}} here. When you have a minute, a few honest words about our visit would help others choose: {{review_link}} Already done? Thank you! Reply STOP to opt out.$$),
  ('00000000-0000-7000-8000-000000000210', 'Last note (SMS)', 'sms', null, 'last_note',
    null,
    $${{#first_name}}Hi {{first_name}},{{/first_name}}{{^first_name}}Hello,{{/first_name}} one last note from {{business_name}}. If you still want to say how our visit went, here is the link: {{review_link}} Thank you either way. Reply STOP to opt out.$$)
) t (id, name, channel, service_type, purpose, subject, body)
on conflict (business_id, id) do update
set name = excluded.name, service_type = excluded.service_type, purpose = excluded.purpose,
  subject = excluded.subject, body = excluded.body
where (message_templates.name, message_templates.service_type, message_templates.purpose, message_templates.subject,
    message_templates.body)
  is distinct from (excluded.name, excluded.service_type, excluded.purpose, excluded.subject, excluded.body);

insert into touchline.campaigns (business_id, id, name, description, is_preset, preset_key)
select touchline.system_business_id(), p.id::uuid, p.name, p.description, true, p.preset_key
from (values
  ('00000000-0000-7000-8000-000000000301', 'gentle', 'Gentle',
    'Two emails: a thank-you the next day, and a last note three days later. For work that customers live with for a while.'),
  ('00000000-0000-7000-8000-000000000302', 'standard', 'Standard',
    'An email the next day, an SMS three days later, and a last email after another week. Right for most businesses.'),
  ('00000000-0000-7000-8000-000000000303', 'assertive', 'Assertive',
    'An SMS four hours after the work, an email the next day, an SMS three days later, and a last email after another week.')
) p (id, preset_key, name, description)
on conflict (business_id, id) do update
set name = excluded.name, description = excluded.description, preset_key = excluded.preset_key
where (campaigns.name, campaigns.description, campaigns.preset_key)
  is distinct from (excluded.name, excluded.description, excluded.preset_key);

-- Published touches never change, so what is written here goes into a draft first.
insert into touchline.campaign_versions (business_id, campaign_id, number)
select c.business_id, c.id, 1 + (
  select max(v.number)
  from touchline.campaign_versions v
  where (v.business_id, v.campaign_id) = (c.business_id, c.id)
)
from touchline.campaigns c
where c.business_id = touchline.system_business_id()
  and c.preset_key in ('gentle', 'standard', 'assertive')
on conflict (business_id, campaign_id) where state = 'draft' do nothing;

delete from touchline.campaign_touches t
using touchline.campaigns c, touchline.campaign_versions v
where c.business_id = touchline.system_business_id()
  and c.preset_key in ('gentle', 'standard', 'assertive')
  and (v.business_id, v.campaign_id, v.state) = (c.business_id, c.id, 'draft')
  and (t.business_id, t.campaign_id, t.version) = (v.business_id, v.campaign_id, v.number);

-- Each delay counts from the touch before (the first: from the completed work). First messages are those for any service;
-- a copy for one service type takes that type's.
insert into touchline.campaign_touches
  (business_id, campaign_id, version, touch_number, channel, delay_hours, template_id, template_version_id)
select v.business_id, v.campaign_id, v.number, t.touch_number, t.channel, t.delay_hours, t.template_id::uuid, (
  select w.id
  from touchline.template_versions w
  where (w.business_id, w.template_id) = (v.business_id, t.template_id::uuid)
  order by w.number desc
  limit 1
)
from (values
  ('gentle', 1, 'email', 24, '00000000-0000-7000-8000-000000000108'),
  ('gentle', 2, 'email', 72, '00000000-0000-7000-8000-000000000110'),
  ('standard', 1, 'email', 24, '00000000-0000-7000-8000-000000000108'),
  ('standard', 2, 'sms', 72, '00000000-0000-7000-8000-000000000209'),
  ('standard', 3, 'email', 168, '00000000-0000-7000-8000-000000000110'),
  ('assertive', 1, 'sms', 4, '00000000-0000-7000-8000-000000000208'),
  ('assertive', 2, 'email', 24, '00000000-0000-7000-8000-000000000108'),
  ('assertive', 3, 'sms', 72, '00000000-0000-7000-8000-000000000209'),
  ('assertive', 4, 'email', 168, '00000000-0000-7000-8000-000000000110')
) t (preset_key, touch_number, channel, delay_hours, template_id)
join touchline.campaigns c on (c.business_id, c.preset_key) = (touchline.system_business_id(), t.preset_key)
join touchline.campaign_versions v on (v.business_id, v.campaign_id, v.state) = (c.business_id, c.id, 'draft');

-- A draft that says what the live version says is no new version.
with said as (
  select v.business_id, v.campaign_id, v.number, v.state, pg_catalog.jsonb_agg(
    pg_catalog.jsonb_build_array(t.touch_number, t.channel, t.delay_hours, t.template_id, t.template_version_id)
    order by t.touch_number) as touches
  from touchline.campaigns c
  join touchline.campaign_versions v on (v.business_id, v.campaign_id) = (c.business_id, c.id)
  join touchline.campaign_touches t on (t.business_id, t.campaign_id, t.version) = (v.business_id, v.campaign_id, v.number)
  where c.business_id = touchline.system_business_id()
    and c.preset_key in ('gentle', 'standard', 'assertive')
  group by v.business_id, v.campaign_id, v.number, v.state
)
delete from touchline.campaign_versions v
using said draft, said live
where (draft.state, live.state) = ('draft', 'live')
  and (live.business_id, live.campaign_id, live.touches) = (draft.business_id, draft.campaign_id, draft.touches)
  and (v.business_id, v.campaign_id, v.number) = (draft.business_id, draft.campaign_id, draft.number);

update touchline.campaign_versions v
set state = 'retired', retired_at = pg_catalog.now()
from touchline.campaigns c, touchline.campaign_versions draft
where c.business_id = touchline.system_business_id()
  and c.preset_key in ('gentle', 'standard', 'assertive')
  and (draft.business_id, draft.campaign_id, draft.state) = (c.business_id, c.id, 'draft')
  and (v.business_id, v.campaign_id, v.state) = (c.business_id, c.id, 'live');

with published as (
  update touchline.campaign_versions v
  set state = 'live', published_at = pg_catalog.now()
  from touchline.campaigns c
  where c.business_id = touchline.system_business_id()
    and c.preset_key in ('gentle', 'standard', 'assertive')
    and (v.business_id, v.campaign_id, v.state) = (c.business_id, c.id, 'draft')
  returning v.business_id, v.campaign_id, v.number
)
update touchline.campaigns c
set status = 'active', live_version = published.number
from published
where (published.business_id, published.campaign_id) = (c.business_id, c.id);
