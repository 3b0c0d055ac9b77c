-- Invariant 33: a provider's event is in the inbox once and tells each thing about a message once.
-- Scope: live
-- Why: impossible by the unique keys webhook_inbox_event_key and message_events_once; this proves that they stand. That effects
-- do not depend on the order of arrival is said by 12, 13 and 34.
select w.business_id, 'webhook_inbox' as place, w.id, w.provider || ' ' || w.event_id as event
from touchline.webhook_inbox w
join touchline.webhook_inbox o on (o.business_id, o.provider, o.event_id) = (w.business_id, w.provider, w.event_id)
where w.received_at >= p_since
  and o.id <> w.id
union all
select e.business_id, 'message_events', e.id, e.kind
from touchline.message_events e
join touchline.message_events o on (o.business_id, o.webhook_id, o.kind) = (e.business_id, e.webhook_id, e.kind)
where e.created_at >= p_since
  and o.id <> e.id
