-- Purpose: the one table of how long rows are kept: every table of the schema, how its old rows go, after how many days by default
-- and at the earliest, and what must be true of a row that goes, or why none does. how: automatic (the worker clears them out),
-- asked (only touchline prune, with an age), follows (with the row of another table), kept (never).
-- Moves: none
-- Locks: none
-- Raises: none
create or replace function touchline.retention()
returns table (table_name text, how text, default_days integer, least_days integer, rule text)
language sql stable security definer
set search_path = ''
as $$
  select r.*
  from (values
    -- Days count from the moment that the rule names first.
    ('evidence_checks', 'automatic', 1, 1, 'looked at last; its message is no longer of unknown outcome'),
    ('idempotency_keys', 'automatic', 1, 1, 'made; after 24 hours a key means nothing'),
    ('lane_claims', 'automatic', 0, 0, 'its lease is over; none of its messages is still sending or unknown'),
    ('login_links', 'automatic', 1, 1, 'ended; for a day whoever is late is told why'),
    ('mailbox_messages', 'automatic', 90, 1, 'accepted; its message is not on its way, and the clock is a real one: a demo keeps them'),
    ('sessions', 'automatic', 0, 0, 'ended'),
    ('webhook_inbox', 'automatic', 90, 30, 'received; acted on, or a year older: providers repeat callbacks for days, and their effects are kept elsewhere'),

    ('audit_log', 'asked', null, 365, 'happened; the message it excuses is gone'),
    ('campaign_enrollments', 'asked', null, 90,
      'ended; longer ago than every look-back of the policy (re-entry, frequency cap, minimum gap), nothing queued, no job waits for its end, and each message of it is settled and was not heard of since'),
    ('jobs', 'asked', null, 365,
      'completed or planned; its enrollments are gone, nothing is left to decide, and it is too old to be enrolled by a second import'),
    ('send_logs', 'asked', null, 90, 'settled and last heard of; belongs to no enrollment (else it goes with that), and is older than the look-back of the frequency cap'),

    ('daily_stats_changes', 'follows', null, null, 'when it is folded into daily_stats: every tick does'),
    ('links', 'follows', null, null, 'with its message; a link that unsubscribes stays for ever'),
    ('message_events', 'follows', null, null, 'with its message: the delivery status is that of the highest event, so one that is missing could un-bounce it'),
    ('send_attempts', 'follows', null, null, 'with its message: an attempt is the proof of what was handed over'),
    ('touch_queue', 'follows', null, null, 'with the end of its enrollment'),

    ('address_keys', 'kept', null, null, 'one row; without it no suppression could be recognised'),
    ('api_keys', 'kept', null, null, 'made by people; a revoked key still says whose it was'),
    ('business_dispatch', 'kept', null, null, 'one row per business and channel'),
    ('business_members', 'kept', null, null, 'settings'),
    ('businesses', 'kept', null, null, 'settings'),
    ('campaign_touches', 'kept', null, null, 'what enrollments are pinned to'),
    ('campaign_versions', 'kept', null, null, 'what enrollments are pinned to'),
    ('campaigns', 'kept', null, null, 'history outlives its definitions: archived, not deleted'),
    ('code_files', 'kept', null, null, 'one row per file of the package'),
    ('consent_events', 'kept', null, null, 'evidence: who texts must prove consent for as long as somebody may sue, four years under the TCPA, and an opt-out holds for ever'),
    ('customers', 'kept', null, null, 'an erasure wipes a person; the row stays, so that history still counts'),
    ('daily_stats', 'kept', null, null, 'counts that outlive the messages they were counted from'),
    ('installation', 'kept', null, null, 'one row'),
    ('message_templates', 'kept', null, null, 'made by people'),
    ('reviews_feedback', 'kept', null, null, 'what customers said belongs to the business'),
    ('sender_accounts', 'kept', null, null, 'settings; messages name the account they left through'),
    ('sending_policies', 'kept', null, null, 'settings'),
    ('sending_windows', 'kept', null, null, 'settings'),
    ('suppressions', 'kept', null, null, 'evidence: an address that must not be written to stays so for ever, whoever is imported again'),
    ('template_versions', 'kept', null, null, 'the texts as they were sent'),
    ('time_zones', 'kept', null, null, 'fixed'),
    ('users', 'kept', null, null, 'made by people'),
    ('webhook_endpoints', 'kept', null, null, 'settings')
  ) r (table_name, how, default_days, least_days, rule)
$$;

revoke all on function touchline.retention() from public;
grant execute on function touchline.retention() to touchline_worker, service_role;
