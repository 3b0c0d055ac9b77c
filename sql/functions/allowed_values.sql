-- Purpose: what the rules of the tables allow, in words: one row per constraint a caller's value can break, with the key that
-- value is given by; constraint_name is null where only the type rules. A test holds it against the catalog.
-- Moves: none
-- Locks: none
-- Raises: none
create or replace function touchline.allowed_values()
returns table (table_name text, constraint_name text, key text, allowed text)
language sql immutable
set search_path = ''
as $$
  values
    ('businesses', 'businesses_name', 'name', '1 to 200 characters'),
    ('businesses', 'businesses_time_zone_fkey', 'time_zone', 'an IANA zone name, like America/New_York; the table time_zones has them all'),
    ('businesses', 'businesses_country', 'country', 'two capital letters, like US'),
    ('businesses', 'businesses_state', 'state', 'one to three capital letters or digits, like NY; or null'),
    ('businesses', 'businesses_postal_address', 'postal_address', '8 to 500 characters, or null'),
    ('businesses', 'businesses_brand_name', 'brand_name', '1 to 100 characters, or null'),
    ('businesses', 'businesses_sender_name', 'sender_name', '1 to 100 characters, or null'),
    ('businesses', 'businesses_contact_phone', 'contact_phone', '+ and 7 to 15 digits, like +12125550100; or null'),
    ('businesses', 'businesses_contact_email', 'contact_email', 'an email address, or null'),
    ('businesses', 'businesses_review_url', 'review_url', 'an address that begins with https://, at most 2000 characters; or null'),
    ('businesses', 'businesses_service_types', 'service_types',
      'at least one of hvac, plumbing, electrical, cleaning, roofing, painting, handyman, other'),
    ('business_members', 'business_members_role', 'role', 'owner, manager or viewer'),
    ('sending_policies', 'sending_policies_max_late_hours', 'max_late_hours', '1 to 720 hours'),
    ('sending_policies', 'sending_policies_min_gap_hours', 'min_gap_hours', '0 to 720 hours'),
    ('sending_policies', 'sending_policies_cap_messages_per_24h', 'cap_messages_per_24h', '1 to 20 messages'),
    ('sending_policies', 'sending_policies_cap_sms_per_day', 'cap_sms_per_day', '1 to 10 messages'),
    ('sending_policies', 'sending_policies_reentry_days_after_review', 'reentry_days_after_review', '0 to 3650 days'),
    ('sending_policies', 'sending_policies_reentry_days_after_enrollment', 'reentry_days_after_enrollment', '0 to 3650 days'),
    ('sending_policies', 'sending_policies_overlap', 'overlap', 'skip, replace, queue_after or ask'),
    ('sending_policies', 'sending_policies_queue_gap_days', 'queue_gap_days', '0 to 365 days'),
    ('sending_policies', 'sending_policies_max_enroll_age_days', 'max_enroll_age_days', '1 to 365 days'),
    ('sending_policies', 'sending_policies_after_opt_out', 'after_opt_out', 'stop_enrollment or continue_other_channel'),
    ('sending_policies', 'sending_policies_unknown_sms', 'unknown_sms', 'presumed_sent, hold or resend_once'),
    ('sending_policies', 'sending_policies_unknown_email', 'unknown_email', 'presumed_sent, hold or resend_once'),
    ('sending_policies', 'sending_policies_max_attempts', 'max_attempts', '1 to 20 attempts'),
    ('sending_policies', null, 'stop_on_reply', 'true or false'),
    ('sending_windows', 'sending_windows_channel', 'channel', 'email or sms'),
    ('sending_windows', 'sending_windows_iso_weekday', 'iso_weekday', '1 (Monday) to 7 (Sunday)'),
    ('sending_windows', 'sending_windows_opens', 'opens', 'a time of day before 24:00, like 08:00'),
    ('sending_windows', 'sending_windows_not_empty', 'closes', 'a time of day other than opens, like 21:00; an earlier one is on the next day'),
    ('sending_windows', 'sending_windows_pkey', 'opens', 'one window per weekday and opening time'),
    ('message_templates', 'message_templates_name', 'name', '1 to 100 characters'),
    ('message_templates', 'message_templates_channel', 'channel', 'email or sms'),
    ('message_templates', 'message_templates_service_type', 'service_type',
      'hvac, plumbing, electrical, cleaning, roofing, painting, handyman, other, or null for any'),
    ('message_templates', 'message_templates_purpose', 'purpose', 'first, reminder, last_note or other'),
    ('message_templates', 'message_templates_subject', 'subject', 'a text for an email, null for an SMS'),
    ('message_templates', 'message_templates_subject_text', 'subject', '1 to 300 characters in one line'),
    ('message_templates', 'message_templates_body', 'body', '1 to 10000 characters'),
    ('campaigns', 'campaigns_name', 'name', '1 to 100 characters in one line'),
    ('campaigns', 'campaigns_description', 'description', 'at most 500 characters'),
    ('campaigns', 'campaigns_service_type', 'service_type',
      'hvac, plumbing, electrical, cleaning, roofing, painting, handyman, other, or null for all'),
    ('campaign_touches', 'campaign_touches_channel', 'channel', 'email or sms'),
    ('campaign_touches', 'campaign_touches_delay_hours', 'delay_hours', 'whole hours from 1 to 8760 (a year)'),
    ('campaign_touches', null, 'template_id', 'the id of a template, or null while the version is a draft')
$$;

revoke all on function touchline.allowed_values() from public;
