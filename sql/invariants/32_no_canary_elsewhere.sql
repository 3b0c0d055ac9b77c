-- Invariant 32: the marker of one business never stands in a message, event, webhook or log of another.
-- Scope: harness
-- Why: a test gives a business texts that hold `canary-<its id>`. What leaves over HTTP is searched by its own tests.
select t.business_id, t.place, t.id, m.marker[1]::uuid as canary_of
from (
  select l.business_id, 'send_logs' as place, l.id,
    pg_catalog.concat_ws(' ', l.recipient, l.subject, l.variables::text, l.error_message) as words
  from touchline.send_logs l
  union all
  select e.business_id, 'message_events', e.id, e.detail::text
  from touchline.message_events e
  union all
  select w.business_id, 'webhook_inbox', w.id, pg_catalog.concat_ws(' ', w.headers::text, pg_catalog.encode(w.body, 'escape'))
  from touchline.webhook_inbox w
  union all
  select r.business_id, 'audit_log', r.id, r.detail::text
  from touchline.audit_log r
  union all
  select n.business_id, 'links', n.id, n.target_url
  from touchline.links n
) t
cross join lateral pg_catalog.regexp_matches(t.words, 'canary-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})', 'g') m (marker)
where m.marker[1]::uuid <> t.business_id
