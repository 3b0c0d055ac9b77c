-- Purpose: own evidence; written by functions only, never changed.
revoke all on touchline.consent_events from public, anon, authenticated, service_role, touchline_worker;
grant select, insert, update, delete on touchline.consent_events to service_role;
drop policy if exists consent_events_select on touchline.consent_events;
drop policy if exists consent_events_insert on touchline.consent_events;
drop policy if exists consent_events_update on touchline.consent_events;
drop policy if exists consent_events_delete on touchline.consent_events;

grant select (business_id, id, customer_id, channel, kind, scope, source, source_event_id, method, consent_form, text_shown, notes, recorded_by,
  occurred_at, recorded_at, sequence) on touchline.consent_events to authenticated;
create policy consent_events_select on touchline.consent_events for select to authenticated
using (business_id = any (touchline.my_business_ids()));
