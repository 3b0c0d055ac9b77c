-- The schema of a fresh database, written by `npm run gen` for review; nobody runs it.

-- schema
grant usage on schema touchline to authenticated
grant usage on schema touchline to service_role
grant usage on schema touchline to touchline_worker

-- types and sequences
sequence touchline.fence_sequence: bigint from 1 by 1

-- tables
table touchline.address_keys: row level security on
table touchline.api_keys: row level security on
table touchline.audit_log: row level security on
table touchline.business_dispatch (fillfactor=50, autovacuum_vacuum_scale_factor=0, autovacuum_vacuum_threshold=5000, autovacuum_vacuum_cost_delay=0, vacuum_truncate=off): row level security on
table touchline.business_members: row level security on
table touchline.businesses: row level security on
table touchline.campaign_enrollments (fillfactor=75): row level security on
table touchline.campaign_touches: row level security on
table touchline.campaign_versions: row level security on
table touchline.campaigns: row level security on
table touchline.code_files: row level security on
table touchline.consent_events: row level security on
table touchline.customers (autovacuum_analyze_scale_factor=0.01, autovacuum_analyze_threshold=1000): row level security on
table touchline.daily_stats: row level security on
table touchline.daily_stats_changes (autovacuum_vacuum_scale_factor=0, autovacuum_vacuum_threshold=5000, autovacuum_vacuum_cost_delay=0, vacuum_truncate=off): row level security on
table touchline.evidence_checks: row level security on
table touchline.idempotency_keys: row level security on
table touchline.installation: row level security on
table touchline.jobs (autovacuum_analyze_scale_factor=0.01, autovacuum_analyze_threshold=1000): row level security on
table touchline.lane_claims (autovacuum_vacuum_scale_factor=0, autovacuum_vacuum_threshold=5000, autovacuum_vacuum_cost_delay=0): row level security on
table touchline.links: row level security on
table touchline.login_links: row level security on
table touchline.mailbox_messages: row level security on
table touchline.message_events: row level security on
table touchline.message_templates: row level security on
table touchline.reviews_feedback: row level security on
table touchline.send_attempts (fillfactor=50): row level security on
table touchline.send_logs (fillfactor=50): row level security on
table touchline.sender_accounts (fillfactor=70): row level security on
table touchline.sending_policies: row level security on
table touchline.sending_windows: row level security on
table touchline.sessions: row level security on
table touchline.suppressions: row level security on
table touchline.template_versions: row level security on
table touchline.time_zones: row level security on
table touchline.touch_queue (fillfactor=60, autovacuum_vacuum_scale_factor=0, autovacuum_vacuum_threshold=10000, autovacuum_vacuum_cost_delay=0, vacuum_truncate=off): row level security on
table touchline.users: row level security on
table touchline.webhook_endpoints: row level security on
table touchline.webhook_inbox: row level security on

-- columns
touchline.address_keys.01 only_row boolean not null default true
touchline.address_keys.02 inner_key bytea not null
touchline.address_keys.03 outer_key bytea not null
touchline.api_keys.01 business_id uuid not null
touchline.api_keys.02 id uuid not null default touchline.uuid_v7()
touchline.api_keys.03 name text not null
touchline.api_keys.04 key_prefix text not null
touchline.api_keys.05 last4 text not null
touchline.api_keys.06 key_hash bytea not null
touchline.api_keys.07 scopes text[] not null default '{read,write}'::text[]
touchline.api_keys.08 created_by uuid
touchline.api_keys.09 created_at timestamp with time zone not null default now()
touchline.api_keys.10 last_used_at timestamp with time zone
touchline.api_keys.11 revoked_at timestamp with time zone
touchline.audit_log.01 business_id uuid not null
touchline.audit_log.02 id uuid not null default touchline.uuid_v7()
touchline.audit_log.03 actor_kind text not null
touchline.audit_log.04 actor_id uuid
touchline.audit_log.05 action text not null
touchline.audit_log.06 object_kind text not null
touchline.audit_log.07 object_id uuid
touchline.audit_log.08 detail jsonb not null default '{}'::jsonb
touchline.audit_log.09 occurred_at timestamp with time zone not null
touchline.business_dispatch.01 business_id uuid not null
touchline.business_dispatch.02 channel text not null
touchline.business_dispatch.03 next_due_at timestamp with time zone not null default 'infinity'::timestamp with time zone
touchline.business_dispatch.04 floor_due_at timestamp with time zone not null default '-infinity'::timestamp with time zone
touchline.business_dispatch.05 floor_enrollment_id uuid not null default '00000000-0000-0000-0000-000000000000'::uuid
touchline.business_dispatch.06 blocked_at timestamp with time zone
touchline.business_dispatch.07 blocked_reason text
touchline.business_members.01 business_id uuid not null
touchline.business_members.02 user_id uuid not null
touchline.business_members.03 role text not null
touchline.business_members.04 created_at timestamp with time zone not null default now()
touchline.business_members.05 updated_at timestamp with time zone not null default now()
touchline.businesses.01 id uuid not null default touchline.uuid_v7()
touchline.businesses.02 user_id uuid
touchline.businesses.03 name text not null
touchline.businesses.04 time_zone text not null
touchline.businesses.05 country text not null default 'US'::text
touchline.businesses.06 state text
touchline.businesses.07 postal_address text
touchline.businesses.08 brand_name text
touchline.businesses.09 sender_name text
touchline.businesses.10 contact_phone text
touchline.businesses.11 contact_email text
touchline.businesses.12 review_url text
touchline.businesses.13 service_types text[] not null default '{hvac,plumbing,electrical,cleaning,roofing,painting,handyman,other}'::text[]
touchline.businesses.14 status text not null default 'active'::text
touchline.businesses.15 suspended_at timestamp with time zone
touchline.businesses.16 suspend_reason text
touchline.businesses.17 created_at timestamp with time zone not null default now()
touchline.businesses.18 updated_at timestamp with time zone not null default now()
touchline.campaign_enrollments.01 business_id uuid not null
touchline.campaign_enrollments.02 id uuid not null default touchline.uuid_v7()
touchline.campaign_enrollments.03 campaign_id uuid not null
touchline.campaign_enrollments.04 campaign_version integer not null
touchline.campaign_enrollments.05 job_id uuid not null
touchline.campaign_enrollments.06 customer_id uuid not null
touchline.campaign_enrollments.07 status text not null default 'active'::text
touchline.campaign_enrollments.08 stop_reason text
touchline.campaign_enrollments.09 stopped_at timestamp with time zone
touchline.campaign_enrollments.10 completed_at timestamp with time zone
touchline.campaign_enrollments.11 enrolled_at timestamp with time zone not null
touchline.campaign_enrollments.12 anchor_at timestamp with time zone not null
touchline.campaign_enrollments.13 plan_shift interval not null default '00:00:00'::interval
touchline.campaign_enrollments.14 current_touch smallint not null default 1
touchline.campaign_enrollments.15 touch_1_scheduled_at timestamp with time zone
touchline.campaign_enrollments.16 touch_1_sent_at timestamp with time zone
touchline.campaign_enrollments.17 touch_1_status text
touchline.campaign_enrollments.18 touch_1_reason text
touchline.campaign_enrollments.19 touch_2_scheduled_at timestamp with time zone
touchline.campaign_enrollments.20 touch_2_sent_at timestamp with time zone
touchline.campaign_enrollments.21 touch_2_status text
touchline.campaign_enrollments.22 touch_2_reason text
touchline.campaign_enrollments.23 touch_3_scheduled_at timestamp with time zone
touchline.campaign_enrollments.24 touch_3_sent_at timestamp with time zone
touchline.campaign_enrollments.25 touch_3_status text
touchline.campaign_enrollments.26 touch_3_reason text
touchline.campaign_enrollments.27 touch_4_scheduled_at timestamp with time zone
touchline.campaign_enrollments.28 touch_4_sent_at timestamp with time zone
touchline.campaign_enrollments.29 touch_4_status text
touchline.campaign_enrollments.30 touch_4_reason text
touchline.campaign_enrollments.31 created_at timestamp with time zone not null default now()
touchline.campaign_enrollments.32 updated_at timestamp with time zone not null default now()
touchline.campaign_enrollments.33 touch_1_skipped_at timestamp with time zone
touchline.campaign_enrollments.34 touch_2_skipped_at timestamp with time zone
touchline.campaign_enrollments.35 touch_3_skipped_at timestamp with time zone
touchline.campaign_enrollments.36 touch_4_skipped_at timestamp with time zone
touchline.campaign_touches.01 business_id uuid not null
touchline.campaign_touches.02 id uuid not null default touchline.uuid_v7()
touchline.campaign_touches.03 campaign_id uuid not null
touchline.campaign_touches.04 version integer not null default 1
touchline.campaign_touches.05 touch_number smallint not null
touchline.campaign_touches.06 channel text not null
touchline.campaign_touches.07 delay_hours integer not null
touchline.campaign_touches.08 template_id uuid
touchline.campaign_touches.09 template_version_id uuid
touchline.campaign_touches.10 created_at timestamp with time zone not null default now()
touchline.campaign_touches.11 updated_at timestamp with time zone not null default now()
touchline.campaign_versions.01 business_id uuid not null
touchline.campaign_versions.02 campaign_id uuid not null
touchline.campaign_versions.03 number integer not null
touchline.campaign_versions.04 state text not null default 'draft'::text
touchline.campaign_versions.05 published_at timestamp with time zone
touchline.campaign_versions.06 published_by uuid
touchline.campaign_versions.07 retired_at timestamp with time zone
touchline.campaign_versions.08 created_at timestamp with time zone not null default now()
touchline.campaign_versions.09 updated_at timestamp with time zone not null default now()
touchline.campaigns.01 business_id uuid not null
touchline.campaigns.02 id uuid not null default touchline.uuid_v7()
touchline.campaigns.03 name text not null
touchline.campaigns.04 description text
touchline.campaigns.05 service_type text
touchline.campaigns.06 is_preset boolean not null default false
touchline.campaigns.07 preset_key text
touchline.campaigns.08 copied_from_preset text
touchline.campaigns.09 status text not null default 'draft'::text
touchline.campaigns.10 live_version integer
touchline.campaigns.11 paused_at timestamp with time zone
touchline.campaigns.12 pause_reason text
touchline.campaigns.13 archived_at timestamp with time zone
touchline.campaigns.14 created_at timestamp with time zone not null default now()
touchline.campaigns.15 updated_at timestamp with time zone not null default now()
touchline.code_files.01 path text not null
touchline.code_files.02 checksum text not null
touchline.consent_events.01 business_id uuid not null
touchline.consent_events.02 id uuid not null default touchline.uuid_v7()
touchline.consent_events.03 customer_id uuid
touchline.consent_events.04 channel text not null
touchline.consent_events.05 kind text not null
touchline.consent_events.06 scope text not null default 'business'::text
touchline.consent_events.07 source text not null
touchline.consent_events.08 source_event_id text
touchline.consent_events.09 method text
touchline.consent_events.10 consent_form text
touchline.consent_events.11 text_shown text
touchline.consent_events.12 notes text
touchline.consent_events.13 ip inet
touchline.consent_events.14 address_hash bytea not null
touchline.consent_events.15 recorded_by uuid
touchline.consent_events.16 occurred_at timestamp with time zone not null
touchline.consent_events.17 recorded_at timestamp with time zone not null default now()
touchline.consent_events.18 sequence bigint not null default nextval('touchline.fence_sequence'::regclass)
touchline.customers.01 business_id uuid not null
touchline.customers.02 id uuid not null default touchline.uuid_v7()
touchline.customers.03 external_id text
touchline.customers.04 first_name text
touchline.customers.05 last_name text
touchline.customers.06 email text
touchline.customers.07 phone text
touchline.customers.08 country text
touchline.customers.09 state text
touchline.customers.10 time_zone text
touchline.customers.11 time_zone_source text
touchline.customers.12 sms_consent_status text not null default 'unknown'::text
touchline.customers.13 sms_consent_at timestamp with time zone
touchline.customers.14 email_consent_status text not null default 'unknown'::text
touchline.customers.15 email_consent_at timestamp with time zone
touchline.customers.16 status text not null default 'active'::text
touchline.customers.17 archived_at timestamp with time zone
touchline.customers.18 erased_at timestamp with time zone
touchline.customers.19 last_reviewed_at timestamp with time zone
touchline.customers.20 tags text[] not null default '{}'::text[]
touchline.customers.21 created_at timestamp with time zone not null default now()
touchline.customers.22 updated_at timestamp with time zone not null default now()
touchline.daily_stats.01 business_id uuid not null
touchline.daily_stats.02 campaign_id uuid not null
touchline.daily_stats.03 touch_number smallint not null
touchline.daily_stats.04 channel text not null
touchline.daily_stats.05 day date not null
touchline.daily_stats.06 sent integer not null default 0
touchline.daily_stats.07 presumed_sent integer not null default 0
touchline.daily_stats.08 failed integer not null default 0
touchline.daily_stats.09 skipped integer not null default 0
touchline.daily_stats.10 delivered integer not null default 0
touchline.daily_stats.11 opened integer not null default 0
touchline.daily_stats.12 clicked integer not null default 0
touchline.daily_stats.13 bounced integer not null default 0
touchline.daily_stats.14 complained integer not null default 0
touchline.daily_stats_changes.01 business_id uuid not null
touchline.daily_stats_changes.02 id uuid not null default touchline.uuid_v7()
touchline.daily_stats_changes.03 campaign_id uuid not null
touchline.daily_stats_changes.04 touch_number smallint not null
touchline.daily_stats_changes.05 channel text not null
touchline.daily_stats_changes.06 at timestamp with time zone not null
touchline.daily_stats_changes.07 measure text not null
touchline.daily_stats_changes.08 change integer not null
touchline.evidence_checks.01 business_id uuid not null
touchline.evidence_checks.02 send_log_id uuid not null
touchline.evidence_checks.03 claim_id uuid not null
touchline.evidence_checks.04 look_at timestamp with time zone not null
touchline.evidence_checks.05 ends_at timestamp with time zone not null
touchline.evidence_checks.06 tries integer not null default 0
touchline.evidence_checks.07 error_code text
touchline.evidence_checks.08 error_message text
touchline.idempotency_keys.01 business_id uuid not null
touchline.idempotency_keys.02 route text not null
touchline.idempotency_keys.03 key text not null
touchline.idempotency_keys.04 body_hash bytea not null
touchline.idempotency_keys.05 response_status smallint
touchline.idempotency_keys.06 response_body jsonb
touchline.idempotency_keys.07 created_at timestamp with time zone not null default now()
touchline.idempotency_keys.08 finished_at timestamp with time zone
touchline.installation.01 only_row boolean not null default true
touchline.installation.02 virtual_clock boolean not null default false
touchline.installation.03 build integer not null default 0
touchline.installation.04 code_checksum text
touchline.installation.05 created_at timestamp with time zone not null default now()
touchline.installation.06 horizon_scale numeric not null default 1
touchline.installation.07 id uuid not null default gen_random_uuid()
touchline.installation.08 system_identifier text
touchline.installation.09 database_oid bigint
touchline.installation.10 location text
touchline.installation.11 timeline bigint
touchline.installation.12 generation bigint not null default 0
touchline.installation.13 heartbeat_at timestamp with time zone
touchline.installation.14 safe_mode_at timestamp with time zone
touchline.installation.15 safe_mode_reason text
touchline.installation.16 doubts_since timestamp with time zone
touchline.installation.17 pruned_at timestamp with time zone
touchline.installation.18 messages_pruned_before timestamp with time zone
touchline.jobs.01 business_id uuid not null
touchline.jobs.02 id uuid not null default touchline.uuid_v7()
touchline.jobs.03 customer_id uuid not null
touchline.jobs.04 external_id text
touchline.jobs.05 service_type text not null default 'other'::text
touchline.jobs.06 title text
touchline.jobs.07 notes text
touchline.jobs.08 status text not null default 'scheduled'::text
touchline.jobs.09 scheduled_for timestamp with time zone
touchline.jobs.10 completed_at timestamp with time zone
touchline.jobs.11 source text not null default 'app'::text
touchline.jobs.12 campaign_choice text not null default 'automatic'::text
touchline.jobs.13 chosen_campaign_id uuid
touchline.jobs.14 decision text
touchline.jobs.15 decision_reason text
touchline.jobs.16 decided_at timestamp with time zone
touchline.jobs.17 decide_after timestamp with time zone
touchline.jobs.18 blocked_by_enrollment uuid
touchline.jobs.19 created_at timestamp with time zone not null default now()
touchline.jobs.20 updated_at timestamp with time zone not null default now()
touchline.lane_claims.01 business_id uuid not null
touchline.lane_claims.02 claim_id uuid not null
touchline.lane_claims.03 channel text not null
touchline.lane_claims.04 worker text not null
touchline.lane_claims.05 claimed_at timestamp with time zone not null
touchline.lane_claims.06 lease_until timestamp with time zone not null
touchline.lane_claims.07 check_at timestamp with time zone not null
touchline.lane_claims.08 send_log_ids uuid[] not null
touchline.links.01 business_id uuid not null
touchline.links.02 id uuid not null default touchline.uuid_v7()
touchline.links.03 token text not null
touchline.links.04 purpose text not null
touchline.links.05 target_url text
touchline.links.06 customer_id uuid
touchline.links.07 campaign_enrollment_id uuid
touchline.links.08 send_log_id uuid
touchline.links.09 created_at timestamp with time zone not null default now()
touchline.login_links.01 token_hash bytea not null
touchline.login_links.02 user_id uuid not null
touchline.login_links.03 created_at timestamp with time zone not null
touchline.login_links.04 expires_at timestamp with time zone not null
touchline.login_links.05 used_at timestamp with time zone
touchline.mailbox_messages.01 business_id uuid not null
touchline.mailbox_messages.02 send_log_id uuid not null
touchline.mailbox_messages.03 attempt smallint not null
touchline.mailbox_messages.04 channel text not null
touchline.mailbox_messages.05 recipient text not null
touchline.mailbox_messages.06 from_name text
touchline.mailbox_messages.07 subject text
touchline.mailbox_messages.08 text text not null
touchline.mailbox_messages.09 html text
touchline.mailbox_messages.10 accepted_at timestamp with time zone not null
touchline.message_events.01 business_id uuid not null
touchline.message_events.02 id uuid not null default touchline.uuid_v7()
touchline.message_events.03 send_log_id uuid not null
touchline.message_events.04 webhook_id uuid
touchline.message_events.05 kind text not null
touchline.message_events.06 rank smallint not null
touchline.message_events.07 is_automatic boolean not null default false
touchline.message_events.08 detail jsonb not null default '{}'::jsonb
touchline.message_events.09 occurred_at timestamp with time zone not null
touchline.message_events.10 created_at timestamp with time zone not null default now()
touchline.message_templates.01 business_id uuid not null
touchline.message_templates.02 id uuid not null default touchline.uuid_v7()
touchline.message_templates.03 name text not null
touchline.message_templates.04 channel text not null
touchline.message_templates.05 service_type text
touchline.message_templates.06 purpose text not null default 'other'::text
touchline.message_templates.07 subject text
touchline.message_templates.08 body text not null
touchline.message_templates.09 created_at timestamp with time zone not null default now()
touchline.message_templates.10 updated_at timestamp with time zone not null default now()
touchline.reviews_feedback.01 business_id uuid not null
touchline.reviews_feedback.02 id uuid not null default touchline.uuid_v7()
touchline.reviews_feedback.03 customer_id uuid
touchline.reviews_feedback.04 campaign_enrollment_id uuid
touchline.reviews_feedback.05 send_log_id uuid
touchline.reviews_feedback.06 rating smallint
touchline.reviews_feedback.07 comment text
touchline.reviews_feedback.08 received_at timestamp with time zone not null
touchline.reviews_feedback.09 resolved_at timestamp with time zone
touchline.reviews_feedback.10 resolved_by uuid
touchline.reviews_feedback.11 internal_notes text
touchline.reviews_feedback.12 created_at timestamp with time zone not null default now()
touchline.reviews_feedback.13 updated_at timestamp with time zone not null default now()
touchline.send_attempts.01 business_id uuid not null
touchline.send_attempts.02 send_log_id uuid not null
touchline.send_attempts.03 attempt smallint not null
touchline.send_attempts.04 claim_id uuid not null
touchline.send_attempts.05 worker text not null
touchline.send_attempts.06 started_at timestamp with time zone not null
touchline.send_attempts.07 deadline_at timestamp with time zone not null
touchline.send_attempts.08 finished_at timestamp with time zone
touchline.send_attempts.09 outcome text
touchline.send_attempts.10 provider_id text
touchline.send_attempts.11 error_code text
touchline.send_attempts.12 error_message text
touchline.send_attempts.13 is_replay boolean not null default false
touchline.send_attempts.14 is_assumed boolean not null default false
touchline.send_logs.01 business_id uuid not null
touchline.send_logs.02 id uuid not null default touchline.uuid_v7()
touchline.send_logs.03 customer_id uuid
touchline.send_logs.04 recipient text
touchline.send_logs.05 subject text
touchline.send_logs.06 status text not null default 'queued'::text
touchline.send_logs.07 provider text
touchline.send_logs.08 provider_id text
touchline.send_logs.09 error_code text
touchline.send_logs.10 error_message text
touchline.send_logs.11 sent_at timestamp with time zone
touchline.send_logs.12 created_at timestamp with time zone not null default now()
touchline.send_logs.13 campaign_id uuid
touchline.send_logs.14 campaign_enrollment_id uuid
touchline.send_logs.15 touch_number smallint
touchline.send_logs.16 channel text not null default 'email'::text
touchline.send_logs.17 state text
touchline.send_logs.18 campaign_version integer
touchline.send_logs.19 template_version_id uuid
touchline.send_logs.20 sender_account_id uuid
touchline.send_logs.21 variables jsonb
touchline.send_logs.22 claim_id uuid
touchline.send_logs.23 attempt smallint
touchline.send_logs.24 claimed_at timestamp with time zone
touchline.send_logs.25 settled_at timestamp with time zone
touchline.send_logs.26 due_at timestamp with time zone
touchline.send_logs.27 outcome text
touchline.send_logs.28 sequence bigint
touchline.send_logs.29 updated_at timestamp with time zone not null default now()
touchline.send_logs.30 deferred_reason text
touchline.send_logs.31 deferrals smallint
touchline.send_logs.32 unproved_at timestamp with time zone
touchline.sender_accounts.01 business_id uuid not null
touchline.sender_accounts.02 id uuid not null default touchline.uuid_v7()
touchline.sender_accounts.03 channel text not null
touchline.sender_accounts.04 kind text not null default 'server_default'::text
touchline.sender_accounts.05 name text not null default 'Server default'::text
touchline.sender_accounts.06 from_address text
touchline.sender_accounts.07 settings jsonb not null default '{}'::jsonb
touchline.sender_accounts.08 secret_ciphertext bytea
touchline.sender_accounts.09 secret_key_id text
touchline.sender_accounts.10 in_use boolean not null default true
touchline.sender_accounts.11 status text not null default 'active'::text
touchline.sender_accounts.12 paused_at timestamp with time zone
touchline.sender_accounts.13 pause_reason text
touchline.sender_accounts.14 paused_until timestamp with time zone
touchline.sender_accounts.15 failures_in_a_row integer not null default 0
touchline.sender_accounts.16 rate_per_hour integer
touchline.sender_accounts.17 next_slot_at timestamp with time zone not null default '-infinity'::timestamp with time zone
touchline.sender_accounts.18 created_at timestamp with time zone not null default now()
touchline.sender_accounts.19 updated_at timestamp with time zone not null default now()
touchline.sending_policies.01 business_id uuid not null
touchline.sending_policies.02 max_late_hours integer not null default 48
touchline.sending_policies.03 min_gap_hours integer not null default 20
touchline.sending_policies.04 cap_messages_per_24h integer not null default 3
touchline.sending_policies.05 cap_sms_per_day integer not null default 1
touchline.sending_policies.06 reentry_days_after_review integer not null default 30
touchline.sending_policies.07 reentry_days_after_enrollment integer not null default 90
touchline.sending_policies.08 overlap text not null default 'skip'::text
touchline.sending_policies.09 queue_gap_days integer not null default 7
touchline.sending_policies.10 max_enroll_age_days integer not null default 14
touchline.sending_policies.11 after_opt_out text not null default 'stop_enrollment'::text
touchline.sending_policies.12 stop_on_reply boolean not null default true
touchline.sending_policies.13 unknown_sms text not null default 'presumed_sent'::text
touchline.sending_policies.14 unknown_email text not null default 'presumed_sent'::text
touchline.sending_policies.15 max_attempts integer not null default 5
touchline.sending_policies.16 created_at timestamp with time zone not null default now()
touchline.sending_policies.17 updated_at timestamp with time zone not null default now()
touchline.sending_windows.01 business_id uuid not null
touchline.sending_windows.02 channel text not null
touchline.sending_windows.03 iso_weekday smallint not null
touchline.sending_windows.04 opens time without time zone not null
touchline.sending_windows.05 closes time without time zone not null
touchline.sessions.01 token_hash bytea not null
touchline.sessions.02 user_id uuid not null
touchline.sessions.03 created_at timestamp with time zone not null
touchline.sessions.04 expires_at timestamp with time zone not null
touchline.suppressions.01 business_id uuid not null
touchline.suppressions.02 channel text not null
touchline.suppressions.03 address_hash bytea not null
touchline.suppressions.04 address text
touchline.suppressions.05 reason text not null
touchline.suppressions.06 suppressed_at timestamp with time zone not null
touchline.suppressions.07 lifted_at timestamp with time zone
touchline.suppressions.08 created_at timestamp with time zone not null default now()
touchline.suppressions.09 updated_at timestamp with time zone not null default now()
touchline.template_versions.01 business_id uuid not null
touchline.template_versions.02 id uuid not null default touchline.uuid_v7()
touchline.template_versions.03 template_id uuid
touchline.template_versions.04 number integer not null
touchline.template_versions.05 name text not null
touchline.template_versions.06 channel text not null
touchline.template_versions.07 subject text
touchline.template_versions.08 body text not null
touchline.template_versions.09 created_at timestamp with time zone not null default now()
touchline.time_zones.01 name text not null
touchline.touch_queue.01 business_id uuid not null
touchline.touch_queue.02 enrollment_id uuid not null
touchline.touch_queue.03 touch_number smallint not null
touchline.touch_queue.04 channel text not null
touchline.touch_queue.05 scheduled_at timestamp with time zone not null
touchline.touch_queue.06 due_at timestamp with time zone not null
touchline.touch_queue.07 late_after timestamp with time zone not null
touchline.touch_queue.08 blocked_by text
touchline.touch_queue.09 attempts smallint not null default 0
touchline.touch_queue.10 claim_id uuid
touchline.touch_queue.11 lease_until timestamp with time zone
touchline.touch_queue.12 stopping boolean not null default false
touchline.touch_queue.13 deferred_reason text
touchline.touch_queue.14 deferrals smallint
touchline.users.01 id uuid not null default touchline.uuid_v7()
touchline.users.02 email text not null
touchline.users.03 password_hash text
touchline.users.04 created_at timestamp with time zone not null default now()
touchline.users.05 updated_at timestamp with time zone not null default now()
touchline.webhook_endpoints.01 business_id uuid not null
touchline.webhook_endpoints.02 id uuid not null default touchline.uuid_v7()
touchline.webhook_endpoints.03 url text not null
touchline.webhook_endpoints.04 events text[] not null
touchline.webhook_endpoints.05 secret_ciphertext bytea
touchline.webhook_endpoints.06 secret_key_id text
touchline.webhook_endpoints.07 status text not null default 'active'::text
touchline.webhook_endpoints.08 disabled_at timestamp with time zone
touchline.webhook_endpoints.09 disable_reason text
touchline.webhook_endpoints.10 created_at timestamp with time zone not null default now()
touchline.webhook_endpoints.11 updated_at timestamp with time zone not null default now()
touchline.webhook_inbox.01 business_id uuid not null
touchline.webhook_inbox.02 id uuid not null default touchline.uuid_v7()
touchline.webhook_inbox.03 provider text not null
touchline.webhook_inbox.04 sender_account_id uuid
touchline.webhook_inbox.05 event_id text not null
touchline.webhook_inbox.06 headers jsonb not null default '{}'::jsonb
touchline.webhook_inbox.07 body bytea not null
touchline.webhook_inbox.08 received_at timestamp with time zone not null default now()
touchline.webhook_inbox.09 processed_at timestamp with time zone
touchline.webhook_inbox.10 error_message text

-- constraints
touchline.address_keys address_keys_length CHECK (((length(inner_key) = 64) AND (length(outer_key) = 64)))
touchline.address_keys address_keys_one_row CHECK (only_row)
touchline.address_keys address_keys_pkey PRIMARY KEY (only_row)
touchline.api_keys api_keys_business_id_fkey FOREIGN KEY (business_id) REFERENCES touchline.businesses(id) ON DELETE CASCADE
touchline.api_keys api_keys_key_hash CHECK ((length(key_hash) = 32))
touchline.api_keys api_keys_last4 CHECK ((length(last4) = 4))
touchline.api_keys api_keys_name CHECK (((length(btrim(name)) >= 1) AND (length(btrim(name)) <= 100)))
touchline.api_keys api_keys_pkey PRIMARY KEY (business_id, id)
touchline.api_keys api_keys_scopes CHECK (((cardinality(scopes) >= 1) AND (scopes <@ '{read,write,events}'::text[])))
touchline.audit_log audit_log_action CHECK (((length(action) >= 1) AND (length(action) <= 100)))
touchline.audit_log audit_log_actor_kind CHECK ((actor_kind = ANY (ARRAY['member'::text, 'api_key'::text, 'operator'::text, 'worker'::text, 'customer'::text])))
touchline.audit_log audit_log_business_id_fkey FOREIGN KEY (business_id) REFERENCES touchline.businesses(id) ON DELETE CASCADE
touchline.audit_log audit_log_pkey PRIMARY KEY (business_id, id)
touchline.business_dispatch business_dispatch_blocked CHECK (((blocked_at IS NULL) = (blocked_reason IS NULL)))
touchline.business_dispatch business_dispatch_business_id_fkey FOREIGN KEY (business_id) REFERENCES touchline.businesses(id) ON DELETE CASCADE
touchline.business_dispatch business_dispatch_channel CHECK ((channel = ANY (ARRAY['email'::text, 'sms'::text])))
touchline.business_dispatch business_dispatch_pkey PRIMARY KEY (business_id, channel)
touchline.business_members business_members_business_id_fkey FOREIGN KEY (business_id) REFERENCES touchline.businesses(id) ON DELETE CASCADE
touchline.business_members business_members_pkey PRIMARY KEY (business_id, user_id)
touchline.business_members business_members_role CHECK ((role = ANY (ARRAY['owner'::text, 'manager'::text, 'viewer'::text])))
touchline.businesses businesses_brand_name CHECK (((length(btrim(brand_name)) >= 1) AND (length(btrim(brand_name)) <= 100)))
touchline.businesses businesses_contact_email CHECK (((contact_email ~ '^[^\s@<>",;]+@[^\s@<>",;]+$'::text) AND (length(contact_email) <= 254)))
touchline.businesses businesses_contact_phone CHECK ((contact_phone ~ '^\+[1-9][0-9]{6,14}$'::text))
touchline.businesses businesses_country CHECK ((country ~ '^[A-Z]{2}$'::text))
touchline.businesses businesses_name CHECK (((length(btrim(name)) >= 1) AND (length(btrim(name)) <= 200)))
touchline.businesses businesses_owner CHECK (((user_id IS NULL) = (id = '00000000-0000-0000-0000-000000000000'::uuid)))
touchline.businesses businesses_pkey PRIMARY KEY (id)
touchline.businesses businesses_postal_address CHECK (((length(btrim(postal_address)) >= 8) AND (length(btrim(postal_address)) <= 500)))
touchline.businesses businesses_review_url CHECK (((review_url ~ '^https://[^\s]+$'::text) AND (length(review_url) <= 2000)))
touchline.businesses businesses_sender_name CHECK (((length(btrim(sender_name)) >= 1) AND (length(btrim(sender_name)) <= 100)))
touchline.businesses businesses_service_types CHECK (((cardinality(service_types) >= 1) AND (service_types <@ '{hvac,plumbing,electrical,cleaning,roofing,painting,handyman,other}'::text[])))
touchline.businesses businesses_state CHECK ((state ~ '^[A-Z0-9]{1,3}$'::text))
touchline.businesses businesses_status CHECK ((status = ANY (ARRAY['active'::text, 'suspended'::text])))
touchline.businesses businesses_suspend_reason CHECK (((suspended_at IS NULL) = (suspend_reason IS NULL)))
touchline.businesses businesses_suspended CHECK (((status = 'suspended'::text) = (suspended_at IS NOT NULL)))
touchline.businesses businesses_time_zone_fkey FOREIGN KEY (time_zone) REFERENCES touchline.time_zones(name)
touchline.campaign_enrollments campaign_enrollments_business_id_campaign_id_campaign_vers_fkey FOREIGN KEY (business_id, campaign_id, campaign_version) REFERENCES touchline.campaign_versions(business_id, campaign_id, number)
touchline.campaign_enrollments campaign_enrollments_business_id_campaign_id_fkey FOREIGN KEY (business_id, campaign_id) REFERENCES touchline.campaigns(business_id, id) ON DELETE CASCADE
touchline.campaign_enrollments campaign_enrollments_business_id_customer_id_fkey FOREIGN KEY (business_id, customer_id) REFERENCES touchline.customers(business_id, id) ON DELETE CASCADE
touchline.campaign_enrollments campaign_enrollments_business_id_fkey FOREIGN KEY (business_id) REFERENCES touchline.businesses(id) ON DELETE CASCADE
touchline.campaign_enrollments campaign_enrollments_business_id_job_id_fkey FOREIGN KEY (business_id, job_id) REFERENCES touchline.jobs(business_id, id) ON DELETE CASCADE
touchline.campaign_enrollments campaign_enrollments_completed_at CHECK (((status = 'completed'::text) = (completed_at IS NOT NULL)))
touchline.campaign_enrollments campaign_enrollments_current_touch CHECK (((current_touch >= 1) AND (current_touch <= 4)))
touchline.campaign_enrollments campaign_enrollments_pkey PRIMARY KEY (business_id, id)
touchline.campaign_enrollments campaign_enrollments_plan_shift CHECK ((plan_shift >= '00:00:00'::interval))
touchline.campaign_enrollments campaign_enrollments_status CHECK ((status = ANY (ARRAY['active'::text, 'completed'::text, 'stopped'::text])))
touchline.campaign_enrollments campaign_enrollments_stop_reason CHECK ((stop_reason = ANY (ARRAY['review_clicked'::text, 'feedback_submitted'::text, 'opted_out_sms'::text, 'opted_out_email'::text, 'owner_stopped'::text, 'campaign_paused'::text, 'campaign_deleted'::text, 'repeat_job'::text, 'replied'::text, 'booked_again'::text, 'bounced'::text, 'complained'::text, 'customer_erased'::text, 'business_suspended'::text])))
touchline.campaign_enrollments campaign_enrollments_stopped CHECK (((status = 'stopped'::text) = (stop_reason IS NOT NULL)))
touchline.campaign_enrollments campaign_enrollments_stopped_at CHECK (((status = 'stopped'::text) = (stopped_at IS NOT NULL)))
touchline.campaign_enrollments campaign_enrollments_touch_1 CHECK ((touch_1_scheduled_at IS NOT NULL))
touchline.campaign_enrollments campaign_enrollments_touch_1_planned CHECK (((touch_1_scheduled_at IS NULL) = (touch_1_status IS NULL)))
touchline.campaign_enrollments campaign_enrollments_touch_1_reason CHECK (((COALESCE(touch_1_status, ''::text) = ANY (ARRAY['failed'::text, 'skipped'::text])) = (touch_1_reason IS NOT NULL)))
touchline.campaign_enrollments campaign_enrollments_touch_1_sent_at CHECK ((((touch_1_status = 'sent'::text) IS TRUE) = (touch_1_sent_at IS NOT NULL)))
touchline.campaign_enrollments campaign_enrollments_touch_1_skipped_at CHECK (((touch_1_skipped_at IS NULL) OR (touch_1_status = 'skipped'::text)))
touchline.campaign_enrollments campaign_enrollments_touch_1_status CHECK ((touch_1_status = ANY (ARRAY['pending'::text, 'sending'::text, 'unknown'::text, 'held'::text, 'sent'::text, 'presumed_sent'::text, 'failed'::text, 'skipped'::text, 'cancelled'::text])))
touchline.campaign_enrollments campaign_enrollments_touch_2_after_1 CHECK (((touch_2_scheduled_at IS NULL) OR (touch_2_scheduled_at > touch_1_scheduled_at)))
touchline.campaign_enrollments campaign_enrollments_touch_2_follows CHECK (((touch_2_scheduled_at IS NULL) OR (touch_1_scheduled_at IS NOT NULL)))
touchline.campaign_enrollments campaign_enrollments_touch_2_planned CHECK (((touch_2_scheduled_at IS NULL) = (touch_2_status IS NULL)))
touchline.campaign_enrollments campaign_enrollments_touch_2_reason CHECK (((COALESCE(touch_2_status, ''::text) = ANY (ARRAY['failed'::text, 'skipped'::text])) = (touch_2_reason IS NOT NULL)))
touchline.campaign_enrollments campaign_enrollments_touch_2_sent_at CHECK ((((touch_2_status = 'sent'::text) IS TRUE) = (touch_2_sent_at IS NOT NULL)))
touchline.campaign_enrollments campaign_enrollments_touch_2_skipped_at CHECK (((touch_2_skipped_at IS NULL) OR (touch_2_status = 'skipped'::text)))
touchline.campaign_enrollments campaign_enrollments_touch_2_status CHECK ((touch_2_status = ANY (ARRAY['pending'::text, 'sending'::text, 'unknown'::text, 'held'::text, 'sent'::text, 'presumed_sent'::text, 'failed'::text, 'skipped'::text, 'cancelled'::text])))
touchline.campaign_enrollments campaign_enrollments_touch_3_after_2 CHECK (((touch_3_scheduled_at IS NULL) OR (touch_3_scheduled_at > touch_2_scheduled_at)))
touchline.campaign_enrollments campaign_enrollments_touch_3_follows CHECK (((touch_3_scheduled_at IS NULL) OR (touch_2_scheduled_at IS NOT NULL)))
touchline.campaign_enrollments campaign_enrollments_touch_3_planned CHECK (((touch_3_scheduled_at IS NULL) = (touch_3_status IS NULL)))
touchline.campaign_enrollments campaign_enrollments_touch_3_reason CHECK (((COALESCE(touch_3_status, ''::text) = ANY (ARRAY['failed'::text, 'skipped'::text])) = (touch_3_reason IS NOT NULL)))
touchline.campaign_enrollments campaign_enrollments_touch_3_sent_at CHECK ((((touch_3_status = 'sent'::text) IS TRUE) = (touch_3_sent_at IS NOT NULL)))
touchline.campaign_enrollments campaign_enrollments_touch_3_skipped_at CHECK (((touch_3_skipped_at IS NULL) OR (touch_3_status = 'skipped'::text)))
touchline.campaign_enrollments campaign_enrollments_touch_3_status CHECK ((touch_3_status = ANY (ARRAY['pending'::text, 'sending'::text, 'unknown'::text, 'held'::text, 'sent'::text, 'presumed_sent'::text, 'failed'::text, 'skipped'::text, 'cancelled'::text])))
touchline.campaign_enrollments campaign_enrollments_touch_4_after_3 CHECK (((touch_4_scheduled_at IS NULL) OR (touch_4_scheduled_at > touch_3_scheduled_at)))
touchline.campaign_enrollments campaign_enrollments_touch_4_follows CHECK (((touch_4_scheduled_at IS NULL) OR (touch_3_scheduled_at IS NOT NULL)))
touchline.campaign_enrollments campaign_enrollments_touch_4_planned CHECK (((touch_4_scheduled_at IS NULL) = (touch_4_status IS NULL)))
touchline.campaign_enrollments campaign_enrollments_touch_4_reason CHECK (((COALESCE(touch_4_status, ''::text) = ANY (ARRAY['failed'::text, 'skipped'::text])) = (touch_4_reason IS NOT NULL)))
touchline.campaign_enrollments campaign_enrollments_touch_4_sent_at CHECK ((((touch_4_status = 'sent'::text) IS TRUE) = (touch_4_sent_at IS NOT NULL)))
touchline.campaign_enrollments campaign_enrollments_touch_4_skipped_at CHECK (((touch_4_skipped_at IS NULL) OR (touch_4_status = 'skipped'::text)))
touchline.campaign_enrollments campaign_enrollments_touch_4_status CHECK ((touch_4_status = ANY (ARRAY['pending'::text, 'sending'::text, 'unknown'::text, 'held'::text, 'sent'::text, 'presumed_sent'::text, 'failed'::text, 'skipped'::text, 'cancelled'::text])))
touchline.campaign_touches campaign_touches_business_id_campaign_id_fkey FOREIGN KEY (business_id, campaign_id) REFERENCES touchline.campaigns(business_id, id) ON DELETE CASCADE
touchline.campaign_touches campaign_touches_business_id_campaign_id_version_fkey FOREIGN KEY (business_id, campaign_id, version) REFERENCES touchline.campaign_versions(business_id, campaign_id, number) ON DELETE CASCADE
touchline.campaign_touches campaign_touches_business_id_template_id_fkey FOREIGN KEY (business_id, template_id) REFERENCES touchline.message_templates(business_id, id) ON DELETE SET NULL (template_id)
touchline.campaign_touches campaign_touches_business_id_template_version_id_fkey FOREIGN KEY (business_id, template_version_id) REFERENCES touchline.template_versions(business_id, id)
touchline.campaign_touches campaign_touches_channel CHECK ((channel = ANY (ARRAY['email'::text, 'sms'::text])))
touchline.campaign_touches campaign_touches_delay_hours CHECK (((delay_hours >= 1) AND (delay_hours <= 8760)))
touchline.campaign_touches campaign_touches_pkey PRIMARY KEY (business_id, id)
touchline.campaign_touches campaign_touches_position_key UNIQUE (business_id, campaign_id, version, touch_number)
touchline.campaign_touches campaign_touches_touch_number CHECK (((touch_number >= 1) AND (touch_number <= 4)))
touchline.campaign_versions campaign_versions_business_id_campaign_id_fkey FOREIGN KEY (business_id, campaign_id) REFERENCES touchline.campaigns(business_id, id) ON DELETE CASCADE
touchline.campaign_versions campaign_versions_number CHECK ((number >= 1))
touchline.campaign_versions campaign_versions_pkey PRIMARY KEY (business_id, campaign_id, number)
touchline.campaign_versions campaign_versions_published_at CHECK (((state = 'draft'::text) = (published_at IS NULL)))
touchline.campaign_versions campaign_versions_retired_at CHECK (((state = 'retired'::text) = (retired_at IS NOT NULL)))
touchline.campaign_versions campaign_versions_state CHECK ((state = ANY (ARRAY['draft'::text, 'live'::text, 'retired'::text])))
touchline.campaigns campaigns_archived_at CHECK (((status = 'archived'::text) = (archived_at IS NOT NULL)))
touchline.campaigns campaigns_business_id_fkey FOREIGN KEY (business_id) REFERENCES touchline.businesses(id) ON DELETE CASCADE
touchline.campaigns campaigns_description CHECK ((length(description) <= 500))
touchline.campaigns campaigns_is_preset CHECK ((is_preset = (business_id = '00000000-0000-0000-0000-000000000000'::uuid)))
touchline.campaigns campaigns_live_version CHECK (((status <> ALL (ARRAY['active'::text, 'paused'::text])) OR (live_version IS NOT NULL)))
touchline.campaigns campaigns_live_version_fk FOREIGN KEY (business_id, id, live_version) REFERENCES touchline.campaign_versions(business_id, campaign_id, number)
touchline.campaigns campaigns_name CHECK ((((length(btrim(name)) >= 1) AND (length(btrim(name)) <= 100)) AND (name !~ '[\x01-\x1f\x7f]'::text)))
touchline.campaigns campaigns_pause_reason CHECK (((pause_reason IS NULL) OR (paused_at IS NOT NULL)))
touchline.campaigns campaigns_paused_at CHECK (((status = 'paused'::text) = (paused_at IS NOT NULL)))
touchline.campaigns campaigns_pkey PRIMARY KEY (business_id, id)
touchline.campaigns campaigns_preset_key CHECK ((is_preset = (preset_key IS NOT NULL)))
touchline.campaigns campaigns_preset_key_key UNIQUE (business_id, preset_key)
touchline.campaigns campaigns_service_type CHECK ((service_type = ANY (ARRAY['hvac'::text, 'plumbing'::text, 'electrical'::text, 'cleaning'::text, 'roofing'::text, 'painting'::text, 'handyman'::text, 'other'::text])))
touchline.campaigns campaigns_status CHECK ((status = ANY (ARRAY['draft'::text, 'active'::text, 'paused'::text, 'archived'::text])))
touchline.code_files code_files_pkey PRIMARY KEY (path)
touchline.consent_events consent_events_business_id_customer_id_fkey FOREIGN KEY (business_id, customer_id) REFERENCES touchline.customers(business_id, id) ON DELETE SET NULL (customer_id)
touchline.consent_events consent_events_business_id_fkey FOREIGN KEY (business_id) REFERENCES touchline.businesses(id) ON DELETE CASCADE
touchline.consent_events consent_events_channel CHECK ((channel = ANY (ARRAY['email'::text, 'sms'::text])))
touchline.consent_events consent_events_consent_form CHECK ((consent_form = ANY (ARRAY['express'::text, 'written'::text])))
touchline.consent_events consent_events_consent_form_of_opt_in CHECK (((consent_form IS NULL) OR (kind = 'opt_in'::text)))
touchline.consent_events consent_events_kind CHECK ((kind = ANY (ARRAY['opt_in'::text, 'opt_out'::text])))
touchline.consent_events consent_events_method CHECK ((method = ANY (ARRAY['verbal_in_person'::text, 'phone_call'::text, 'service_agreement'::text, 'website_form'::text, 'text_message'::text, 'email'::text, 'other'::text])))
touchline.consent_events consent_events_pkey PRIMARY KEY (business_id, id)
touchline.consent_events consent_events_scope CHECK ((scope = ANY (ARRAY['business'::text, 'all'::text])))
touchline.consent_events consent_events_source CHECK ((source = ANY (ARRAY['api'::text, 'cli'::text, 'dashboard'::text, 'import'::text, 'inbound_sms'::text, 'inbound_email'::text, 'unsubscribe_link'::text, 'provider'::text, 'complaint'::text, 'bounce'::text])))
touchline.consent_events consent_events_source_event UNIQUE (business_id, source, source_event_id)
touchline.customers customers_archived_at CHECK (((status <> 'archived'::text) OR (archived_at IS NOT NULL)))
touchline.customers customers_business_id_fkey FOREIGN KEY (business_id) REFERENCES touchline.businesses(id) ON DELETE CASCADE
touchline.customers customers_country CHECK ((country ~ '^[A-Z]{2}$'::text))
touchline.customers customers_email CHECK (((email = lower(email)) AND (email ~ '^[^\s@<>",;]+@[^\s@<>",;]+$'::text) AND (length(email) <= 254)))
touchline.customers customers_email_consent_at CHECK (((email_consent_status = 'unknown'::text) = (email_consent_at IS NULL)))
touchline.customers customers_email_consent_status CHECK ((email_consent_status = ANY (ARRAY['unknown'::text, 'opted_in'::text, 'opted_out'::text])))
touchline.customers customers_erased_at CHECK (((status = 'erased'::text) = (erased_at IS NOT NULL)))
touchline.customers customers_external_id CHECK (((length(external_id) >= 1) AND (length(external_id) <= 200)))
touchline.customers customers_external_id_key UNIQUE (business_id, external_id)
touchline.customers customers_first_name CHECK (((length(first_name) <= 100) AND (first_name !~ '[\x01-\x1f\x7f]'::text)))
touchline.customers customers_last_name CHECK (((length(last_name) <= 100) AND (last_name !~ '[\x01-\x1f\x7f]'::text)))
touchline.customers customers_not_archived CHECK (((status <> 'active'::text) OR (archived_at IS NULL)))
touchline.customers customers_phone CHECK ((phone ~ '^\+[1-9][0-9]{6,14}$'::text))
touchline.customers customers_pkey PRIMARY KEY (business_id, id)
touchline.customers customers_sms_consent_at CHECK (((sms_consent_status = 'unknown'::text) = (sms_consent_at IS NULL)))
touchline.customers customers_sms_consent_status CHECK ((sms_consent_status = ANY (ARRAY['unknown'::text, 'opted_in'::text, 'opted_out'::text])))
touchline.customers customers_state CHECK ((state ~ '^[A-Z0-9]{1,3}$'::text))
touchline.customers customers_status CHECK ((status = ANY (ARRAY['active'::text, 'archived'::text, 'erased'::text])))
touchline.customers customers_tags CHECK ((cardinality(tags) <= 5))
touchline.customers customers_time_zone_fkey FOREIGN KEY (time_zone) REFERENCES touchline.time_zones(name)
touchline.customers customers_time_zone_has_source CHECK (((time_zone IS NULL) = (time_zone_source IS NULL)))
touchline.customers customers_time_zone_source CHECK ((time_zone_source = ANY (ARRAY['explicit'::text, 'address'::text, 'area_code'::text])))
touchline.daily_stats daily_stats_business_id_campaign_id_fkey FOREIGN KEY (business_id, campaign_id) REFERENCES touchline.campaigns(business_id, id) ON DELETE CASCADE
touchline.daily_stats daily_stats_business_id_fkey FOREIGN KEY (business_id) REFERENCES touchline.businesses(id) ON DELETE CASCADE
touchline.daily_stats daily_stats_channel CHECK ((channel = ANY (ARRAY['email'::text, 'sms'::text])))
touchline.daily_stats daily_stats_pkey PRIMARY KEY (business_id, campaign_id, day, touch_number, channel)
touchline.daily_stats daily_stats_touch_number CHECK (((touch_number >= 1) AND (touch_number <= 4)))
touchline.daily_stats_changes daily_stats_changes_change CHECK ((change <> 0))
touchline.daily_stats_changes daily_stats_changes_channel CHECK ((channel = ANY (ARRAY['email'::text, 'sms'::text])))
touchline.daily_stats_changes daily_stats_changes_measure CHECK ((measure = ANY (ARRAY['sent'::text, 'presumed_sent'::text, 'failed'::text, 'skipped'::text, 'delivered'::text, 'opened'::text, 'clicked'::text, 'bounced'::text, 'complained'::text])))
touchline.daily_stats_changes daily_stats_changes_pkey PRIMARY KEY (business_id, id)
touchline.daily_stats_changes daily_stats_changes_touch_number CHECK (((touch_number >= 1) AND (touch_number <= 4)))
touchline.evidence_checks evidence_checks_business_id_send_log_id_fkey FOREIGN KEY (business_id, send_log_id) REFERENCES touchline.send_logs(business_id, id) ON DELETE CASCADE
touchline.evidence_checks evidence_checks_pkey PRIMARY KEY (business_id, send_log_id)
touchline.evidence_checks evidence_checks_tries CHECK ((tries >= 0))
touchline.idempotency_keys idempotency_keys_body_hash CHECK ((length(body_hash) = 32))
touchline.idempotency_keys idempotency_keys_business_id_fkey FOREIGN KEY (business_id) REFERENCES touchline.businesses(id) ON DELETE CASCADE
touchline.idempotency_keys idempotency_keys_finished CHECK (((finished_at IS NULL) = (response_status IS NULL)))
touchline.idempotency_keys idempotency_keys_key CHECK (((length(key) >= 1) AND (length(key) <= 255)))
touchline.idempotency_keys idempotency_keys_pkey PRIMARY KEY (business_id, route, key)
touchline.installation installation_horizon_scale CHECK ((((horizon_scale >= 0.001) AND (horizon_scale <= (1)::numeric)) AND (virtual_clock OR (horizon_scale = (1)::numeric))))
touchline.installation installation_one_row CHECK (only_row)
touchline.installation installation_pkey PRIMARY KEY (only_row)
touchline.installation installation_safe_mode CHECK (((safe_mode_at IS NULL) = (safe_mode_reason IS NULL)))
touchline.jobs jobs_blocked_by CHECK (((blocked_by_enrollment IS NULL) OR (decision = ANY (ARRAY['queued'::text, 'conflict'::text]))))
touchline.jobs jobs_blocked_by_enrollment_fk FOREIGN KEY (business_id, blocked_by_enrollment) REFERENCES touchline.campaign_enrollments(business_id, id) ON DELETE SET NULL (blocked_by_enrollment)
touchline.jobs jobs_business_id_customer_id_fkey FOREIGN KEY (business_id, customer_id) REFERENCES touchline.customers(business_id, id) ON DELETE CASCADE
touchline.jobs jobs_business_id_fkey FOREIGN KEY (business_id) REFERENCES touchline.businesses(id) ON DELETE CASCADE
touchline.jobs jobs_campaign_choice CHECK ((campaign_choice = ANY (ARRAY['automatic'::text, 'campaign'::text, 'none'::text])))
touchline.jobs jobs_chosen_campaign CHECK (((chosen_campaign_id IS NULL) OR (campaign_choice = 'campaign'::text)))
touchline.jobs jobs_chosen_campaign_fk FOREIGN KEY (business_id, chosen_campaign_id) REFERENCES touchline.campaigns(business_id, id) ON DELETE SET NULL (chosen_campaign_id)
touchline.jobs jobs_completed_at CHECK (((status <> 'completed'::text) OR (completed_at IS NOT NULL)))
touchline.jobs jobs_decide_after CHECK (((decide_after IS NULL) OR (decision = 'queued'::text)))
touchline.jobs jobs_decided_at CHECK (((decision IS NULL) = (decided_at IS NULL)))
touchline.jobs jobs_decision CHECK ((decision = ANY (ARRAY['enrolled'::text, 'queued'::text, 'conflict'::text, 'refused'::text, 'imported'::text])))
touchline.jobs jobs_decision_reason CHECK ((decision_reason = ANY (ARRAY['already_active'::text, 'campaign_not_live'::text, 'campaign_paused'::text, 'customer_archived'::text, 'customer_erased'::text, 'business_suspended'::text, 'enrolled_recently'::text, 'job_not_completed'::text, 'no_campaign'::text, 'no_reachable_channel'::text, 'none_chosen'::text, 'opted_out'::text, 'reviewed_recently'::text, 'too_old'::text])))
touchline.jobs jobs_external_id CHECK (((length(external_id) >= 1) AND (length(external_id) <= 200)))
touchline.jobs jobs_external_id_key UNIQUE (business_id, external_id)
touchline.jobs jobs_not_completed CHECK (((status <> 'scheduled'::text) OR (completed_at IS NULL)))
touchline.jobs jobs_pkey PRIMARY KEY (business_id, id)
touchline.jobs jobs_refusal_has_reason CHECK (((decision = ANY (ARRAY['refused'::text, 'queued'::text, 'conflict'::text])) = (decision_reason IS NOT NULL)))
touchline.jobs jobs_service_type CHECK ((service_type = ANY (ARRAY['hvac'::text, 'plumbing'::text, 'electrical'::text, 'cleaning'::text, 'roofing'::text, 'painting'::text, 'handyman'::text, 'other'::text])))
touchline.jobs jobs_source CHECK ((source = ANY (ARRAY['app'::text, 'api'::text, 'cli'::text, 'import'::text])))
touchline.jobs jobs_status CHECK ((status = ANY (ARRAY['scheduled'::text, 'completed'::text, 'do_not_send'::text, 'cancelled'::text])))
touchline.jobs jobs_title CHECK ((length(title) <= 200))
touchline.lane_claims lane_claims_business_id_fkey FOREIGN KEY (business_id) REFERENCES touchline.businesses(id) ON DELETE CASCADE
touchline.lane_claims lane_claims_channel CHECK ((channel = ANY (ARRAY['email'::text, 'sms'::text])))
touchline.lane_claims lane_claims_lease CHECK (((lease_until > claimed_at) AND (check_at >= lease_until)))
touchline.lane_claims lane_claims_pkey PRIMARY KEY (business_id, claim_id, channel)
touchline.lane_claims lane_claims_send_log_ids CHECK ((cardinality(send_log_ids) >= 1))
touchline.links links_business_id_campaign_enrollment_id_fkey FOREIGN KEY (business_id, campaign_enrollment_id) REFERENCES touchline.campaign_enrollments(business_id, id) ON DELETE SET NULL (campaign_enrollment_id)
touchline.links links_business_id_customer_id_fkey FOREIGN KEY (business_id, customer_id) REFERENCES touchline.customers(business_id, id) ON DELETE SET NULL (customer_id)
touchline.links links_business_id_fkey FOREIGN KEY (business_id) REFERENCES touchline.businesses(id) ON DELETE CASCADE
touchline.links links_business_id_send_log_id_fkey FOREIGN KEY (business_id, send_log_id) REFERENCES touchline.send_logs(business_id, id) ON DELETE SET NULL (send_log_id)
touchline.links links_pkey PRIMARY KEY (business_id, id)
touchline.links links_purpose CHECK ((purpose = ANY (ARRAY['review'::text, 'unsubscribe'::text, 'link'::text])))
touchline.links links_target_url CHECK (((target_url ~ '^https://[^\s]+$'::text) AND (length(target_url) <= 2000)))
touchline.links links_token CHECK ((token ~ '^[A-Za-z0-9_-]{22,86}$'::text))
touchline.login_links login_links_expires_at CHECK ((expires_at > created_at))
touchline.login_links login_links_pkey PRIMARY KEY (token_hash)
touchline.login_links login_links_token_hash CHECK ((octet_length(token_hash) = 32))
touchline.mailbox_messages mailbox_messages_attempt CHECK ((attempt >= 1))
touchline.mailbox_messages mailbox_messages_business_id_send_log_id_fkey FOREIGN KEY (business_id, send_log_id) REFERENCES touchline.send_logs(business_id, id) ON DELETE CASCADE
touchline.mailbox_messages mailbox_messages_channel CHECK ((channel = ANY (ARRAY['email'::text, 'sms'::text])))
touchline.mailbox_messages mailbox_messages_pkey PRIMARY KEY (business_id, send_log_id, attempt)
touchline.message_events message_events_business_id_fkey FOREIGN KEY (business_id) REFERENCES touchline.businesses(id) ON DELETE CASCADE
touchline.message_events message_events_business_id_send_log_id_fkey FOREIGN KEY (business_id, send_log_id) REFERENCES touchline.send_logs(business_id, id) ON DELETE CASCADE
touchline.message_events message_events_business_id_webhook_id_fkey FOREIGN KEY (business_id, webhook_id) REFERENCES touchline.webhook_inbox(business_id, id) ON DELETE SET NULL (webhook_id)
touchline.message_events message_events_kind CHECK ((kind = ANY (ARRAY['accepted'::text, 'delivered'::text, 'opened'::text, 'clicked'::text, 'replied'::text, 'bounced'::text, 'complained'::text, 'failed'::text])))
touchline.message_events message_events_once UNIQUE (business_id, webhook_id, kind)
touchline.message_events message_events_pkey PRIMARY KEY (business_id, id)
touchline.message_templates message_templates_body CHECK (((length(btrim(body)) >= 1) AND (length(body) <= 10000)))
touchline.message_templates message_templates_business_id_fkey FOREIGN KEY (business_id) REFERENCES touchline.businesses(id) ON DELETE CASCADE
touchline.message_templates message_templates_channel CHECK ((channel = ANY (ARRAY['email'::text, 'sms'::text])))
touchline.message_templates message_templates_name CHECK (((length(btrim(name)) >= 1) AND (length(btrim(name)) <= 100)))
touchline.message_templates message_templates_pkey PRIMARY KEY (business_id, id)
touchline.message_templates message_templates_purpose CHECK ((purpose = ANY (ARRAY['first'::text, 'reminder'::text, 'last_note'::text, 'other'::text])))
touchline.message_templates message_templates_service_type CHECK ((service_type = ANY (ARRAY['hvac'::text, 'plumbing'::text, 'electrical'::text, 'cleaning'::text, 'roofing'::text, 'painting'::text, 'handyman'::text, 'other'::text])))
touchline.message_templates message_templates_subject CHECK (((channel = 'email'::text) = (subject IS NOT NULL)))
touchline.message_templates message_templates_subject_text CHECK (((length(btrim(subject)) >= 1) AND (length(subject) <= 300) AND (subject !~ '[\x01-\x1f\x7f]'::text)))
touchline.reviews_feedback reviews_feedback_business_id_campaign_enrollment_id_fkey FOREIGN KEY (business_id, campaign_enrollment_id) REFERENCES touchline.campaign_enrollments(business_id, id) ON DELETE SET NULL (campaign_enrollment_id)
touchline.reviews_feedback reviews_feedback_business_id_customer_id_fkey FOREIGN KEY (business_id, customer_id) REFERENCES touchline.customers(business_id, id) ON DELETE SET NULL (customer_id)
touchline.reviews_feedback reviews_feedback_business_id_fkey FOREIGN KEY (business_id) REFERENCES touchline.businesses(id) ON DELETE CASCADE
touchline.reviews_feedback reviews_feedback_business_id_send_log_id_fkey FOREIGN KEY (business_id, send_log_id) REFERENCES touchline.send_logs(business_id, id) ON DELETE SET NULL (send_log_id)
touchline.reviews_feedback reviews_feedback_comment CHECK ((length(comment) <= 5000))
touchline.reviews_feedback reviews_feedback_pkey PRIMARY KEY (business_id, id)
touchline.reviews_feedback reviews_feedback_rating CHECK (((rating >= 1) AND (rating <= 5)))
touchline.reviews_feedback reviews_feedback_resolved CHECK (((resolved_by IS NULL) OR (resolved_at IS NOT NULL)))
touchline.reviews_feedback reviews_feedback_says_something CHECK (((rating IS NOT NULL) OR (comment IS NOT NULL)))
touchline.send_attempts send_attempts_attempt CHECK ((attempt >= 1))
touchline.send_attempts send_attempts_business_id_send_log_id_fkey FOREIGN KEY (business_id, send_log_id) REFERENCES touchline.send_logs(business_id, id) ON DELETE CASCADE
touchline.send_attempts send_attempts_finished CHECK (((outcome IS NULL) = (finished_at IS NULL)))
touchline.send_attempts send_attempts_outcome CHECK ((outcome = ANY (ARRAY['accepted'::text, 'rejected'::text, 'retry'::text, 'account_error'::text, 'rate_limited'::text, 'ambiguous'::text, 'not_started'::text, 'absent'::text])))
touchline.send_attempts send_attempts_pkey PRIMARY KEY (business_id, send_log_id, attempt)
touchline.send_logs send_logs_attempt CHECK ((attempt >= 1))
touchline.send_logs send_logs_business_id_customer_id_fkey FOREIGN KEY (business_id, customer_id) REFERENCES touchline.customers(business_id, id) ON DELETE SET NULL (customer_id)
touchline.send_logs send_logs_business_id_fkey FOREIGN KEY (business_id) REFERENCES touchline.businesses(id) ON DELETE CASCADE
touchline.send_logs send_logs_campaign_fk FOREIGN KEY (business_id, campaign_id) REFERENCES touchline.campaigns(business_id, id) ON DELETE SET NULL (campaign_id)
touchline.send_logs send_logs_channel CHECK ((channel = ANY (ARRAY['email'::text, 'sms'::text])))
touchline.send_logs send_logs_deferrals CHECK ((deferrals > 0))
touchline.send_logs send_logs_deferred_reason CHECK (((deferrals IS NULL) = (deferred_reason IS NULL)))
touchline.send_logs send_logs_enrollment_fk FOREIGN KEY (business_id, campaign_enrollment_id) REFERENCES touchline.campaign_enrollments(business_id, id) ON DELETE SET NULL (campaign_enrollment_id)
touchline.send_logs send_logs_intent CHECK (((state IS NULL) OR ((claimed_at IS NOT NULL) AND (claim_id IS NOT NULL) AND (attempt IS NOT NULL))))
touchline.send_logs send_logs_pkey PRIMARY KEY (business_id, id)
touchline.send_logs send_logs_state CHECK ((state = ANY (ARRAY['sending'::text, 'retry'::text, 'unknown'::text, 'held'::text, 'sent'::text, 'presumed_sent'::text, 'failed'::text, 'cancelled'::text])))
touchline.send_logs send_logs_status CHECK ((status = ANY (ARRAY['queued'::text, 'sent'::text, 'delivered'::text, 'opened'::text, 'clicked'::text, 'bounced'::text, 'complained'::text, 'failed'::text])))
touchline.send_logs send_logs_template_version_fk FOREIGN KEY (business_id, template_version_id) REFERENCES touchline.template_versions(business_id, id)
touchline.send_logs send_logs_touch_number CHECK (((touch_number >= 1) AND (touch_number <= 4)))
touchline.sender_accounts sender_accounts_business_id_fkey FOREIGN KEY (business_id) REFERENCES touchline.businesses(id) ON DELETE CASCADE
touchline.sender_accounts sender_accounts_channel CHECK ((channel = ANY (ARRAY['email'::text, 'sms'::text])))
touchline.sender_accounts sender_accounts_kind CHECK ((kind = ANY (ARRAY['server_default'::text, 'smtp'::text, 'resend'::text, 'twilio'::text])))
touchline.sender_accounts sender_accounts_name CHECK (((length(btrim(name)) >= 1) AND (length(btrim(name)) <= 100)))
touchline.sender_accounts sender_accounts_pause_reason CHECK (((status = 'paused'::text) = (pause_reason IS NOT NULL)))
touchline.sender_accounts sender_accounts_paused_at CHECK (((status = 'paused'::text) = (paused_at IS NOT NULL)))
touchline.sender_accounts sender_accounts_paused_until CHECK (((paused_until IS NULL) OR (status = 'paused'::text)))
touchline.sender_accounts sender_accounts_pkey PRIMARY KEY (business_id, id)
touchline.sender_accounts sender_accounts_rate_per_hour CHECK (((rate_per_hour >= 1) AND (rate_per_hour <= 1000000)))
touchline.sender_accounts sender_accounts_secret CHECK (((secret_ciphertext IS NULL) = (secret_key_id IS NULL)))
touchline.sender_accounts sender_accounts_status CHECK ((status = ANY (ARRAY['active'::text, 'paused'::text])))
touchline.sending_policies sending_policies_after_opt_out CHECK ((after_opt_out = ANY (ARRAY['stop_enrollment'::text, 'continue_other_channel'::text])))
touchline.sending_policies sending_policies_business_id_fkey FOREIGN KEY (business_id) REFERENCES touchline.businesses(id) ON DELETE CASCADE
touchline.sending_policies sending_policies_cap_messages_per_24h CHECK (((cap_messages_per_24h >= 1) AND (cap_messages_per_24h <= 20)))
touchline.sending_policies sending_policies_cap_sms_per_day CHECK (((cap_sms_per_day >= 1) AND (cap_sms_per_day <= 10)))
touchline.sending_policies sending_policies_max_attempts CHECK (((max_attempts >= 1) AND (max_attempts <= 20)))
touchline.sending_policies sending_policies_max_enroll_age_days CHECK (((max_enroll_age_days >= 1) AND (max_enroll_age_days <= 365)))
touchline.sending_policies sending_policies_max_late_hours CHECK (((max_late_hours >= 1) AND (max_late_hours <= 720)))
touchline.sending_policies sending_policies_min_gap_hours CHECK (((min_gap_hours >= 0) AND (min_gap_hours <= 720)))
touchline.sending_policies sending_policies_overlap CHECK ((overlap = ANY (ARRAY['skip'::text, 'replace'::text, 'queue_after'::text, 'ask'::text])))
touchline.sending_policies sending_policies_pkey PRIMARY KEY (business_id)
touchline.sending_policies sending_policies_queue_gap_days CHECK (((queue_gap_days >= 0) AND (queue_gap_days <= 365)))
touchline.sending_policies sending_policies_reentry_days_after_enrollment CHECK (((reentry_days_after_enrollment >= 0) AND (reentry_days_after_enrollment <= 3650)))
touchline.sending_policies sending_policies_reentry_days_after_review CHECK (((reentry_days_after_review >= 0) AND (reentry_days_after_review <= 3650)))
touchline.sending_policies sending_policies_unknown_email CHECK ((unknown_email = ANY (ARRAY['presumed_sent'::text, 'hold'::text, 'resend_once'::text])))
touchline.sending_policies sending_policies_unknown_sms CHECK ((unknown_sms = ANY (ARRAY['presumed_sent'::text, 'hold'::text, 'resend_once'::text])))
touchline.sending_windows sending_windows_business_id_fkey FOREIGN KEY (business_id) REFERENCES touchline.businesses(id) ON DELETE CASCADE
touchline.sending_windows sending_windows_channel CHECK ((channel = ANY (ARRAY['email'::text, 'sms'::text])))
touchline.sending_windows sending_windows_iso_weekday CHECK (((iso_weekday >= 1) AND (iso_weekday <= 7)))
touchline.sending_windows sending_windows_not_empty CHECK ((opens <> closes))
touchline.sending_windows sending_windows_opens CHECK ((opens < '24:00:00'::time without time zone))
touchline.sending_windows sending_windows_pkey PRIMARY KEY (business_id, channel, iso_weekday, opens)
touchline.sessions sessions_expires_at CHECK ((expires_at > created_at))
touchline.sessions sessions_pkey PRIMARY KEY (token_hash)
touchline.sessions sessions_token_hash CHECK ((octet_length(token_hash) = 32))
touchline.suppressions suppressions_business_id_fkey FOREIGN KEY (business_id) REFERENCES touchline.businesses(id) ON DELETE CASCADE
touchline.suppressions suppressions_channel CHECK ((channel = ANY (ARRAY['email'::text, 'sms'::text])))
touchline.suppressions suppressions_lifted_at CHECK ((lifted_at >= suppressed_at))
touchline.suppressions suppressions_pkey PRIMARY KEY (business_id, channel, address_hash)
touchline.suppressions suppressions_reason CHECK ((reason = ANY (ARRAY['opt_out'::text, 'bounced'::text, 'complained'::text, 'customer_erased'::text, 'manual'::text])))
touchline.template_versions template_versions_business_id_fkey FOREIGN KEY (business_id) REFERENCES touchline.businesses(id) ON DELETE CASCADE
touchline.template_versions template_versions_business_id_template_id_fkey FOREIGN KEY (business_id, template_id) REFERENCES touchline.message_templates(business_id, id) ON DELETE SET NULL (template_id)
touchline.template_versions template_versions_channel CHECK ((channel = ANY (ARRAY['email'::text, 'sms'::text])))
touchline.template_versions template_versions_number CHECK ((number >= 1))
touchline.template_versions template_versions_number_key UNIQUE (business_id, template_id, number)
touchline.template_versions template_versions_pkey PRIMARY KEY (business_id, id)
touchline.time_zones time_zones_pkey PRIMARY KEY (name)
touchline.touch_queue touch_queue_attempts CHECK ((attempts >= 0))
touchline.touch_queue touch_queue_blocked_by CHECK ((blocked_by = ANY (ARRAY['campaign_paused'::text, 'business_suspended'::text, 'account_paused'::text, 'unknown'::text, 'held'::text, 'missing_setting'::text])))
touchline.touch_queue touch_queue_business_id_enrollment_id_fkey FOREIGN KEY (business_id, enrollment_id) REFERENCES touchline.campaign_enrollments(business_id, id) ON DELETE CASCADE
touchline.touch_queue touch_queue_channel CHECK ((channel = ANY (ARRAY['email'::text, 'sms'::text])))
touchline.touch_queue touch_queue_deferrals CHECK ((deferrals > 0))
touchline.touch_queue touch_queue_deferred_reason CHECK (((deferrals IS NULL) = (deferred_reason IS NULL)))
touchline.touch_queue touch_queue_lease CHECK (((claim_id IS NULL) = (lease_until IS NULL)))
touchline.touch_queue touch_queue_parked CHECK (((due_at = 'infinity'::timestamp with time zone) = (blocked_by IS NOT NULL)))
touchline.touch_queue touch_queue_pkey PRIMARY KEY (business_id, enrollment_id)
touchline.touch_queue touch_queue_touch_number CHECK (((touch_number >= 1) AND (touch_number <= 4)))
touchline.users users_email CHECK (((email = lower(email)) AND (email ~ '^[^\s@<>",;]+@[^\s@<>",;]+$'::text) AND (length(email) <= 254)))
touchline.users users_email_key UNIQUE (email)
touchline.users users_pkey PRIMARY KEY (id)
touchline.webhook_endpoints webhook_endpoints_business_id_fkey FOREIGN KEY (business_id) REFERENCES touchline.businesses(id) ON DELETE CASCADE
touchline.webhook_endpoints webhook_endpoints_disable_reason CHECK (((status = 'disabled'::text) = (disable_reason IS NOT NULL)))
touchline.webhook_endpoints webhook_endpoints_disabled_at CHECK (((status = 'disabled'::text) = (disabled_at IS NOT NULL)))
touchline.webhook_endpoints webhook_endpoints_events CHECK (((cardinality(events) >= 1) AND (cardinality(events) <= 50)))
touchline.webhook_endpoints webhook_endpoints_pkey PRIMARY KEY (business_id, id)
touchline.webhook_endpoints webhook_endpoints_secret CHECK (((secret_ciphertext IS NULL) = (secret_key_id IS NULL)))
touchline.webhook_endpoints webhook_endpoints_status CHECK ((status = ANY (ARRAY['active'::text, 'disabled'::text])))
touchline.webhook_endpoints webhook_endpoints_url CHECK (((url ~ '^https://[^\s]+$'::text) AND (length(url) <= 2000)))
touchline.webhook_inbox webhook_inbox_body CHECK ((length(body) <= 1048576))
touchline.webhook_inbox webhook_inbox_business_id_fkey FOREIGN KEY (business_id) REFERENCES touchline.businesses(id) ON DELETE CASCADE
touchline.webhook_inbox webhook_inbox_business_id_sender_account_id_fkey FOREIGN KEY (business_id, sender_account_id) REFERENCES touchline.sender_accounts(business_id, id) ON DELETE SET NULL (sender_account_id)
touchline.webhook_inbox webhook_inbox_event_key UNIQUE (business_id, provider, event_id)
touchline.webhook_inbox webhook_inbox_pkey PRIMARY KEY (business_id, id)

-- indexes
CREATE INDEX api_keys_hash ON touchline.api_keys USING btree (key_hash)
CREATE INDEX audit_log_object ON touchline.audit_log USING btree (business_id, object_kind, object_id, occurred_at)
CREATE INDEX business_dispatch_next_due ON touchline.business_dispatch USING btree (next_due_at) WHERE (blocked_at IS NULL)
CREATE INDEX business_members_user ON touchline.business_members USING btree (user_id)
CREATE INDEX businesses_name ON touchline.businesses USING btree (name, id)
CREATE INDEX businesses_time_zone ON touchline.businesses USING btree (time_zone)
CREATE INDEX businesses_user ON touchline.businesses USING btree (user_id)
CREATE INDEX campaign_enrollments_people ON touchline.campaign_enrollments USING btree (business_id, campaign_id, status, enrolled_at, id)
CREATE INDEX consent_events_address ON touchline.consent_events USING btree (business_id, channel, address_hash)
CREATE INDEX consent_events_customer ON touchline.consent_events USING btree (business_id, customer_id, channel, sequence)
CREATE INDEX customers_email ON touchline.customers USING btree (business_id, email) WHERE (email IS NOT NULL)
CREATE INDEX customers_phone ON touchline.customers USING btree (business_id, phone) WHERE (phone IS NOT NULL)
CREATE INDEX customers_time_zone ON touchline.customers USING btree (time_zone) WHERE (time_zone IS NOT NULL)
CREATE INDEX evidence_checks_look ON touchline.evidence_checks USING btree (look_at)
CREATE INDEX idempotency_keys_created ON touchline.idempotency_keys USING btree (created_at)
CREATE INDEX idx_campaigns_business ON touchline.campaigns USING btree (business_id, status)
CREATE INDEX idx_campaigns_presets ON touchline.campaigns USING btree (is_preset) WHERE is_preset
CREATE INDEX idx_enrollments_campaign ON touchline.campaign_enrollments USING btree (business_id, campaign_id, status)
CREATE INDEX idx_enrollments_customer ON touchline.campaign_enrollments USING btree (business_id, customer_id, status)
CREATE INDEX idx_enrollments_job ON touchline.campaign_enrollments USING btree (business_id, job_id)
CREATE INDEX idx_send_logs_campaign ON touchline.send_logs USING btree (campaign_id, business_id, touch_number) WHERE (campaign_id IS NOT NULL)
CREATE INDEX idx_touches_template ON touchline.campaign_touches USING btree (business_id, template_id) WHERE (template_id IS NOT NULL)
CREATE INDEX idx_touches_template_version ON touchline.campaign_touches USING btree (business_id, template_version_id) WHERE (template_version_id IS NOT NULL)
CREATE INDEX jobs_blocked_by ON touchline.jobs USING btree (business_id, blocked_by_enrollment) WHERE (blocked_by_enrollment IS NOT NULL)
CREATE INDEX jobs_chosen_campaign ON touchline.jobs USING btree (business_id, chosen_campaign_id) WHERE (chosen_campaign_id IS NOT NULL)
CREATE INDEX jobs_customer ON touchline.jobs USING btree (business_id, customer_id)
CREATE INDEX jobs_queued ON touchline.jobs USING btree (decide_after, business_id, id) WHERE (decision = 'queued'::text)
CREATE INDEX jobs_undecided ON touchline.jobs USING btree (completed_at, business_id, id) WHERE ((status = 'completed'::text) AND (decision IS NULL))
CREATE INDEX lane_claims_check ON touchline.lane_claims USING btree (check_at)
CREATE INDEX links_customer ON touchline.links USING btree (business_id, customer_id) WHERE (customer_id IS NOT NULL)
CREATE INDEX links_enrollment ON touchline.links USING btree (business_id, campaign_enrollment_id) WHERE (campaign_enrollment_id IS NOT NULL)
CREATE INDEX links_send_log ON touchline.links USING btree (business_id, send_log_id) WHERE (send_log_id IS NOT NULL)
CREATE INDEX links_token_lookup ON touchline.links USING btree (token)
CREATE INDEX login_links_expires_at ON touchline.login_links USING btree (expires_at)
CREATE INDEX mailbox_messages_latest ON touchline.mailbox_messages USING btree (business_id, accepted_at, send_log_id, attempt)
CREATE INDEX message_events_send_log ON touchline.message_events USING btree (business_id, send_log_id, occurred_at)
CREATE INDEX message_templates_channel ON touchline.message_templates USING btree (business_id, channel, service_type)
CREATE INDEX reviews_feedback_customer ON touchline.reviews_feedback USING btree (business_id, customer_id) WHERE (customer_id IS NOT NULL)
CREATE INDEX reviews_feedback_enrollment ON touchline.reviews_feedback USING btree (business_id, campaign_enrollment_id) WHERE (campaign_enrollment_id IS NOT NULL)
CREATE INDEX reviews_feedback_received ON touchline.reviews_feedback USING btree (business_id, received_at)
CREATE INDEX reviews_feedback_send_log ON touchline.reviews_feedback USING btree (business_id, send_log_id) WHERE (send_log_id IS NOT NULL)
CREATE INDEX send_logs_handed_over ON touchline.send_logs USING btree (business_id, customer_id, COALESCE(claimed_at, created_at)) WHERE (customer_id IS NOT NULL)
CREATE INDEX send_logs_template_version ON touchline.send_logs USING btree (business_id, template_version_id) WHERE (template_version_id IS NOT NULL)
CREATE INDEX send_logs_unproved ON touchline.send_logs USING btree (business_id, unproved_at, id) WHERE (unproved_at IS NOT NULL)
CREATE INDEX sessions_expires_at ON touchline.sessions USING btree (expires_at)
CREATE INDEX touch_queue_due ON touchline.touch_queue USING btree (business_id, channel, due_at, enrollment_id)
CREATE INDEX touch_queue_unproved ON touchline.touch_queue USING btree (blocked_by, business_id) WHERE (blocked_by = ANY (ARRAY['unknown'::text, 'held'::text]))
CREATE INDEX webhook_inbox_sender_account ON touchline.webhook_inbox USING btree (business_id, sender_account_id) WHERE (sender_account_id IS NOT NULL)
CREATE INDEX webhook_inbox_unprocessed ON touchline.webhook_inbox USING btree (received_at) WHERE (processed_at IS NULL)
CREATE UNIQUE INDEX address_keys_pkey ON touchline.address_keys USING btree (only_row)
CREATE UNIQUE INDEX api_keys_pkey ON touchline.api_keys USING btree (business_id, id)
CREATE UNIQUE INDEX audit_log_pkey ON touchline.audit_log USING btree (business_id, id)
CREATE UNIQUE INDEX business_dispatch_pkey ON touchline.business_dispatch USING btree (business_id, channel)
CREATE UNIQUE INDEX business_members_pkey ON touchline.business_members USING btree (business_id, user_id)
CREATE UNIQUE INDEX businesses_pkey ON touchline.businesses USING btree (id)
CREATE UNIQUE INDEX campaign_enrollments_one_active ON touchline.campaign_enrollments USING btree (business_id, customer_id, campaign_id) WHERE (status = 'active'::text)
CREATE UNIQUE INDEX campaign_enrollments_one_active_per_job ON touchline.campaign_enrollments USING btree (business_id, job_id) WHERE (status = 'active'::text)
CREATE UNIQUE INDEX campaign_enrollments_pkey ON touchline.campaign_enrollments USING btree (business_id, id)
CREATE UNIQUE INDEX campaign_touches_pkey ON touchline.campaign_touches USING btree (business_id, id)
CREATE UNIQUE INDEX campaign_touches_position_key ON touchline.campaign_touches USING btree (business_id, campaign_id, version, touch_number)
CREATE UNIQUE INDEX campaign_versions_one_draft ON touchline.campaign_versions USING btree (business_id, campaign_id) WHERE (state = 'draft'::text)
CREATE UNIQUE INDEX campaign_versions_one_live ON touchline.campaign_versions USING btree (business_id, campaign_id) WHERE (state = 'live'::text)
CREATE UNIQUE INDEX campaign_versions_pkey ON touchline.campaign_versions USING btree (business_id, campaign_id, number)
CREATE UNIQUE INDEX campaigns_one_per_service_type ON touchline.campaigns USING btree (business_id, service_type) NULLS NOT DISTINCT WHERE ((status = ANY (ARRAY['active'::text, 'paused'::text])) AND (NOT is_preset))
CREATE UNIQUE INDEX campaigns_pkey ON touchline.campaigns USING btree (business_id, id)
CREATE UNIQUE INDEX campaigns_preset_key_key ON touchline.campaigns USING btree (business_id, preset_key)
CREATE UNIQUE INDEX code_files_pkey ON touchline.code_files USING btree (path)
CREATE UNIQUE INDEX consent_events_pkey ON touchline.consent_events USING btree (business_id, id)
CREATE UNIQUE INDEX consent_events_source_event ON touchline.consent_events USING btree (business_id, source, source_event_id)
CREATE UNIQUE INDEX customers_external_id_key ON touchline.customers USING btree (business_id, external_id)
CREATE UNIQUE INDEX customers_pkey ON touchline.customers USING btree (business_id, id)
CREATE UNIQUE INDEX daily_stats_changes_pkey ON touchline.daily_stats_changes USING btree (business_id, id)
CREATE UNIQUE INDEX daily_stats_pkey ON touchline.daily_stats USING btree (business_id, campaign_id, day, touch_number, channel)
CREATE UNIQUE INDEX evidence_checks_pkey ON touchline.evidence_checks USING btree (business_id, send_log_id)
CREATE UNIQUE INDEX idempotency_keys_pkey ON touchline.idempotency_keys USING btree (business_id, route, key)
CREATE UNIQUE INDEX idx_send_logs_enrollment ON touchline.send_logs USING btree (business_id, campaign_enrollment_id, touch_number) WHERE (campaign_enrollment_id IS NOT NULL)
CREATE UNIQUE INDEX installation_pkey ON touchline.installation USING btree (only_row)
CREATE UNIQUE INDEX jobs_external_id_key ON touchline.jobs USING btree (business_id, external_id)
CREATE UNIQUE INDEX jobs_pkey ON touchline.jobs USING btree (business_id, id)
CREATE UNIQUE INDEX lane_claims_pkey ON touchline.lane_claims USING btree (business_id, claim_id, channel)
CREATE UNIQUE INDEX links_pkey ON touchline.links USING btree (business_id, id)
CREATE UNIQUE INDEX login_links_pkey ON touchline.login_links USING btree (token_hash)
CREATE UNIQUE INDEX mailbox_messages_pkey ON touchline.mailbox_messages USING btree (business_id, send_log_id, attempt)
CREATE UNIQUE INDEX message_events_once ON touchline.message_events USING btree (business_id, webhook_id, kind)
CREATE UNIQUE INDEX message_events_pkey ON touchline.message_events USING btree (business_id, id)
CREATE UNIQUE INDEX message_templates_pkey ON touchline.message_templates USING btree (business_id, id)
CREATE UNIQUE INDEX reviews_feedback_pkey ON touchline.reviews_feedback USING btree (business_id, id)
CREATE UNIQUE INDEX send_attempts_pkey ON touchline.send_attempts USING btree (business_id, send_log_id, attempt)
CREATE UNIQUE INDEX send_logs_pkey ON touchline.send_logs USING btree (business_id, id)
CREATE UNIQUE INDEX sender_accounts_one_in_use ON touchline.sender_accounts USING btree (business_id, channel) WHERE in_use
CREATE UNIQUE INDEX sender_accounts_pkey ON touchline.sender_accounts USING btree (business_id, id)
CREATE UNIQUE INDEX sending_policies_pkey ON touchline.sending_policies USING btree (business_id)
CREATE UNIQUE INDEX sending_windows_pkey ON touchline.sending_windows USING btree (business_id, channel, iso_weekday, opens)
CREATE UNIQUE INDEX sessions_pkey ON touchline.sessions USING btree (token_hash)
CREATE UNIQUE INDEX suppressions_pkey ON touchline.suppressions USING btree (business_id, channel, address_hash)
CREATE UNIQUE INDEX template_versions_number_key ON touchline.template_versions USING btree (business_id, template_id, number)
CREATE UNIQUE INDEX template_versions_pkey ON touchline.template_versions USING btree (business_id, id)
CREATE UNIQUE INDEX time_zones_pkey ON touchline.time_zones USING btree (name)
CREATE UNIQUE INDEX touch_queue_pkey ON touchline.touch_queue USING btree (business_id, enrollment_id)
CREATE UNIQUE INDEX users_email_key ON touchline.users USING btree (email)
CREATE UNIQUE INDEX users_pkey ON touchline.users USING btree (id)
CREATE UNIQUE INDEX webhook_endpoints_pkey ON touchline.webhook_endpoints USING btree (business_id, id)
CREATE UNIQUE INDEX webhook_inbox_event_key ON touchline.webhook_inbox USING btree (business_id, provider, event_id)
CREATE UNIQUE INDEX webhook_inbox_pkey ON touchline.webhook_inbox USING btree (business_id, id)

-- triggers
CREATE TRIGGER audit_log_append_only BEFORE UPDATE ON touchline.audit_log FOR EACH ROW EXECUTE FUNCTION touchline.refuse_evidence_change('detail')
CREATE TRIGGER business_members_updated_at BEFORE UPDATE ON touchline.business_members FOR EACH ROW EXECUTE FUNCTION touchline.set_updated_at()
CREATE TRIGGER businesses_complete AFTER INSERT ON touchline.businesses FOR EACH ROW EXECUTE FUNCTION touchline.complete_business()
CREATE TRIGGER businesses_lanes AFTER INSERT ON touchline.businesses FOR EACH ROW EXECUTE FUNCTION touchline.create_lanes()
CREATE TRIGGER businesses_recount AFTER UPDATE OF time_zone ON touchline.businesses FOR EACH ROW WHEN ((old.time_zone IS DISTINCT FROM new.time_zone)) EXECUTE FUNCTION touchline.recount_in_new_zone()
CREATE TRIGGER businesses_release_missing_settings AFTER UPDATE ON touchline.businesses FOR EACH ROW WHEN ((((old.postal_address IS NULL) AND (new.postal_address IS NOT NULL)) OR ((old.review_url IS NULL) AND (new.review_url IS NOT NULL)))) EXECUTE FUNCTION touchline.release_missing_settings()
CREATE TRIGGER businesses_updated_at BEFORE UPDATE ON touchline.businesses FOR EACH ROW EXECUTE FUNCTION touchline.set_updated_at()
CREATE TRIGGER campaign_enrollments_updated_at BEFORE UPDATE ON touchline.campaign_enrollments FOR EACH ROW EXECUTE FUNCTION touchline.set_updated_at()
CREATE TRIGGER campaign_touches_draft_only AFTER INSERT OR DELETE OR UPDATE ON touchline.campaign_touches FOR EACH ROW EXECUTE FUNCTION touchline.refuse_published_change()
CREATE TRIGGER campaign_touches_template_channel AFTER INSERT OR UPDATE OF channel, template_id ON touchline.campaign_touches FOR EACH ROW EXECUTE FUNCTION touchline.check_touch_template()
CREATE TRIGGER campaign_touches_updated_at BEFORE UPDATE ON touchline.campaign_touches FOR EACH ROW EXECUTE FUNCTION touchline.set_updated_at()
CREATE TRIGGER campaign_versions_updated_at BEFORE UPDATE ON touchline.campaign_versions FOR EACH ROW EXECUTE FUNCTION touchline.set_updated_at()
CREATE TRIGGER campaigns_first_version AFTER INSERT ON touchline.campaigns FOR EACH ROW EXECUTE FUNCTION touchline.create_first_version()
CREATE TRIGGER campaigns_updated_at BEFORE UPDATE ON touchline.campaigns FOR EACH ROW EXECUTE FUNCTION touchline.set_updated_at()
CREATE TRIGGER consent_events_append_only BEFORE UPDATE ON touchline.consent_events FOR EACH ROW EXECUTE FUNCTION touchline.refuse_evidence_change('customer_id', 'ip', 'text_shown', 'notes')
CREATE TRIGGER customers_updated_at BEFORE UPDATE ON touchline.customers FOR EACH ROW EXECUTE FUNCTION touchline.set_updated_at()
CREATE TRIGGER jobs_updated_at BEFORE UPDATE ON touchline.jobs FOR EACH ROW EXECUTE FUNCTION touchline.set_updated_at()
CREATE TRIGGER message_templates_channel_fixed BEFORE UPDATE OF channel ON touchline.message_templates FOR EACH ROW EXECUTE FUNCTION touchline.refuse_channel_change()
CREATE TRIGGER message_templates_in_use BEFORE DELETE ON touchline.message_templates FOR EACH ROW EXECUTE FUNCTION touchline.refuse_delete_of_used_template()
CREATE TRIGGER message_templates_updated_at BEFORE UPDATE ON touchline.message_templates FOR EACH ROW EXECUTE FUNCTION touchline.set_updated_at()
CREATE TRIGGER message_templates_version AFTER INSERT OR UPDATE ON touchline.message_templates FOR EACH ROW EXECUTE FUNCTION touchline.keep_template_version()
CREATE TRIGGER reviews_feedback_updated_at BEFORE UPDATE ON touchline.reviews_feedback FOR EACH ROW EXECUTE FUNCTION touchline.set_updated_at()
CREATE TRIGGER send_logs_forget_mailbox AFTER UPDATE OF recipient ON touchline.send_logs FOR EACH ROW WHEN (((new.recipient IS NULL) AND (old.recipient IS NOT NULL))) EXECUTE FUNCTION touchline.forget_mailbox_message()
CREATE TRIGGER send_logs_unproved BEFORE UPDATE OF state ON touchline.send_logs FOR EACH ROW WHEN (((new.state = ANY (ARRAY['unknown'::text, 'held'::text, 'presumed_sent'::text])) AND (old.unproved_at IS NULL))) EXECUTE FUNCTION touchline.note_unproved()
CREATE TRIGGER send_logs_updated_at BEFORE UPDATE ON touchline.send_logs FOR EACH ROW EXECUTE FUNCTION touchline.set_updated_at()
CREATE TRIGGER sender_accounts_updated_at BEFORE UPDATE ON touchline.sender_accounts FOR EACH ROW EXECUTE FUNCTION touchline.set_updated_at()
CREATE TRIGGER sending_policies_updated_at BEFORE UPDATE ON touchline.sending_policies FOR EACH ROW EXECUTE FUNCTION touchline.set_updated_at()
CREATE TRIGGER suppressions_updated_at BEFORE UPDATE ON touchline.suppressions FOR EACH ROW EXECUTE FUNCTION touchline.set_updated_at()
CREATE TRIGGER template_versions_immutable BEFORE UPDATE ON touchline.template_versions FOR EACH ROW EXECUTE FUNCTION touchline.refuse_evidence_change('template_id')
CREATE TRIGGER users_updated_at BEFORE UPDATE ON touchline.users FOR EACH ROW EXECUTE FUNCTION touchline.set_updated_at()
CREATE TRIGGER webhook_endpoints_updated_at BEFORE UPDATE ON touchline.webhook_endpoints FOR EACH ROW EXECUTE FUNCTION touchline.set_updated_at()

-- functions
function touchline.acting_role() returns text language plpgsql stable set search_path="", body f88a78b15945c8da1fa3d93710532a8e
function touchline.add_api_key(p_business_id uuid, p_name text, p_key_hash bytea, p_key_prefix text, p_last4 text, p_scopes text[], p_now timestamp with time zone DEFAULT NULL::timestamp with time zone) returns uuid language plpgsql volatile security definer set search_path="", body c9218fa986d6a52e53e7ce5a5df975ac
function touchline.add_business(p_user_id uuid, p_profile jsonb) returns uuid language plpgsql volatile security definer set search_path="", body bdc03aab59665efb5ffd49a7071a165b
function touchline.add_login_link(p_token_hash bytea, p_user_id uuid, p_now timestamp with time zone DEFAULT NULL::timestamp with time zone) returns timestamp with time zone language plpgsql volatile security definer set search_path="", body 4d8f681e110fc209293b950016a8719e
function touchline.address_hash(p_channel text, p_address text, p_keys touchline.address_keys DEFAULT NULL::touchline.address_keys) returns bytea language plpgsql stable security definer set search_path="", body b4c5969ba966de16f3e84c310a749473
function touchline.advance_enrollments(p_business_ids uuid[], p_enrollment_ids uuid[], p_statuses text[], p_sent_ats timestamp with time zone[], p_reasons text[], p_now timestamp with time zone) returns void language plpgsql volatile security definer set search_path="", body 3becea936109930328c4122ecdd8475a
function touchline.aged_ids(p_table text, p_business_id uuid, p_from uuid, p_before timestamp with time zone, p_limit integer) returns uuid[] language plpgsql stable security definer set search_path="", plan_cache_mode=force_custom_plan, body 0cfd70f52c70ce6efdbb49519cbe2e51
function touchline.ahead_moments(p_business_id uuid, p_enrollment_id uuid, p_now timestamp with time zone) returns TABLE(at timestamp with time zone, rank integer, kind text, touch_number smallint, channel text, reason text, detail text, is_ahead boolean) language plpgsql stable security definer set search_path="", body 6333704bf5c5e71210ff9e3eb6a3d059
function touchline.allowed_moments(p_business_id uuid, p_ats timestamp with time zone[], p_channels text[], p_zones text[], p_sources text[]) returns timestamp with time zone[] language plpgsql stable set search_path="", body 6b5fbc88f3322f84cafdf3cfe54ade8e
function touchline.allowed_values() returns TABLE(table_name text, constraint_name text, key text, allowed text) language sql immutable set search_path="", body 9f00ec5792ede93b02d2c4a077e92b9a
function touchline.api_key_business(p_key_hash bytea, p_now timestamp with time zone DEFAULT NULL::timestamp with time zone) returns TABLE(business_id uuid, key_id uuid, scopes text[]) language plpgsql volatile security definer set search_path="", body 357c0fa96c0d88e6f9c794dfb5b92980
function touchline.append_consent_event(p_business_id uuid, p_kind text, p_channel text, p_address text, p_details jsonb, p_now timestamp with time zone, OUT event_id uuid, OUT is_new boolean, OUT customer_ids uuid[], OUT occurred_at timestamp with time zone) returns record language plpgsql volatile security definer set search_path="", body 5c0073d19b280661aef643e0e4995d23
function touchline.apply_event(p_business_id uuid, p_customer_ids uuid[], p_kind text, p_channel text, p_address text, p_occurred_at timestamp with time zone, p_now timestamp with time zone) returns integer language plpgsql volatile security definer set search_path="", body 50a803d2ea82204c4c432f5f68f0c533
function touchline.apply_outcomes(p_claim_id uuid, p_outcomes jsonb, p_now timestamp with time zone) returns TABLE(business_id uuid, send_log_id uuid, state text) language plpgsql volatile security definer set search_path="", body ae5c90af052ba030c286df4934656396
function touchline.archive_campaign(p_business_id uuid, p_campaign_id uuid, p_now timestamp with time zone DEFAULT NULL::timestamp with time zone) returns integer language plpgsql volatile security definer set search_path="", body b9ee97d6f1dc98692093a5df0e040801
function touchline.archive_customer(p_business_id uuid, p_customer_id uuid, p_now timestamp with time zone DEFAULT NULL::timestamp with time zone) returns integer language plpgsql volatile security definer set search_path="", body 834914cb9fceec2b088477a8f6d4413a
function touchline.away_reason(p_generation_seen bigint, p_now timestamp with time zone) returns text language plpgsql stable security definer set search_path="", body 88607b9aeac457c24c03e336ce6526c0
function touchline.begin_replays(p_worker text, p_claim_id uuid, p_business_ids uuid[], p_send_log_ids uuid[], p_within interval, p_now timestamp with time zone DEFAULT NULL::timestamp with time zone) returns TABLE(business_id uuid, send_log_id uuid, attempt smallint) language plpgsql volatile security definer set search_path="", plan_cache_mode=force_generic_plan, body 446b76ca7e017f914e74efca1c9dfff6
function touchline.begin_request(p_business_id uuid, p_route text, p_key text, p_body_hash bytea, p_now timestamp with time zone DEFAULT NULL::timestamp with time zone) returns jsonb language plpgsql volatile security definer set search_path="", body 6a2d05923369a0c1bb39e4d2e031f1e1
function touchline.campaign_figures(p_business_id uuid, p_campaign_id uuid, OUT active bigint, OUT completed bigint, OUT stopped bigint, OUT parked bigint, OUT next_due_at timestamp with time zone, OUT sent bigint) returns record language plpgsql stable strict security definer set search_path="", plan_cache_mode=force_generic_plan, enable_seqscan=off, jit=off, enable_bitmapscan=off, body 21984cb8dffe4f8f41f0a054893ca2aa
function touchline.channel_obstacles(p_business_id uuid, p_customer_ids uuid[]) returns TABLE(customer_id uuid, channel text, reason text, by_opt_out boolean) language plpgsql stable security definer set search_path="", body a114179112f29e180bd754dc4429e701
function touchline.check_changes(p_table text, p_known text[], p_changes jsonb, p_place text DEFAULT ''::text) returns void language plpgsql stable set search_path="", body 316d0dafbead95c2c123b33167a0f1a7
function touchline.check_in(p_generation_seen bigint DEFAULT NULL::bigint, p_now timestamp with time zone DEFAULT NULL::timestamp with time zone) returns jsonb language plpgsql volatile security definer set search_path="", body a6ab7065a5c2687253991c6752fc0853
function touchline.check_invariants(p_since timestamp with time zone DEFAULT '-infinity'::timestamp with time zone, p_now timestamp with time zone DEFAULT NULL::timestamp with time zone) returns TABLE(invariant text, business_id uuid, detail jsonb) language plpgsql volatile security definer set search_path="", body 04af5a8079afe58a0fcda24c97f7f076
function touchline.check_sender_account(p_account touchline.sender_accounts) returns void language plpgsql immutable set search_path="", body 177835214a616b4ceb8049da2e4b26c8
function touchline.check_touch_template() returns trigger language plpgsql volatile security definer set search_path="", body bd7c9c199138d159f47df13c10808bf4
function touchline.choose_campaigns(p_business_id uuid, p_job_ids uuid[]) returns TABLE(business_id uuid, job_id uuid, campaign_id uuid, version integer, refusal text) language plpgsql stable security definer set search_path="", body b1531e2b45c91cafdf0f8e7d72318422
function touchline.claim_due_touches(p_worker text, p_claim_id uuid, p_limit integer, p_now timestamp with time zone DEFAULT NULL::timestamp with time zone) returns TABLE(business_id uuid, send_log_id uuid, attempt smallint, enrollment_id uuid, touch_number smallint, channel text, customer_id uuid, campaign_id uuid, recipient text, template_version_id uuid, subject text, body text, variables jsonb, sender_account_id uuid, sender_kind text, from_address text, sender_settings jsonb, claimed_at timestamp with time zone, deadline_ms integer, io_timeout_ms integer) language plpgsql volatile security definer set search_path="", plan_cache_mode=force_generic_plan, enable_seqscan=off, jit=off, body f8ac8919c714f46a760bf17850a3c64f
function touchline.claim_lanes(p_business_ids uuid[], p_channels text[], p_each integer, p_limit integer, p_worker text, p_claim_id uuid, p_now timestamp with time zone) returns integer language plpgsql volatile security definer set search_path="", body 04363b9e896c7f2ae43addb03c9790ad
function touchline.claim_unknowns(p_limit integer, p_now timestamp with time zone DEFAULT NULL::timestamp with time zone) returns TABLE(business_id uuid, send_log_id uuid, attempt smallint, enrollment_id uuid, touch_number smallint, channel text, customer_id uuid, campaign_id uuid, recipient text, template_version_id uuid, subject text, body text, variables jsonb, sender_account_id uuid, sender_kind text, from_address text, sender_settings jsonb, claimed_at timestamp with time zone, deadline_ms integer, io_timeout_ms integer, first_attempt_at timestamp with time zone, attempts_over_at timestamp with time zone, is_over boolean) language plpgsql volatile security definer set search_path="", plan_cache_mode=force_generic_plan, body 1f7e68d4c70ef2f393b9ac344c0846ec
function touchline.clear_out(p_limit integer DEFAULT 1000, p_now timestamp with time zone DEFAULT NULL::timestamp with time zone) returns integer language plpgsql volatile security definer set search_path="", body 8be940a46bfd72dc06fed4b79e7d6783
function touchline.complete_business() returns trigger language plpgsql volatile security definer set search_path="", body 5fcb0838034274465f9cd252b9d84f2a
function touchline.complete_job(p_business_id uuid, p_job jsonb, p_customer jsonb DEFAULT NULL::jsonb, p_now timestamp with time zone DEFAULT NULL::timestamp with time zone) returns jsonb language plpgsql volatile security definer set search_path="", body 8689f64468d629c291f34b4b14beb55b
function touchline.consent_answer(p_business_id uuid, p_event_id uuid) returns jsonb language sql stable security definer set search_path="", body d0d7966ceccae8c8056c12b30cf694a9
function touchline.consent_details(p_details jsonb) returns touchline.consent_events language plpgsql stable set search_path="", body 29c30b40ddf6b33daa5138c768ce12f7
function touchline.copy_campaign(p_business_id uuid, p_campaign_id uuid, p_name text) returns uuid language plpgsql volatile security definer set search_path="", body f92d325dafa204ba6d87844736af1d7b
function touchline.copy_preset(p_business_id uuid, p_preset_key text, p_service_type text DEFAULT NULL::text, p_name text DEFAULT NULL::text) returns uuid language plpgsql volatile security definer set search_path="", body a05ca0cb3f543339730b94159024f61b
function touchline.count_skips(p_business_ids uuid[], p_enrollment_ids uuid[], p_numbers smallint[], p_change integer) returns void language plpgsql volatile security definer set search_path="", body 59a03b27c57b12b19f95de07d317c815
function touchline.count_touches(p_business_ids uuid[], p_campaign_ids uuid[], p_numbers smallint[], p_channels text[], p_ats timestamp with time zone[], p_states text[], p_statuses text[], p_changes integer[]) returns void language plpgsql volatile security definer set search_path="", body 080184ca3f5c1fa5911c75d58838a23a
function touchline.create_campaign(p_business_id uuid, p_name text, p_service_type text, p_description text, p_touches jsonb) returns uuid language plpgsql volatile security definer set search_path="", body 9e0a34e0eac31e490c28df786ebf0205
function touchline.create_first_version() returns trigger language plpgsql volatile security definer set search_path="", body c40a60f1b9fdff0a8955a18ed4356be8
function touchline.create_lanes() returns trigger language plpgsql volatile security definer set search_path="", body a630bf9ba2065185cb7e3c7d7c3ccf62
function touchline.current_moment(p_now timestamp with time zone) returns timestamp with time zone language plpgsql volatile security definer set search_path="", body b388012213d6d7f474b7b9f67e13a8a9
function touchline.decide_jobs(p_business_id uuid, p_job_ids uuid[], p_overlap text, p_now timestamp with time zone) returns TABLE(job_id uuid, customer_id uuid, completed_at timestamp with time zone, decision text, reason text, campaign_id uuid, version integer, blocked_by uuid, decide_after timestamp with time zone, not_before timestamp with time zone, replaces uuid[]) language plpgsql stable security definer set search_path="", body 02c9787caa2eda85f1078fb1c0bd7487
function touchline.delete_messages(p_business_id uuid, p_ids uuid[], p_before timestamp with time zone) returns integer language plpgsql volatile security definer set search_path="", body 2daa38d20297c735a3199a795fda920e
function touchline.delete_template(p_business_id uuid, p_template_id uuid) returns void language plpgsql volatile security definer set search_path="", body 605d35abc787ae36f5b2730ac22f2345
function touchline.doubt_lane(p_business_id uuid, p_channel text, p_enrollment_ids uuid[], p_claim_id uuid, p_since timestamp with time zone, p_now timestamp with time zone) returns integer language plpgsql volatile security definer set search_path="", body b2ebd710df4afc4971b2a7c59d4dd509
function touchline.doubt_touches(p_since timestamp with time zone DEFAULT NULL::timestamp with time zone, p_limit integer DEFAULT 500, p_now timestamp with time zone DEFAULT NULL::timestamp with time zone) returns integer language plpgsql volatile security definer set search_path="", body 23697ae077a75563a51c50aca481365f
function touchline.edit_campaign(p_business_id uuid, p_campaign_id uuid, p_touches jsonb DEFAULT NULL::jsonb) returns integer language plpgsql volatile security definer set search_path="", body 6d001db3e8647e8121e27155e30188b1
function touchline.elapsed(p_from timestamp with time zone, p_to timestamp with time zone) returns interval language plpgsql immutable parallel safe set search_path="", body 0415f17e68be46461fcf2fce3427c301
function touchline.end_session(p_session_hash bytea) returns boolean language plpgsql volatile security definer set search_path="", body 629655ddce7e7216bc86fa4d9fc58c58
function touchline.enroll_completed(p_business_id uuid, p_job_ids uuid[], p_per_hour integer DEFAULT NULL::integer, p_first_slot timestamp with time zone DEFAULT NULL::timestamp with time zone, p_now timestamp with time zone DEFAULT NULL::timestamp with time zone) returns jsonb language plpgsql volatile security definer set search_path="", TimeZone=UTC, body cb7c7fcd3aa9b13c2c063ea01e569463
function touchline.enroll_free_jobs(p_business_id uuid, p_job_ids uuid[], p_now timestamp with time zone) returns integer language plpgsql volatile security definer set search_path="", body c1b3d775ef9ca8fbd5671e884b27f24c
function touchline.enroll_job(p_business_id uuid, p_job_id uuid, p_now timestamp with time zone DEFAULT NULL::timestamp with time zone) returns jsonb language plpgsql volatile security definer set search_path="", body 2d12d6c4e5225cfc03bf091f3ddd0af0
function touchline.enroll_jobs(p_business_id uuid, p_job_ids uuid[], p_first_slot timestamp with time zone, p_per_hour integer, p_now timestamp with time zone, p_overlap text DEFAULT NULL::text) returns timestamp with time zone language plpgsql volatile security definer set search_path="", body f48463f2edbc1c8212a150b7acd4ac0e
function touchline.enroll_waiting(p_limit integer DEFAULT 500, p_now timestamp with time zone DEFAULT NULL::timestamp with time zone) returns integer language plpgsql volatile security definer set search_path="", body 4708b374b5f9cd84971c83c85ba732f3
function touchline.enrollment_answer(p_business_id uuid, p_enrollment_id uuid) returns jsonb language plpgsql stable security definer set search_path="", TimeZone=UTC, body 6d2da76ceabe9ea4eff646694db5b247
function touchline.enrollment_timeline(p_business_id uuid, p_enrollment_id uuid, p_now timestamp with time zone DEFAULT NULL::timestamp with time zone) returns TABLE(at timestamp with time zone, kind text, touch_number smallint, channel text, reason text, detail text, is_ahead boolean, mailbox_id text) language plpgsql volatile security definer set search_path="", body 72e4c14f3375b346759e09180cd04ac9
function touchline.enrollment_touches(p_business_id uuid, p_enrollment_id uuid) returns jsonb language plpgsql stable security definer set search_path="", TimeZone=UTC, body aa92102dbb0354bfdd188a2d40a831b9
function touchline.ensure_user(p_email text DEFAULT 'owner@localhost'::text) returns uuid language plpgsql volatile security definer set search_path="", body 7a766fa90323850637eaad590847ff0c
function touchline.erase_customer(p_business_id uuid, p_customer_id uuid, p_now timestamp with time zone DEFAULT NULL::timestamp with time zone) returns jsonb language plpgsql volatile security definer set search_path="", body e69c0eec10742c1e936ccd04b7b867b2
function touchline.event_effects(p_kind text, p_channel text, p_after_opt_out text, p_stop_on_reply boolean, OUT stop_reason text, OUT stops text, OUT suppresses text, OUT withdraws_consent boolean, OUT counts_as_review boolean) returns record language sql immutable set search_path="", body aff743355a4bce05345655b026e4cd1b
function touchline.event_rank(p_kind text) returns smallint language sql immutable set search_path="", body 88e29ccaabbd3f3a81318d8d4b2b9f92
function touchline.explain_touch(p_business_id uuid, p_enrollment_id uuid, p_touch_number integer DEFAULT NULL::integer, p_now timestamp with time zone DEFAULT NULL::timestamp with time zone) returns TABLE(touch_number integer, channel text, status text, guard text, passes boolean, verdict text, reason text, passes_at timestamp with time zone, inputs jsonb) language plpgsql volatile security definer set search_path="", body 0858ad0818011e9b68954da78865ff1d
function touchline.find_job(p_business_id uuid, p_external_id text) returns uuid language plpgsql stable security definer set search_path="", body 91aee048f3af96c280ce9a215b6195d4
function touchline.fold_daily_stats(p_limit integer DEFAULT 5000) returns integer language plpgsql volatile security definer set search_path="", plan_cache_mode=force_generic_plan, enable_seqscan=off, jit=off, body 1e1edc9597f2947addceab657ed9434c
function touchline.forget_claims(p_limit integer, p_now timestamp with time zone) returns integer language plpgsql volatile security definer set search_path="", plan_cache_mode=force_generic_plan, enable_seqscan=off, jit=off, body df2c6320f53aeb50d6b6bb32340a99a3
function touchline.forget_mailbox_message() returns trigger language plpgsql volatile security definer set search_path="", body 0df939675134691b73037d56badd15bd
function touchline.free_name(p_business_id uuid, p_kind text, p_name text) returns text language plpgsql stable security definer set search_path="", body 6574e427f8c823d05be828173d57b837
function touchline.has_virtual_clock() returns boolean language plpgsql stable security definer set search_path="", body ff3069e9e85621e508d67148243f776f
function touchline.hours_of(p_moments tstzmultirange) returns double precision language sql immutable parallel safe set search_path="", body 9d0c1ab9861cc4b383cd5ba81ff473ed
function touchline.ids_before(p_before timestamp with time zone) returns uuid language sql stable security definer set search_path="", body 005f08cdf98733047e5e7433ac6b0d1d
function touchline.import_job(p_business_id uuid, p_row jsonb, p_given timestamp with time zone, p_now timestamp with time zone) returns jsonb language plpgsql volatile security definer set search_path="", body 4eb8cb53ead420b10e609d354d59bede
function touchline.import_jobs(p_business_id uuid, p_rows jsonb, p_now timestamp with time zone DEFAULT NULL::timestamp with time zone) returns jsonb language plpgsql volatile security definer set search_path="", body c30c11909f5ab8a3487def673cc73b93
function touchline.import_new_rows(p_business_id uuid, p_rows jsonb, p_now timestamp with time zone) returns TABLE(place bigint, answer jsonb) language plpgsql volatile security definer set search_path="", body bc7f56e10c65f10c442dd7f71546c43a
function touchline.installation_id() returns uuid language sql stable security definer set search_path="", body d87b92eb6c4104102f49cfe552e6ac23
function touchline.invariant_02_one_intent_per_touch(p_since timestamp with time zone, p_now timestamp with time zone) returns SETOF jsonb language sql stable set search_path="", body b6a556c972fafdef872dc6d0e0481e5b
function touchline.invariant_06_retry_needs_proof(p_since timestamp with time zone, p_now timestamp with time zone) returns SETOF jsonb language sql stable set search_path="", body 1c6eb7a4dbdc1c225505ee82fa84bf9d
function touchline.invariant_08_attempts_are_limited(p_since timestamp with time zone, p_now timestamp with time zone) returns SETOF jsonb language sql stable set search_path="", body b7c1a2dd2191233ec81fc826343bfd55
function touchline.invariant_09_unknown_is_resolved(p_since timestamp with time zone, p_now timestamp with time zone) returns SETOF jsonb language sql stable set search_path="", body c312b5884c560b1f95ed492ef88112b4
function touchline.invariant_10_no_intent_after_opt_out(p_since timestamp with time zone, p_now timestamp with time zone) returns SETOF jsonb language sql stable set search_path="", body 597ada5fb9de17b9a6b58600c03dff09
function touchline.invariant_12_opt_outs_are_in_force(p_since timestamp with time zone, p_now timestamp with time zone) returns SETOF jsonb language sql stable set search_path="", body b0a13155a9af5dab8996c0d15ba13571
function touchline.invariant_14_no_intent_for_erased(p_since timestamp with time zone, p_now timestamp with time zone) returns SETOF jsonb language sql stable set search_path="", body b0dbf46f05497f183c5c79aa2111e296
function touchline.invariant_16_plan_follows_delays(p_since timestamp with time zone, p_now timestamp with time zone) returns SETOF jsonb language sql stable set search_path="", body 5821ff6e4ea4374d19aae5972439497f
function touchline.invariant_17_plan_begins_at_completion(p_since timestamp with time zone, p_now timestamp with time zone) returns SETOF jsonb language sql stable set search_path="", body ffddf9f0bcb1ec618caa9a8258826718
function touchline.invariant_18_nothing_before_due(p_since timestamp with time zone, p_now timestamp with time zone) returns SETOF jsonb language sql stable set search_path="", body 313489fa893156c0eda0bc961a217e87
function touchline.invariant_19_nothing_claimed_late(p_since timestamp with time zone, p_now timestamp with time zone) returns SETOF jsonb language sql stable set search_path="", body b51a7a3e66a2e25e482faa67e55ddff4
function touchline.invariant_20_minimum_gap(p_since timestamp with time zone, p_now timestamp with time zone) returns SETOF jsonb language sql stable set search_path="", body 1d398306fcd66472daf24128c9b53afc
function touchline.invariant_21_touches_in_order(p_since timestamp with time zone, p_now timestamp with time zone) returns SETOF jsonb language sql stable set search_path="", body d83bc30fd14277233a5bdb3c52a39cc2
function touchline.invariant_22_one_unsettled_touch(p_since timestamp with time zone, p_now timestamp with time zone) returns SETOF jsonb language sql stable set search_path="", body 74b99720cee0a23ac89abf03b8e663b5
function touchline.invariant_23_completed_at_last_touch(p_since timestamp with time zone, p_now timestamp with time zone) returns SETOF jsonb language sql stable set search_path="", body 06cc42222c4dd6cc622240eb8cd84d2f
function touchline.invariant_24_no_intent_after_stop(p_since timestamp with time zone, p_now timestamp with time zone) returns SETOF jsonb language sql stable set search_path="", body 39bd35b9db7e39f9796e915c80f3c784
function touchline.invariant_25_sending_has_an_end(p_since timestamp with time zone, p_now timestamp with time zone) returns SETOF jsonb language sql stable set search_path="", body 2f09b79f341748e36db3af9565ff293c
function touchline.invariant_27_one_sequence_per_customer(p_since timestamp with time zone, p_now timestamp with time zone) returns SETOF jsonb language sql stable set search_path="", body 57edad53d828cfc0d3e962c2028e2231
function touchline.invariant_28_nothing_while_paused(p_since timestamp with time zone, p_now timestamp with time zone) returns SETOF jsonb language sql stable set search_path="", body 8f47a690523ebfe727aabc6fa5b48dd2
function touchline.invariant_29_books_balance(p_since timestamp with time zone, p_now timestamp with time zone) returns SETOF jsonb language sql stable set search_path="", body 07d6874d1dd047ab0f8cb5d932e5d302
function touchline.invariant_30_one_business(p_since timestamp with time zone, p_now timestamp with time zone) returns SETOF jsonb language sql stable set search_path="", body 5b8000ef492865d63809e808cf03067d
function touchline.invariant_31_own_sender(p_since timestamp with time zone, p_now timestamp with time zone) returns SETOF jsonb language sql stable set search_path="", body 678d989a3c626874eb4a532718db1ee6
function touchline.invariant_33_webhooks_once(p_since timestamp with time zone, p_now timestamp with time zone) returns SETOF jsonb language sql stable set search_path="", body e07a5d60fe36568746afea9daeb0d760
function touchline.invariant_34_delivery_is_monotone(p_since timestamp with time zone, p_now timestamp with time zone) returns SETOF jsonb language sql stable set search_path="", body 5bc299eda531f05e8cf953a5cc5095e3
function touchline.invariant_35_rollups_equal_recount(p_since timestamp with time zone, p_now timestamp with time zone) returns SETOF jsonb language sql stable set search_path="", body 1c049f193304da7cc55579d15daa8817
function touchline.invariant_36_queue_row_per_enrollment(p_since timestamp with time zone, p_now timestamp with time zone) returns SETOF jsonb language sql stable set search_path="", body f832cf19e850a2425da4dad806313212
function touchline.invariant_37_touches_agree_with_log(p_since timestamp with time zone, p_now timestamp with time zone) returns SETOF jsonb language sql stable set search_path="", body ef8970d8784b8f7bebc83363d6a92879
function touchline.invariant_38_lanes_know_their_work(p_since timestamp with time zone, p_now timestamp with time zone) returns SETOF jsonb language sql stable set search_path="", body 379610e0ff0fd9fdd2e6110e59c3552e
function touchline.invariant_39_parked_exactly_when_blocked(p_since timestamp with time zone, p_now timestamp with time zone) returns SETOF jsonb language sql stable set search_path="", body 8e16409bd81624554819364cd90dbc3f
function touchline.invariant_40_frequency_cap(p_since timestamp with time zone, p_now timestamp with time zone) returns SETOF jsonb language sql stable set search_path="", body 6b6f07993b525f9ca1ccddd58b6bc5d2
function touchline.is_at_home() returns boolean language plpgsql stable security definer set search_path="", body cfd81207f8772d19953e86666f084922
function touchline.job_answer(p_business_id uuid, p_job_id uuid) returns jsonb language plpgsql stable security definer set search_path="", TimeZone=UTC, body 023f2d6d51655459ed66c430f0521c88
function touchline.judge_outcome(p_outcome text, p_state text, p_is_current boolean, p_same_claim boolean, p_attempts integer, p_max_attempts integer, p_stopped boolean) returns text language plpgsql immutable set search_path="", body 063f41ecd05f0686914b75f24bb1b884
function touchline.keep_an_owner(p_business_id uuid, p_user_id uuid) returns void language plpgsql volatile security definer set search_path="", body 9b2ca74100c39bedcb2dc79fc131a1ac
function touchline.keep_answer(p_business_id uuid, p_route text, p_key text, p_status integer, p_body jsonb, p_now timestamp with time zone DEFAULT NULL::timestamp with time zone) returns void language plpgsql volatile security definer set search_path="", body 4da9bcf6d5c0f3f00c7d123630676b0b
function touchline.keep_template_version() returns trigger language plpgsql volatile security definer set search_path="", body 12244c06fd4ce0dc743e0f7bcae6abab
function touchline.kept_since(p_business_id uuid, p_days integer, p_now timestamp with time zone) returns timestamp with time zone language sql stable security definer set search_path="", body af77bed7ed6267bcfcf86d2c4cd9aab9
function touchline.keys_of(p_business_id uuid, p_ids uuid[]) returns TABLE(business_id uuid, id uuid) language plpgsql immutable set search_path="", body 7a6b36c19ef6a9d298a74302475f952b
function touchline.later_touch(p_business_id uuid, p_customer touchline.customers, p_channel text, p_wanted_at timestamp with time zone, p_after timestamp with time zone, p_accepted_at timestamp with time zone, OUT at timestamp with time zone, OUT wait text, OUT verdict text, OUT reason text) returns record language plpgsql stable security definer set search_path="", body 93a1a24345f6d2539f18a73691732177
function touchline.leave_safe_mode(p_since timestamp with time zone, p_generation_seen bigint DEFAULT NULL::bigint, p_now timestamp with time zone DEFAULT NULL::timestamp with time zone) returns boolean language plpgsql volatile security definer set search_path="", body a100a7205ac0caf3db0b52f82881f3f1
function touchline.list_mailbox(p_business_id uuid, p_after text DEFAULT NULL::text, p_limit integer DEFAULT 20) returns TABLE(id text, channel text, recipient text, from_name text, subject text, body text, accepted_at timestamp with time zone, enrollment_id uuid, touch_number smallint, place text) language plpgsql stable security definer set search_path="", TimeZone=UTC, body 928ea36e259c157095b79cd170437023
function touchline.lock_addresses(p_business_ids uuid[], p_channels text[], p_addresses text[], p_log_businesses uuid[], p_send_log_ids uuid[]) returns void language plpgsql volatile security definer set search_path="", body 2f88babf76e3b0b200315ed7f947cf04
function touchline.lock_business(p_business_id uuid) returns touchline.businesses language plpgsql volatile security definer set search_path="", body c09eb38f222137f78396462526d7507d
function touchline.lock_campaign(p_business_id uuid, p_campaign_id uuid) returns touchline.campaigns language plpgsql volatile security definer set search_path="", body b1a9847ac9b4ab650c23054353e0dfca
function touchline.lock_customer(p_business_id uuid, p_customer_id uuid) returns touchline.customers language plpgsql volatile security definer set search_path="", body 752dc5ea695139a6b7a7d23efa8ee68a
function touchline.lock_due_touches(p_business_ids uuid[], p_channels text[], p_floor_due_ats timestamp with time zone[], p_floor_enrollment_ids uuid[], p_limits integer[], p_now timestamp with time zone, OUT lanes integer[], OUT enrollment_ids uuid[], OUT row_places tid[], OUT last_due_ats timestamp with time zone[], OUT last_enrollment_ids uuid[]) returns record language plpgsql volatile security definer set search_path="", body 7776d6fca7189847886c18bfe237ca00
function touchline.lock_intents(p_business_ids uuid[], p_send_log_ids uuid[]) returns void language plpgsql volatile security definer set search_path="", body 38b6b7e7e3fddaa8b8b6ebd256565b40
function touchline.lock_jobs(p_business_id uuid, p_job_ids uuid[]) returns void language plpgsql volatile security definer set search_path="", body cc622908d2ce1f4b75f33cce2f9cef2f
function touchline.lower_lanes(p_business_id uuid, p_now timestamp with time zone) returns void language plpgsql volatile security definer set search_path="", body 85f9d818d636bbf640f85c97cccb730f
function touchline.lower_pointers(p_business_ids uuid[], p_channels text[], p_dues timestamp with time zone[]) returns void language plpgsql volatile security definer set search_path="", plan_cache_mode=force_generic_plan, body 0c7c5f5a1736aea6865ee813bf444336
function touchline.message_variables(p_channel text, p_business touchline.businesses, p_customer touchline.customers, p_job touchline.jobs) returns jsonb language plpgsql stable set search_path="", body 2bc1e1f7e04921ebb5c603d689ad404e
function touchline.move_touches(p_business_ids uuid[], p_enrollment_ids uuid[], p_numbers smallint[], p_states text[], p_lives boolean[], p_sent_ats timestamp with time zone[], p_reasons text[], p_retry_ats timestamp with time zone[], p_counts integer[], p_now timestamp with time zone) returns void language plpgsql volatile security definer set search_path="", body 869272ca9f4883e6ba78c08d3596fe5b
function touchline.ms_until_next_due(p_now timestamp with time zone DEFAULT NULL::timestamp with time zone) returns integer language plpgsql volatile security definer set search_path="", enable_seqscan=off, jit=off, body 62a5c1ea3fe9943a9a638063027da978
function touchline.my_business_ids() returns uuid[] language sql stable security definer set search_path="", body 96a9b922b0d93700d395ca200c0f284a
function touchline.next_allowed_at(p_at timestamp with time zone, p_channel text, p_business_id uuid, p_customer_zone text DEFAULT NULL::text, p_zone_source text DEFAULT NULL::text, p_span interval DEFAULT '00:00:00'::interval) returns timestamp with time zone language plpgsql stable set search_path="", body 07df5a9295c8e86fc312fe22d6e64d27
function touchline.normal_address(p_channel text, p_address text) returns text language plpgsql immutable parallel safe set search_path="", body 49fc2cd11f442cef5d0f16f5d9ca6e04
function touchline.note_account_health(p_business_ids uuid[], p_sender_account_ids uuid[], p_outcomes text[], p_words text[], p_retry_after_seconds numeric[], p_now timestamp with time zone) returns void language plpgsql volatile security definer set search_path="", body b032da2a6e09ebbb165061bf71b9b2ba
function touchline.note_unproved() returns trigger language plpgsql volatile security definer set search_path="", body 0defeb6105fc1fa12efadce269db3781
function touchline.old_enrollments(p_business_id uuid, p_ids uuid[], p_before timestamp with time zone) returns SETOF uuid language sql stable security definer set search_path="", body 6355d663bca63108c4a0015c05e937a2
function touchline.old_jobs(p_business_id uuid, p_ids uuid[], p_before timestamp with time zone, p_now timestamp with time zone) returns SETOF uuid language sql stable security definer set search_path="", body 3f39efcddd9c794c853238fe3258c304
function touchline.old_messages(p_business_id uuid, p_ids uuid[], p_before timestamp with time zone) returns SETOF uuid language sql stable security definer set search_path="", body b6dc965736b7fba03206a0a264b698bc
function touchline.open_doubts() returns integer language sql stable security definer set search_path="", body 6983a603b65395f183280a91c125ff0f
function touchline.open_moments(p_business_id uuid, p_channel text, p_zone text, p_from timestamp with time zone, p_to timestamp with time zone) returns tstzmultirange language plpgsql stable set plan_cache_mode=force_generic_plan, search_path="", body 39fa1bbd8c5cfef3f1c7f96f0030adc1
function touchline.open_session(p_link_hash bytea, p_session_hash bytea, p_now timestamp with time zone DEFAULT NULL::timestamp with time zone) returns TABLE(outcome text, ends_at timestamp with time zone) language plpgsql volatile security definer set search_path="", body 20cd3e5bbdad0b735d26233e3835a042
function touchline.open_throughout(p_at timestamp with time zone, p_span interval, p_channel text, p_business_id uuid, p_customer_zone text, p_zone_source text) returns boolean language plpgsql stable set search_path="", body d79eaa3246ad9487e16cd64b7f081dcb
function touchline.paced_slots(p_business_id uuid, p_from timestamp with time zone, p_per_hour integer, p_taken integer, p_channels text[]) returns timestamp with time zone[] language plpgsql stable set search_path="", body 45e015e28bc74e9b83df0a2715ef6943
function touchline.park_touches(p_business_id uuid, p_campaign_id uuid, p_blocked_by text) returns integer language plpgsql volatile security definer set search_path="", body 7a61c18e73bfd6aa27e81151f666e5a1
function touchline.parked_since(p_business_id uuid, p_way touchline.campaign_enrollments, p_queued touchline.touch_queue, p_now timestamp with time zone, OUT at timestamp with time zone, OUT detail text) returns record language plpgsql stable security definer set search_path="", body 39bfed69aa3398c948364646500db66a
function touchline.past_moments(p_business_id uuid, p_enrollment_id uuid) returns TABLE(at timestamp with time zone, rank integer, kind text, touch_number smallint, channel text, reason text, detail text, mailbox_id text) language plpgsql stable security definer set search_path="", plan_cache_mode=force_generic_plan, body 8a267ef39f5edb84ae45f6baabb7d9b1
function touchline.pause_campaign(p_business_id uuid, p_campaign_id uuid, p_reason text DEFAULT NULL::text, p_now timestamp with time zone DEFAULT NULL::timestamp with time zone) returns integer language plpgsql volatile security definer set search_path="", body f6f53854152613667dfbaeb1aa5c66bd
function touchline.pause_sender_account(p_business_id uuid, p_sender_account_id uuid, p_reason text DEFAULT NULL::text, p_now timestamp with time zone DEFAULT NULL::timestamp with time zone) returns void language plpgsql volatile security definer set search_path="", body bbd9e69dbe906aeb394830ea2ebc9b2d
function touchline.pick_lanes(p_limit integer, p_now timestamp with time zone) returns TABLE(business_id uuid, channel text) language plpgsql volatile security definer set search_path="", plan_cache_mode=force_generic_plan, body 8a0a7d71691e343ee28e8a15ff03c945
function touchline.pin_templates(p_business_id uuid, p_campaign_id uuid, p_version integer) returns void language plpgsql volatile security definer set search_path="", body b3cbae18053b2b1341eed0238fde7e49
function touchline.plan_enrollments(p_business_id uuid, p_job_ids uuid[], p_customer_ids uuid[], p_campaign_ids uuid[], p_versions integer[], p_slots timestamp with time zone[], p_now timestamp with time zone) returns void language plpgsql volatile security definer set search_path="", body 864599845625bb2ce43037aad3561b90
function touchline.prune(p_table text, p_older_than_days integer DEFAULT NULL::integer, p_limit integer DEFAULT 1000, p_after jsonb DEFAULT NULL::jsonb, p_dry_run boolean DEFAULT false, p_now timestamp with time zone DEFAULT NULL::timestamp with time zone) returns jsonb language plpgsql volatile security definer set search_path="", body 40b3570e4b6ce5e3ae686492510def52
function touchline.prune_aged(p_table text, p_before timestamp with time zone, p_limit integer, p_dry_run boolean, p_now timestamp with time zone) returns integer language plpgsql volatile security definer set search_path="", plan_cache_mode=force_custom_plan, body 1c21be06735ca5e7da35f8e9de25a383
function touchline.prune_audit_log(p_business_id uuid, p_ids uuid[], p_days integer, p_dry_run boolean, p_now timestamp with time zone) returns jsonb language plpgsql volatile security definer set search_path="", plan_cache_mode=force_custom_plan, body e1e9aaf054e72343308a992bbbdf63a3
function touchline.prune_enrollments(p_business_id uuid, p_ids uuid[], p_days integer, p_dry_run boolean, p_now timestamp with time zone) returns jsonb language plpgsql volatile security definer set search_path="", lock_timeout=200ms, plan_cache_mode=force_custom_plan, body 7bf2db8368547c3e715ae782abf777ec
function touchline.prune_jobs(p_business_id uuid, p_ids uuid[], p_days integer, p_dry_run boolean, p_now timestamp with time zone) returns jsonb language plpgsql volatile security definer set search_path="", plan_cache_mode=force_custom_plan, body 7b712ba63c0a9d4308de92780ebd46c7
function touchline.prune_messages(p_business_id uuid, p_ids uuid[], p_days integer, p_dry_run boolean, p_now timestamp with time zone) returns jsonb language plpgsql volatile security definer set search_path="", lock_timeout=200ms, plan_cache_mode=force_custom_plan, body 85040074fce06b841fcc24e3969a2f3f
function touchline.prune_received(p_table text, p_before timestamp with time zone, p_limit integer, p_dry_run boolean) returns integer language plpgsql volatile security definer set search_path="", plan_cache_mode=force_custom_plan, body 5a50032c54e29274c2a939cadab99d29
function touchline.publish_campaign(p_business_id uuid, p_campaign_id uuid, p_now timestamp with time zone DEFAULT NULL::timestamp with time zone) returns integer language plpgsql volatile security definer set search_path="", body 0eeae3a7f8937d90a667768f10e470d1
function touchline.queued_touch(p_business_id uuid, p_queued touchline.touch_queue, p_now timestamp with time zone, OUT at timestamp with time zone, OUT wait text, OUT verdict text, OUT reason text, OUT detail text) returns record language plpgsql stable security definer set search_path="", body 6c5d1f4290b82e1bbe7d1fea46bf6297
function touchline.rate_slots(p_business_id uuid, p_channel text, p_wanted integer, p_now timestamp with time zone, OUT granted integer, OUT opens_at timestamp with time zone, OUT sender_account_id uuid, OUT kind text, OUT slots_from timestamp with time zone, OUT every interval) returns record language plpgsql volatile security definer set search_path="", body ab09f6ef8b09d9a6f5ce1d9ab942a455
function touchline.readable_business_ids() returns uuid[] language sql stable security definer set search_path="", body a57f2f3620a2f1e822d428ad0f9b5424
function touchline.reconcile_touches(p_limit integer DEFAULT 100, p_now timestamp with time zone DEFAULT NULL::timestamp with time zone) returns integer language plpgsql volatile security definer set search_path="", plan_cache_mode=force_generic_plan, enable_seqscan=off, jit=off, body ed83af1f0e7eb8542b32f79cca333c74
function touchline.record_customer_event(p_business_id uuid, p_customer_id uuid, p_kind text, p_now timestamp with time zone DEFAULT NULL::timestamp with time zone) returns integer language plpgsql volatile security definer set search_path="", body 9f0ca2451d7eecded75110d626c1b4cc
function touchline.record_mailbox_message(p_business_id uuid, p_send_log_id uuid, p_attempt integer, p_message jsonb, p_now timestamp with time zone DEFAULT NULL::timestamp with time zone) returns boolean language plpgsql volatile security definer set search_path="", body b8dc5b71350a805087108c0ca2a13ed3
function touchline.record_opt_in(p_business_id uuid, p_channel text, p_address text, p_details jsonb DEFAULT '{}'::jsonb, p_now timestamp with time zone DEFAULT NULL::timestamp with time zone) returns jsonb language plpgsql volatile security definer set search_path="", body eff481804a3cd56a361b464408b78492
function touchline.record_opt_out(p_business_id uuid, p_channel text, p_address text, p_details jsonb DEFAULT '{}'::jsonb, p_now timestamp with time zone DEFAULT NULL::timestamp with time zone) returns jsonb language plpgsql volatile security definer set search_path="", body 3974ba89733233d2a00f5195ac6ac940
function touchline.record_provider_event(p_business_id uuid, p_sender_account_id uuid, p_event jsonb, p_now timestamp with time zone DEFAULT NULL::timestamp with time zone) returns text language plpgsql volatile security definer set search_path="", body 948e664db7431ec2e4e76c3cc38df61e
function touchline.record_refused_numbers(p_outcomes jsonb, p_now timestamp with time zone) returns void language plpgsql volatile security definer set search_path="", body 78a890353f6e75d1eeaa68efa2155662
function touchline.recount_daily_stats(p_business_id uuid) returns void language plpgsql volatile security definer set search_path="", body 47c9b90522b7c97f8b7c25565e8daa85
function touchline.recount_in_new_zone() returns trigger language plpgsql volatile security definer set search_path="", body 165cdd48c55ed1564dcb07a7568d8d52
function touchline.refresh_statistics() returns void language plpgsql volatile security definer set search_path="", body 19f7cf2bef0775030d85321aa20d9f42
function touchline.refuse_channel_change() returns trigger language plpgsql volatile set search_path="", body 265dc52d57e70b08f894cc9abed9308e
function touchline.refuse_delete_of_used_template() returns trigger language plpgsql volatile security definer set search_path="", body 12b0892a4928b18a363b5d7dab5c0542
function touchline.refuse_evidence_change() returns trigger language plpgsql volatile set search_path="", body 7a2533e476d6786bf3de6c48c39340f7
function touchline.refuse_published_change() returns trigger language plpgsql volatile security definer set search_path="", body 7d1742f9ef22b9de41982eecefc012d3
function touchline.refuse_value(p_table text, p_constraint text, p_key text, p_values jsonb, p_place text) returns void language plpgsql stable set search_path="", body 59d22475777e8e6ef96e6167c6e3e19f
function touchline.reinstate_business(p_business_id uuid, p_now timestamp with time zone DEFAULT NULL::timestamp with time zone) returns integer language plpgsql volatile security definer set search_path="", body ac60c259ee56e488f2d28b18a0d34ac3
function touchline.release_missing_settings() returns trigger language plpgsql volatile security definer set search_path="", body c507eb0d90b6f1e25583a8830c6c0005
function touchline.remove_member(p_business_id uuid, p_user_id uuid) returns void language plpgsql volatile security definer set search_path="", body 2c28d392d1ecfaee53233f9fe82da565
function touchline.remove_sender_account(p_business_id uuid, p_sender_account_id uuid, p_now timestamp with time zone DEFAULT NULL::timestamp with time zone) returns void language plpgsql volatile security definer set search_path="", body ab8b2682a62175f210bf0536838cbca8
function touchline.require_access(p_business_id uuid, p_need text) returns void language plpgsql stable security definer set search_path="", body d534c36973752938aa401949b60670d0
function touchline.require_business(p_business_id uuid) returns void language plpgsql stable security definer set search_path="", body d9327b7d22bde120cd13e5ffca52fe52
function touchline.require_worker() returns void language plpgsql stable security definer set search_path="", body ef41f07b3953ff644cd3a8ce2f0f0fb7
function touchline.resolve_conflict(p_business_id uuid, p_job_id uuid, p_choice text, p_now timestamp with time zone DEFAULT NULL::timestamp with time zone) returns jsonb language plpgsql volatile security definer set search_path="", body 7cfa666a1e65657a5f045b0db9f8c02d
function touchline.resolve_touch(p_business_id uuid, p_send_log_id uuid, p_choice text, p_acknowledge_duplicate_risk boolean DEFAULT false, p_now timestamp with time zone DEFAULT NULL::timestamp with time zone) returns text language plpgsql volatile security definer set search_path="", body c1d37a7d96b466b9092f92414a494cd5
function touchline.restore_customer(p_business_id uuid, p_customer_id uuid, p_now timestamp with time zone DEFAULT NULL::timestamp with time zone) returns boolean language plpgsql volatile security definer set search_path="", body e51b004a311fbff12fbc085dfd48e85e
function touchline.resume_campaign(p_business_id uuid, p_campaign_id uuid, p_now timestamp with time zone DEFAULT NULL::timestamp with time zone) returns integer language plpgsql volatile security definer set search_path="", body fd96523f75ce626607ffe9b882b73808
function touchline.resume_sender_account(p_business_id uuid, p_sender_account_id uuid, p_now timestamp with time zone DEFAULT NULL::timestamp with time zone) returns void language plpgsql volatile security definer set search_path="", body fa4691ab55791979ecb5a2218d4e276d
function touchline.retention() returns TABLE(table_name text, how text, default_days integer, least_days integer, rule text) language sql stable security definer set search_path="", body 284546ae5a9c45b32d57311dace0ee6b
function touchline.retry_at(p_outcome text, p_send_log_id uuid, p_attempts integer, p_retry_after_seconds numeric, p_now timestamp with time zone) returns timestamp with time zone language plpgsql immutable set search_path="", body 1f688046472172b2fb5dfabed0cfe4d5
function touchline.revoke_api_key(p_business_id uuid, p_key_id uuid, p_now timestamp with time zone DEFAULT NULL::timestamp with time zone) returns boolean language plpgsql volatile security definer set search_path="", body e776f7db66e120e6b3b6298eda3bd078
function touchline.safe_mode(p_generation_seen bigint DEFAULT NULL::bigint, OUT since timestamp with time zone, OUT reason text, OUT open_doubts integer) returns SETOF record language sql stable security definer set search_path="", body 372b694df3b1c12bc3206e65a2588c74
function touchline.save_consent(p_business_id uuid, p_customer_id uuid, p_consent jsonb, p_now timestamp with time zone) returns void language plpgsql volatile security definer set search_path="", body e61f78dc44611ba446d28ecb62b9301d
function touchline.save_customer(p_business_id uuid, p_customer jsonb) returns uuid language plpgsql volatile security definer set search_path="", body e2e47b776a55fb55fc38a9189b5ef4e5
function touchline.save_job(p_business_id uuid, p_customer_id uuid, p_job jsonb, p_now timestamp with time zone, OUT job_id uuid, OUT decides boolean) returns record language plpgsql volatile security definer set search_path="", body c7bbc27280ec178079b7a5758f9c1bcd
function touchline.save_template(p_business_id uuid, p_template_id uuid, p_template jsonb) returns uuid language plpgsql volatile security definer set search_path="", body 1252ab68834f777b53c33c12c605a71b
function touchline.send_limits(p_channel text, p_kind text) returns TABLE(deadline interval, io_timeout interval, lease interval, horizon interval, evidence interval) language plpgsql stable security definer set search_path="", body f8bf95ea49bd071a89585deef2a0e330
function touchline.sender_account_of(p_business_id uuid, p_sender_account_id uuid) returns touchline.sender_accounts language plpgsql volatile security definer set search_path="", body 96e1038b8f14c06b3208e3ec56ded444
function touchline.sender_credentials(p_business_id uuid, p_sender_account_id uuid) returns TABLE(channel text, kind text, from_address text, settings jsonb, secret_ciphertext bytea, secret_key_id text) language plpgsql stable security definer set search_path="", body d3dff091adb3983e119949387d6df696
function touchline.sending_capacity(p_business_id uuid, p_now timestamp with time zone DEFAULT NULL::timestamp with time zone) returns TABLE(channel text, rate_per_hour integer, open_hours double precision) language plpgsql stable security definer set search_path="", TimeZone=UTC, body 6d7f867050ff8dd5dab2bebd96c893ae
function touchline.sending_zones(p_business_id uuid, p_customer_zone text, p_zone_source text, OUT zone text, OUT business_zone text) returns record language plpgsql stable set search_path="", body 2b158f36b03a624a574f5dc5db7a5059
function touchline.server_identity(OUT system_identifier text, OUT database_oid bigint, OUT timeline bigint, OUT location text) returns record language plpgsql stable security definer set search_path="", body 624900da0546f47ba240612038714526
function touchline.session_user_id(p_session_hash bytea, p_now timestamp with time zone DEFAULT NULL::timestamp with time zone) returns uuid language plpgsql volatile security definer set search_path="", body 3013b2e35db050ab716b72a6f91a7d4e
function touchline.set_business(p_business_id uuid, p_changes jsonb) returns void language plpgsql volatile security definer set search_path="", body 77229543ea094a4b5f4b80820fac230a
function touchline.set_member(p_business_id uuid, p_user_id uuid, p_role text) returns void language plpgsql volatile security definer set search_path="", body 0faf100ba49a2a1e686ab04047d2280b
function touchline.set_next_turns(p_business_ids uuid[], p_channels text[], p_granted integer[], p_opens_ats timestamp with time zone[], p_accounts uuid[], p_slots_from timestamp with time zone[], p_everys interval[], p_taken integer[], p_last_due_ats timestamp with time zone[], p_last_enrollment_ids uuid[], p_now timestamp with time zone) returns void language plpgsql volatile security definer set search_path="", body 1112957fd5ebc484de9bdc7938ac93f5
function touchline.set_sender_account(p_business_id uuid, p_sender_account_id uuid, p_account jsonb, p_now timestamp with time zone DEFAULT NULL::timestamp with time zone) returns void language plpgsql volatile security definer set search_path="", body ccdea333c1adce3e7f92ea1343fe0cb0
function touchline.set_sending_policy(p_business_id uuid, p_changes jsonb) returns void language plpgsql volatile security definer set search_path="", body 1e09b4bd6d5e664af15165f07ae54d10
function touchline.set_sending_windows(p_business_id uuid, p_channel text, p_windows jsonb) returns void language plpgsql volatile security definer set search_path="", body 57a32d31b6b8848b4adecb07bd729af3
function touchline.set_touch_states(p_business_ids uuid[], p_enrollment_ids uuid[], p_numbers smallint[], p_statuses text[], p_sent_ats timestamp with time zone[], p_reasons text[], p_next smallint[] DEFAULT NULL::smallint[], p_now timestamp with time zone DEFAULT NULL::timestamp with time zone) returns integer language plpgsql volatile security definer set search_path="", body 5a46b022ad26fcd58941410b022875b8
function touchline.set_updated_at() returns trigger language plpgsql volatile set search_path="", body 7c38027ba7bde0d20b162ff96f0940e2
function touchline.settle_evidence(p_findings jsonb, p_now timestamp with time zone DEFAULT NULL::timestamp with time zone) returns TABLE(business_id uuid, send_log_id uuid, state text) language plpgsql volatile security definer set search_path="", plan_cache_mode=force_generic_plan, body 6b4f47a617efdef8098290b0c66daf98
function touchline.settle_touches(p_claim_id uuid, p_outcomes jsonb, p_now timestamp with time zone DEFAULT NULL::timestamp with time zone) returns TABLE(business_id uuid, send_log_id uuid, state text) language plpgsql volatile security definer set search_path="", plan_cache_mode=force_generic_plan, enable_seqscan=off, jit=off, body 369af4a7fa5f092dfd1c046803784951
function touchline.stays_open(p_business_id uuid, p_channel text, p_zone text, p_at timestamp with time zone, p_span interval) returns boolean language plpgsql stable set search_path="", body 0ade242a02b69ca4d332dd622ce7639e
function touchline.stop_enrollment(p_business_id uuid, p_enrollment_id uuid, p_reason text, p_now timestamp with time zone DEFAULT NULL::timestamp with time zone) returns boolean language plpgsql volatile security definer set search_path="", body 19baed30ab8442149b36d4e59d269cb8
function touchline.stop_enrollments(p_business_id uuid, p_enrollment_ids uuid[], p_reason text, p_now timestamp with time zone) returns integer language plpgsql volatile security definer set search_path="", body e8cdfeecfc8de8ae3d614f3b922041da
function touchline.suppress_address(p_business_id uuid, p_channel text, p_address text, p_reason text, p_at timestamp with time zone) returns void language plpgsql volatile security definer set search_path="", body f569fe298a8a0c26d28f6ac00edd142c
function touchline.suspend_business(p_business_id uuid, p_reason text, p_now timestamp with time zone DEFAULT NULL::timestamp with time zone) returns integer language plpgsql volatile security definer set search_path="", body bef7fc81bd35a7dda28fef45cb5e8db0
function touchline.sweep_lanes(p_now timestamp with time zone DEFAULT NULL::timestamp with time zone) returns integer language plpgsql volatile security definer set search_path="", body f050fe4ee9b9d739840014438b79f8dd
function touchline.system_business_id() returns uuid language sql immutable parallel safe set search_path="", body 8c74b7b7ecc77607c4f4ba6382469bd8
function touchline.touch_decisions(p_business_ids uuid[], p_channels text[], p_enrollment_ids uuid[], p_now timestamp with time zone, p_explain boolean DEFAULT false) returns TABLE(nth integer, business_id uuid, enrollment_id uuid, touch_number smallint, customer_id uuid, campaign_id uuid, campaign_version integer, template_version_id uuid, recipient text, variables jsonb, send_log_id uuid, attempt smallint, due_at timestamp with time zone, deferred_reason text, deferrals smallint, place integer, guard text, passes boolean, verdict text, reason text, until timestamp with time zone, inputs jsonb) language plpgsql stable security definer set search_path="", body 143fdd8c6199902c5967b06aa73f9cca
function touchline.touch_measures(p_state text, p_status text) returns text[] language sql immutable set search_path="", body fb0662687ee6ea81b00caf282313a36a
function touchline.trimmed(p_values jsonb) returns jsonb language plpgsql immutable parallel safe set search_path="", body 9e945c0efe53ab7bbc517eff87c2ef8a
function touchline.unpark_touches(p_business_id uuid, p_campaign_id uuid, p_since timestamp with time zone, p_blocked_by text, p_now timestamp with time zone) returns integer language plpgsql volatile security definer set search_path="", body 0d92c47c8eb5861ee8ae6ce0e3e54666
function touchline.uuid_v7() returns uuid language plpgsql volatile parallel safe set search_path="", body ae9a0d901a510a370d8fcf61d9b76b4b
function touchline.wait_reason(p_wanted_at timestamp with time zone, p_allowed_at timestamp with time zone, p_gap_until timestamp with time zone, p_due_at timestamp with time zone) returns text language plpgsql immutable parallel safe set search_path="", body c2cca5c29f613ed4db0ca3cbe602b12c
function touchline.waiting_jobs(p_limit integer, p_now timestamp with time zone) returns TABLE(business_id uuid, job_ids uuid[]) language sql stable security definer set search_path="", body e5dbd198b42ccc1ac24bf4f36fd18267
function touchline.wipe_messages(p_business_id uuid, p_send_log_ids uuid[]) returns void language plpgsql volatile security definer set search_path="", body 66a2034f7a8ddae0a1dc2127ad9e3c74
function touchline.wipe_traces(p_business_id uuid, p_customer_id uuid, p_channels text[], p_addresses text[]) returns void language plpgsql volatile security definer set search_path="", body f1c6e1bb1ba3ca7ef1425f80b92e25ae
function touchline.writable_business_ids() returns uuid[] language sql stable security definer set search_path="", body a7395e184e12841d2d6fadb4d586a4f8
function touchline.write_business(p_business_id uuid, p_owner uuid, p_profile jsonb) returns uuid language plpgsql volatile security definer set search_path="", body 09fc3c564f0e7179eacc32d8c571581a
function touchline.write_campaign(p_business_id uuid, p_name text, p_service_type text, p_description text, p_preset_key text) returns uuid language plpgsql volatile security definer set search_path="", body fc1041d5899deb3e88bb5b794f771b7e
function touchline.write_touches(p_business_id uuid, p_campaign_id uuid, p_version integer, p_touches jsonb) returns void language plpgsql volatile security definer set search_path="", body f0505dfda63e69b71733c6cb6694456d
function touchline.zone_changes(p_zone text, p_from timestamp with time zone, p_to timestamp with time zone) returns timestamp with time zone[] language plpgsql stable set search_path="", body 2aed4ba313d5ca822b1c103d0ff08e1b

-- views
view touchline.campaign_daily_stats with (security_invoker=true) as SELECT business_id, campaign_id, touch_number, channel, day, sum(sent)::integer AS sent, sum(presumed_sent)::integer AS presumed_sent, sum(failed)::integer AS failed, sum(skipped)::integer AS skipped, sum(delivered)::integer AS delivered, sum(opened)::integer AS opened, sum(clicked)::integer AS clicked, sum(bounced)::integer AS bounced, sum(complained)::integer AS complained FROM ( SELECT d.business_id, d.campaign_id, d.touch_number, d.channel, d.day, d.sent, d.presumed_sent, d.failed, d.skipped, d.delivered, d.opened, d.clicked, d.bounced, d.complained FROM touchline.daily_stats d UNION ALL SELECT c.business_id, c.campaign_id, c.touch_number, c.channel, (c.at AT TIME ZONE b.time_zone)::date AS timezone, CASE c.measure WHEN 'sent'::text THEN c.change ELSE 0 END AS "case", CASE c.measure WHEN 'presumed_sent'::text THEN c.change ELSE 0 END AS "case", CASE c.measure WHEN 'failed'::text THEN c.change ELSE 0 END AS "case", CASE c.measure WHEN 'skipped'::text THEN c.change ELSE 0 END AS "case", CASE c.measure WHEN 'delivered'::text THEN c.change ELSE 0 END AS "case", CASE c.measure WHEN 'opened'::text THEN c.change ELSE 0 END AS "case", CASE c.measure WHEN 'clicked'::text THEN c.change ELSE 0 END AS "case", CASE c.measure WHEN 'bounced'::text THEN c.change ELSE 0 END AS "case", CASE c.measure WHEN 'complained'::text THEN c.change ELSE 0 END AS "case" FROM touchline.daily_stats_changes c JOIN touchline.businesses b ON b.id = c.business_id JOIN touchline.campaigns k ON k.business_id = c.business_id AND k.id = c.campaign_id) s GROUP BY business_id, campaign_id, touch_number, channel, day;
view touchline.campaign_live_touches with (security_invoker=true) as SELECT t.id, t.campaign_id, t.touch_number, t.channel, t.delay_hours, t.template_id, t.created_at, t.updated_at, t.business_id, t.version, t.template_version_id FROM touchline.campaigns c JOIN touchline.campaign_touches t ON t.business_id = c.business_id AND t.campaign_id = c.id AND t.version = c.live_version;
view touchline.campaign_overview with (security_invoker=true) as SELECT c.business_id, c.id, c.name, c.service_type, c.is_preset, c.status, c.live_version, d.number AS draft_version, c.paused_at, c.archived_at, t.touches, COALESCE(f.active, 0::bigint) AS active, COALESCE(f.completed, 0::bigint) AS completed, COALESCE(f.stopped, 0::bigint) AS stopped, COALESCE(f.parked, 0::bigint) AS parked, f.next_due_at, COALESCE(f.sent, 0::bigint)::integer AS sent FROM touchline.campaigns c LEFT JOIN touchline.campaign_versions d ON d.business_id = c.business_id AND d.campaign_id = c.id AND d.state = 'draft'::text CROSS JOIN LATERAL ( SELECT count(*)::integer AS touches FROM touchline.campaign_touches t_1 WHERE t_1.business_id = c.business_id AND t_1.campaign_id = c.id AND t_1.version = COALESCE(c.live_version, d.number)) t LEFT JOIN LATERAL touchline.campaign_figures( CASE WHEN NOT c.is_preset THEN c.business_id ELSE NULL::uuid END, c.id) f(active, completed, stopped, parked, next_due_at, sent) ON true;
view touchline.skipped_touches with (security_invoker=true) as SELECT e.business_id, e.campaign_id, t.touch_number, t.channel, s.skipped_at FROM touchline.campaign_enrollments e CROSS JOIN LATERAL ( VALUES (1::smallint,e.touch_1_skipped_at), (2::smallint,e.touch_2_skipped_at), (3::smallint,e.touch_3_skipped_at), (4::smallint,e.touch_4_skipped_at)) s(number, skipped_at) JOIN touchline.campaign_touches t ON t.business_id = e.business_id AND t.campaign_id = e.campaign_id AND t.version = e.campaign_version AND t.touch_number = s.number WHERE s.skipped_at IS NOT NULL AND COALESCE(e.touch_1_skipped_at, e.touch_2_skipped_at, e.touch_3_skipped_at, e.touch_4_skipped_at) IS NOT NULL;

-- policies
policy api_keys_select on touchline.api_keys as permissive for select to authenticated using (business_id = ANY (touchline.my_business_ids()))
policy audit_log_select on touchline.audit_log as permissive for select to authenticated using (business_id = ANY (touchline.my_business_ids()))
policy business_dispatch_select on touchline.business_dispatch as permissive for select to authenticated using (business_id = ANY (touchline.my_business_ids()))
policy business_members_select on touchline.business_members as permissive for select to authenticated using (business_id = ANY (touchline.my_business_ids()))
policy businesses_insert on touchline.businesses as permissive for insert to authenticated with check (user_id = ( SELECT auth.uid() AS uid))
policy businesses_select on touchline.businesses as permissive for select to authenticated using (id = ANY (touchline.my_business_ids()))
policy businesses_update on touchline.businesses as permissive for update to authenticated using (id = ANY (touchline.writable_business_ids())) with check (id = ANY (touchline.writable_business_ids()))
policy campaign_enrollments_select on touchline.campaign_enrollments as permissive for select to authenticated using (business_id = ANY (touchline.my_business_ids()))
policy campaign_touches_delete on touchline.campaign_touches as permissive for delete to authenticated using (business_id = ANY (touchline.writable_business_ids()))
policy campaign_touches_insert on touchline.campaign_touches as permissive for insert to authenticated with check (business_id = ANY (touchline.writable_business_ids()))
policy campaign_touches_select on touchline.campaign_touches as permissive for select to authenticated using (business_id = ANY (touchline.readable_business_ids()))
policy campaign_touches_update on touchline.campaign_touches as permissive for update to authenticated using (business_id = ANY (touchline.writable_business_ids())) with check (business_id = ANY (touchline.writable_business_ids()))
policy campaign_versions_select on touchline.campaign_versions as permissive for select to authenticated using (business_id = ANY (touchline.readable_business_ids()))
policy campaigns_insert on touchline.campaigns as permissive for insert to authenticated with check ((business_id = ANY (touchline.writable_business_ids())) AND (NOT is_preset))
policy campaigns_select on touchline.campaigns as permissive for select to authenticated using (business_id = ANY (touchline.readable_business_ids()))
policy campaigns_update on touchline.campaigns as permissive for update to authenticated using ((business_id = ANY (touchline.writable_business_ids())) AND (NOT is_preset)) with check ((business_id = ANY (touchline.writable_business_ids())) AND (NOT is_preset))
policy consent_events_select on touchline.consent_events as permissive for select to authenticated using (business_id = ANY (touchline.my_business_ids()))
policy customers_insert on touchline.customers as permissive for insert to authenticated with check (business_id = ANY (touchline.writable_business_ids()))
policy customers_select on touchline.customers as permissive for select to authenticated using (business_id = ANY (touchline.my_business_ids()))
policy customers_update on touchline.customers as permissive for update to authenticated using (business_id = ANY (touchline.writable_business_ids())) with check (business_id = ANY (touchline.writable_business_ids()))
policy daily_stats_changes_select on touchline.daily_stats_changes as permissive for select to authenticated using (business_id = ANY (touchline.my_business_ids()))
policy daily_stats_select on touchline.daily_stats as permissive for select to authenticated using (business_id = ANY (touchline.my_business_ids()))
policy evidence_checks_select on touchline.evidence_checks as permissive for select to authenticated using (business_id = ANY (touchline.my_business_ids()))
policy jobs_insert on touchline.jobs as permissive for insert to authenticated with check (business_id = ANY (touchline.writable_business_ids()))
policy jobs_select on touchline.jobs as permissive for select to authenticated using (business_id = ANY (touchline.my_business_ids()))
policy jobs_update on touchline.jobs as permissive for update to authenticated using (business_id = ANY (touchline.writable_business_ids())) with check (business_id = ANY (touchline.writable_business_ids()))
policy lane_claims_select on touchline.lane_claims as permissive for select to authenticated using (business_id = ANY (touchline.my_business_ids()))
policy links_select on touchline.links as permissive for select to authenticated using (business_id = ANY (touchline.my_business_ids()))
policy mailbox_messages_select on touchline.mailbox_messages as permissive for select to authenticated using (business_id = ANY (touchline.my_business_ids()))
policy message_events_select on touchline.message_events as permissive for select to authenticated using (business_id = ANY (touchline.my_business_ids()))
policy message_templates_delete on touchline.message_templates as permissive for delete to authenticated using (business_id = ANY (touchline.writable_business_ids()))
policy message_templates_insert on touchline.message_templates as permissive for insert to authenticated with check (business_id = ANY (touchline.writable_business_ids()))
policy message_templates_select on touchline.message_templates as permissive for select to authenticated using (business_id = ANY (touchline.readable_business_ids()))
policy message_templates_update on touchline.message_templates as permissive for update to authenticated using (business_id = ANY (touchline.writable_business_ids())) with check (business_id = ANY (touchline.writable_business_ids()))
policy reviews_feedback_select on touchline.reviews_feedback as permissive for select to authenticated using (business_id = ANY (touchline.my_business_ids()))
policy reviews_feedback_update on touchline.reviews_feedback as permissive for update to authenticated using (business_id = ANY (touchline.writable_business_ids())) with check (business_id = ANY (touchline.writable_business_ids()))
policy send_attempts_select on touchline.send_attempts as permissive for select to authenticated using (business_id = ANY (touchline.my_business_ids()))
policy send_logs_select on touchline.send_logs as permissive for select to authenticated using (business_id = ANY (touchline.my_business_ids()))
policy sender_accounts_select on touchline.sender_accounts as permissive for select to authenticated using (business_id = ANY (touchline.my_business_ids()))
policy sending_policies_select on touchline.sending_policies as permissive for select to authenticated using (business_id = ANY (touchline.readable_business_ids()))
policy sending_policies_update on touchline.sending_policies as permissive for update to authenticated using (business_id = ANY (touchline.writable_business_ids())) with check (business_id = ANY (touchline.writable_business_ids()))
policy sending_windows_delete on touchline.sending_windows as permissive for delete to authenticated using (business_id = ANY (touchline.writable_business_ids()))
policy sending_windows_insert on touchline.sending_windows as permissive for insert to authenticated with check (business_id = ANY (touchline.writable_business_ids()))
policy sending_windows_select on touchline.sending_windows as permissive for select to authenticated using (business_id = ANY (touchline.readable_business_ids()))
policy sending_windows_update on touchline.sending_windows as permissive for update to authenticated using (business_id = ANY (touchline.writable_business_ids())) with check (business_id = ANY (touchline.writable_business_ids()))
policy suppressions_select on touchline.suppressions as permissive for select to authenticated using (business_id = ANY (touchline.my_business_ids()))
policy template_versions_select on touchline.template_versions as permissive for select to authenticated using (business_id = ANY (touchline.readable_business_ids()))
policy time_zones_select on touchline.time_zones as permissive for select to authenticated using (name IS NOT NULL)
policy touch_queue_select on touchline.touch_queue as permissive for select to authenticated using (business_id = ANY (touchline.my_business_ids()))
policy webhook_endpoints_select on touchline.webhook_endpoints as permissive for select to authenticated using (business_id = ANY (touchline.my_business_ids()))

-- grants on tables, views and sequences
grant delete, insert, select, update on touchline.api_keys to service_role
grant delete, insert, select, update on touchline.business_dispatch to service_role
grant delete, insert, select, update on touchline.business_members to service_role
grant delete, insert, select, update on touchline.businesses to service_role
grant delete, insert, select, update on touchline.campaign_enrollments to service_role
grant delete, insert, select, update on touchline.campaign_touches to service_role
grant delete, insert, select, update on touchline.campaign_versions to service_role
grant delete, insert, select, update on touchline.campaigns to service_role
grant delete, insert, select, update on touchline.consent_events to service_role
grant delete, insert, select, update on touchline.customers to service_role
grant delete, insert, select, update on touchline.daily_stats to service_role
grant delete, insert, select, update on touchline.daily_stats_changes to service_role
grant delete, insert, select, update on touchline.evidence_checks to service_role
grant delete, insert, select, update on touchline.idempotency_keys to service_role
grant delete, insert, select, update on touchline.jobs to service_role
grant delete, insert, select, update on touchline.lane_claims to service_role
grant delete, insert, select, update on touchline.links to service_role
grant delete, insert, select, update on touchline.mailbox_messages to service_role
grant delete, insert, select, update on touchline.message_events to service_role
grant delete, insert, select, update on touchline.message_templates to service_role
grant delete, insert, select, update on touchline.reviews_feedback to service_role
grant delete, insert, select, update on touchline.send_attempts to service_role
grant delete, insert, select, update on touchline.send_logs to service_role
grant delete, insert, select, update on touchline.sender_accounts to service_role
grant delete, insert, select, update on touchline.sending_policies to service_role
grant delete, insert, select, update on touchline.sending_windows to service_role
grant delete, insert, select, update on touchline.suppressions to service_role
grant delete, insert, select, update on touchline.template_versions to service_role
grant delete, insert, select, update on touchline.touch_queue to service_role
grant delete, insert, select, update on touchline.webhook_endpoints to service_role
grant delete, insert, select, update on touchline.webhook_inbox to service_role
grant delete, select on touchline.campaign_touches to authenticated
grant delete, select on touchline.message_templates to authenticated
grant delete, select on touchline.sending_windows to authenticated
grant insert, select on touchline.audit_log to service_role
grant select on touchline.audit_log to authenticated
grant select on touchline.business_dispatch to authenticated
grant select on touchline.business_members to authenticated
grant select on touchline.businesses to authenticated
grant select on touchline.campaign_daily_stats to authenticated
grant select on touchline.campaign_daily_stats to service_role
grant select on touchline.campaign_enrollments to authenticated
grant select on touchline.campaign_live_touches to authenticated
grant select on touchline.campaign_live_touches to service_role
grant select on touchline.campaign_overview to authenticated
grant select on touchline.campaign_overview to service_role
grant select on touchline.campaign_versions to authenticated
grant select on touchline.campaigns to authenticated
grant select on touchline.customers to authenticated
grant select on touchline.daily_stats to authenticated
grant select on touchline.daily_stats_changes to authenticated
grant select on touchline.evidence_checks to authenticated
grant select on touchline.jobs to authenticated
grant select on touchline.lane_claims to authenticated
grant select on touchline.mailbox_messages to authenticated
grant select on touchline.message_events to authenticated
grant select on touchline.reviews_feedback to authenticated
grant select on touchline.send_attempts to authenticated
grant select on touchline.send_logs to authenticated
grant select on touchline.sending_policies to authenticated
grant select on touchline.skipped_touches to authenticated
grant select on touchline.skipped_touches to service_role
grant select on touchline.template_versions to authenticated
grant select on touchline.time_zones to authenticated
grant select on touchline.time_zones to service_role
grant select on touchline.touch_queue to authenticated

-- grants on columns
grant insert (body, business_id, channel, name, purpose, service_type, subject) on touchline.message_templates to authenticated
grant insert (brand_name, contact_email, contact_phone, country, name, postal_address, review_url, sender_name, service_types, state, time_zone, user_id) on touchline.businesses to authenticated
grant insert (business_id, campaign_choice, chosen_campaign_id, completed_at, customer_id, external_id, notes, scheduled_for, service_type, status, title) on touchline.jobs to authenticated
grant insert (business_id, campaign_id, channel, delay_hours, template_id, touch_number, version) on touchline.campaign_touches to authenticated
grant insert (business_id, channel, closes, iso_weekday, opens) on touchline.sending_windows to authenticated
grant insert (business_id, country, email, external_id, first_name, last_name, phone, state, tags, time_zone, time_zone_source) on touchline.customers to authenticated
grant insert (business_id, description, name, service_type) on touchline.campaigns to authenticated
grant select (address, business_id, channel, created_at, lifted_at, reason, suppressed_at, updated_at) on touchline.suppressions to authenticated
grant select (business_id, campaign_enrollment_id, created_at, customer_id, id, purpose, send_log_id, target_url) on touchline.links to authenticated
grant select (business_id, channel, consent_form, customer_id, id, kind, method, notes, occurred_at, recorded_at, recorded_by, scope, sequence, source, source_event_id, text_shown) on touchline.consent_events to authenticated
grant select (business_id, channel, created_at, from_address, id, in_use, kind, name, pause_reason, paused_at, paused_until, rate_per_hour, settings, status, updated_at) on touchline.sender_accounts to authenticated
grant select (business_id, created_at, created_by, id, key_prefix, last4, last_used_at, name, revoked_at, scopes) on touchline.api_keys to authenticated
grant select (business_id, created_at, disable_reason, disabled_at, events, id, status, updated_at, url) on touchline.webhook_endpoints to authenticated
grant update (after_opt_out, cap_messages_per_24h, cap_sms_per_day, max_attempts, max_enroll_age_days, max_late_hours, min_gap_hours, overlap, queue_gap_days, reentry_days_after_enrollment, reentry_days_after_review, stop_on_reply, unknown_email, unknown_sms) on touchline.sending_policies to authenticated
grant update (body, name, purpose, service_type, subject) on touchline.message_templates to authenticated
grant update (brand_name, contact_email, contact_phone, country, name, postal_address, review_url, sender_name, service_types, state, time_zone) on touchline.businesses to authenticated
grant update (campaign_choice, chosen_campaign_id, completed_at, external_id, notes, scheduled_for, service_type, status, title) on touchline.jobs to authenticated
grant update (channel, closes, iso_weekday, opens) on touchline.sending_windows to authenticated
grant update (channel, delay_hours, template_id, touch_number) on touchline.campaign_touches to authenticated
grant update (country, email, external_id, first_name, last_name, phone, state, tags, time_zone, time_zone_source) on touchline.customers to authenticated
grant update (description, name) on touchline.campaigns to authenticated
grant update (internal_notes, resolved_at, resolved_by) on touchline.reviews_feedback to authenticated

-- grants on functions
grant execute on touchline.add_api_key(p_business_id uuid, p_name text, p_key_hash bytea, p_key_prefix text, p_last4 text, p_scopes text[], p_now timestamp with time zone) to authenticated
grant execute on touchline.add_api_key(p_business_id uuid, p_name text, p_key_hash bytea, p_key_prefix text, p_last4 text, p_scopes text[], p_now timestamp with time zone) to service_role
grant execute on touchline.add_api_key(p_business_id uuid, p_name text, p_key_hash bytea, p_key_prefix text, p_last4 text, p_scopes text[], p_now timestamp with time zone) to touchline_worker
grant execute on touchline.add_business(p_user_id uuid, p_profile jsonb) to service_role
grant execute on touchline.add_login_link(p_token_hash bytea, p_user_id uuid, p_now timestamp with time zone) to service_role
grant execute on touchline.api_key_business(p_key_hash bytea, p_now timestamp with time zone) to service_role
grant execute on touchline.api_key_business(p_key_hash bytea, p_now timestamp with time zone) to touchline_worker
grant execute on touchline.archive_campaign(p_business_id uuid, p_campaign_id uuid, p_now timestamp with time zone) to authenticated
grant execute on touchline.archive_campaign(p_business_id uuid, p_campaign_id uuid, p_now timestamp with time zone) to service_role
grant execute on touchline.archive_campaign(p_business_id uuid, p_campaign_id uuid, p_now timestamp with time zone) to touchline_worker
grant execute on touchline.archive_customer(p_business_id uuid, p_customer_id uuid, p_now timestamp with time zone) to authenticated
grant execute on touchline.archive_customer(p_business_id uuid, p_customer_id uuid, p_now timestamp with time zone) to service_role
grant execute on touchline.archive_customer(p_business_id uuid, p_customer_id uuid, p_now timestamp with time zone) to touchline_worker
grant execute on touchline.begin_replays(p_worker text, p_claim_id uuid, p_business_ids uuid[], p_send_log_ids uuid[], p_within interval, p_now timestamp with time zone) to service_role
grant execute on touchline.begin_replays(p_worker text, p_claim_id uuid, p_business_ids uuid[], p_send_log_ids uuid[], p_within interval, p_now timestamp with time zone) to touchline_worker
grant execute on touchline.begin_request(p_business_id uuid, p_route text, p_key text, p_body_hash bytea, p_now timestamp with time zone) to authenticated
grant execute on touchline.begin_request(p_business_id uuid, p_route text, p_key text, p_body_hash bytea, p_now timestamp with time zone) to service_role
grant execute on touchline.begin_request(p_business_id uuid, p_route text, p_key text, p_body_hash bytea, p_now timestamp with time zone) to touchline_worker
grant execute on touchline.campaign_figures(p_business_id uuid, p_campaign_id uuid, OUT active bigint, OUT completed bigint, OUT stopped bigint, OUT parked bigint, OUT next_due_at timestamp with time zone, OUT sent bigint) to authenticated
grant execute on touchline.campaign_figures(p_business_id uuid, p_campaign_id uuid, OUT active bigint, OUT completed bigint, OUT stopped bigint, OUT parked bigint, OUT next_due_at timestamp with time zone, OUT sent bigint) to service_role
grant execute on touchline.campaign_figures(p_business_id uuid, p_campaign_id uuid, OUT active bigint, OUT completed bigint, OUT stopped bigint, OUT parked bigint, OUT next_due_at timestamp with time zone, OUT sent bigint) to touchline_worker
grant execute on touchline.check_in(p_generation_seen bigint, p_now timestamp with time zone) to service_role
grant execute on touchline.check_in(p_generation_seen bigint, p_now timestamp with time zone) to touchline_worker
grant execute on touchline.check_invariants(p_since timestamp with time zone, p_now timestamp with time zone) to service_role
grant execute on touchline.check_invariants(p_since timestamp with time zone, p_now timestamp with time zone) to touchline_worker
grant execute on touchline.claim_due_touches(p_worker text, p_claim_id uuid, p_limit integer, p_now timestamp with time zone) to service_role
grant execute on touchline.claim_due_touches(p_worker text, p_claim_id uuid, p_limit integer, p_now timestamp with time zone) to touchline_worker
grant execute on touchline.claim_unknowns(p_limit integer, p_now timestamp with time zone) to service_role
grant execute on touchline.claim_unknowns(p_limit integer, p_now timestamp with time zone) to touchline_worker
grant execute on touchline.clear_out(p_limit integer, p_now timestamp with time zone) to service_role
grant execute on touchline.clear_out(p_limit integer, p_now timestamp with time zone) to touchline_worker
grant execute on touchline.complete_job(p_business_id uuid, p_job jsonb, p_customer jsonb, p_now timestamp with time zone) to authenticated
grant execute on touchline.complete_job(p_business_id uuid, p_job jsonb, p_customer jsonb, p_now timestamp with time zone) to service_role
grant execute on touchline.complete_job(p_business_id uuid, p_job jsonb, p_customer jsonb, p_now timestamp with time zone) to touchline_worker
grant execute on touchline.copy_campaign(p_business_id uuid, p_campaign_id uuid, p_name text) to authenticated
grant execute on touchline.copy_campaign(p_business_id uuid, p_campaign_id uuid, p_name text) to service_role
grant execute on touchline.copy_campaign(p_business_id uuid, p_campaign_id uuid, p_name text) to touchline_worker
grant execute on touchline.copy_preset(p_business_id uuid, p_preset_key text, p_service_type text, p_name text) to authenticated
grant execute on touchline.copy_preset(p_business_id uuid, p_preset_key text, p_service_type text, p_name text) to service_role
grant execute on touchline.copy_preset(p_business_id uuid, p_preset_key text, p_service_type text, p_name text) to touchline_worker
grant execute on touchline.create_campaign(p_business_id uuid, p_name text, p_service_type text, p_description text, p_touches jsonb) to authenticated
grant execute on touchline.create_campaign(p_business_id uuid, p_name text, p_service_type text, p_description text, p_touches jsonb) to service_role
grant execute on touchline.create_campaign(p_business_id uuid, p_name text, p_service_type text, p_description text, p_touches jsonb) to touchline_worker
grant execute on touchline.delete_template(p_business_id uuid, p_template_id uuid) to authenticated
grant execute on touchline.delete_template(p_business_id uuid, p_template_id uuid) to service_role
grant execute on touchline.delete_template(p_business_id uuid, p_template_id uuid) to touchline_worker
grant execute on touchline.doubt_touches(p_since timestamp with time zone, p_limit integer, p_now timestamp with time zone) to service_role
grant execute on touchline.doubt_touches(p_since timestamp with time zone, p_limit integer, p_now timestamp with time zone) to touchline_worker
grant execute on touchline.edit_campaign(p_business_id uuid, p_campaign_id uuid, p_touches jsonb) to authenticated
grant execute on touchline.edit_campaign(p_business_id uuid, p_campaign_id uuid, p_touches jsonb) to service_role
grant execute on touchline.edit_campaign(p_business_id uuid, p_campaign_id uuid, p_touches jsonb) to touchline_worker
grant execute on touchline.end_session(p_session_hash bytea) to service_role
grant execute on touchline.enroll_completed(p_business_id uuid, p_job_ids uuid[], p_per_hour integer, p_first_slot timestamp with time zone, p_now timestamp with time zone) to authenticated
grant execute on touchline.enroll_completed(p_business_id uuid, p_job_ids uuid[], p_per_hour integer, p_first_slot timestamp with time zone, p_now timestamp with time zone) to service_role
grant execute on touchline.enroll_completed(p_business_id uuid, p_job_ids uuid[], p_per_hour integer, p_first_slot timestamp with time zone, p_now timestamp with time zone) to touchline_worker
grant execute on touchline.enroll_job(p_business_id uuid, p_job_id uuid, p_now timestamp with time zone) to authenticated
grant execute on touchline.enroll_job(p_business_id uuid, p_job_id uuid, p_now timestamp with time zone) to service_role
grant execute on touchline.enroll_job(p_business_id uuid, p_job_id uuid, p_now timestamp with time zone) to touchline_worker
grant execute on touchline.enroll_waiting(p_limit integer, p_now timestamp with time zone) to service_role
grant execute on touchline.enroll_waiting(p_limit integer, p_now timestamp with time zone) to touchline_worker
grant execute on touchline.enrollment_answer(p_business_id uuid, p_enrollment_id uuid) to authenticated
grant execute on touchline.enrollment_answer(p_business_id uuid, p_enrollment_id uuid) to service_role
grant execute on touchline.enrollment_answer(p_business_id uuid, p_enrollment_id uuid) to touchline_worker
grant execute on touchline.enrollment_timeline(p_business_id uuid, p_enrollment_id uuid, p_now timestamp with time zone) to authenticated
grant execute on touchline.enrollment_timeline(p_business_id uuid, p_enrollment_id uuid, p_now timestamp with time zone) to service_role
grant execute on touchline.enrollment_timeline(p_business_id uuid, p_enrollment_id uuid, p_now timestamp with time zone) to touchline_worker
grant execute on touchline.ensure_user(p_email text) to service_role
grant execute on touchline.erase_customer(p_business_id uuid, p_customer_id uuid, p_now timestamp with time zone) to authenticated
grant execute on touchline.erase_customer(p_business_id uuid, p_customer_id uuid, p_now timestamp with time zone) to service_role
grant execute on touchline.erase_customer(p_business_id uuid, p_customer_id uuid, p_now timestamp with time zone) to touchline_worker
grant execute on touchline.explain_touch(p_business_id uuid, p_enrollment_id uuid, p_touch_number integer, p_now timestamp with time zone) to authenticated
grant execute on touchline.explain_touch(p_business_id uuid, p_enrollment_id uuid, p_touch_number integer, p_now timestamp with time zone) to service_role
grant execute on touchline.explain_touch(p_business_id uuid, p_enrollment_id uuid, p_touch_number integer, p_now timestamp with time zone) to touchline_worker
grant execute on touchline.find_job(p_business_id uuid, p_external_id text) to authenticated
grant execute on touchline.find_job(p_business_id uuid, p_external_id text) to service_role
grant execute on touchline.find_job(p_business_id uuid, p_external_id text) to touchline_worker
grant execute on touchline.fold_daily_stats(p_limit integer) to service_role
grant execute on touchline.fold_daily_stats(p_limit integer) to touchline_worker
grant execute on touchline.has_virtual_clock() to service_role
grant execute on touchline.has_virtual_clock() to touchline_worker
grant execute on touchline.import_jobs(p_business_id uuid, p_rows jsonb, p_now timestamp with time zone) to authenticated
grant execute on touchline.import_jobs(p_business_id uuid, p_rows jsonb, p_now timestamp with time zone) to service_role
grant execute on touchline.import_jobs(p_business_id uuid, p_rows jsonb, p_now timestamp with time zone) to touchline_worker
grant execute on touchline.installation_id() to service_role
grant execute on touchline.installation_id() to touchline_worker
grant execute on touchline.keep_answer(p_business_id uuid, p_route text, p_key text, p_status integer, p_body jsonb, p_now timestamp with time zone) to authenticated
grant execute on touchline.keep_answer(p_business_id uuid, p_route text, p_key text, p_status integer, p_body jsonb, p_now timestamp with time zone) to service_role
grant execute on touchline.keep_answer(p_business_id uuid, p_route text, p_key text, p_status integer, p_body jsonb, p_now timestamp with time zone) to touchline_worker
grant execute on touchline.leave_safe_mode(p_since timestamp with time zone, p_generation_seen bigint, p_now timestamp with time zone) to service_role
grant execute on touchline.list_mailbox(p_business_id uuid, p_after text, p_limit integer) to authenticated
grant execute on touchline.list_mailbox(p_business_id uuid, p_after text, p_limit integer) to service_role
grant execute on touchline.list_mailbox(p_business_id uuid, p_after text, p_limit integer) to touchline_worker
grant execute on touchline.ms_until_next_due(p_now timestamp with time zone) to service_role
grant execute on touchline.ms_until_next_due(p_now timestamp with time zone) to touchline_worker
grant execute on touchline.my_business_ids() to authenticated
grant execute on touchline.my_business_ids() to service_role
grant execute on touchline.open_session(p_link_hash bytea, p_session_hash bytea, p_now timestamp with time zone) to service_role
grant execute on touchline.pause_campaign(p_business_id uuid, p_campaign_id uuid, p_reason text, p_now timestamp with time zone) to authenticated
grant execute on touchline.pause_campaign(p_business_id uuid, p_campaign_id uuid, p_reason text, p_now timestamp with time zone) to service_role
grant execute on touchline.pause_campaign(p_business_id uuid, p_campaign_id uuid, p_reason text, p_now timestamp with time zone) to touchline_worker
grant execute on touchline.pause_sender_account(p_business_id uuid, p_sender_account_id uuid, p_reason text, p_now timestamp with time zone) to authenticated
grant execute on touchline.pause_sender_account(p_business_id uuid, p_sender_account_id uuid, p_reason text, p_now timestamp with time zone) to service_role
grant execute on touchline.pause_sender_account(p_business_id uuid, p_sender_account_id uuid, p_reason text, p_now timestamp with time zone) to touchline_worker
grant execute on touchline.prune(p_table text, p_older_than_days integer, p_limit integer, p_after jsonb, p_dry_run boolean, p_now timestamp with time zone) to service_role
grant execute on touchline.publish_campaign(p_business_id uuid, p_campaign_id uuid, p_now timestamp with time zone) to authenticated
grant execute on touchline.publish_campaign(p_business_id uuid, p_campaign_id uuid, p_now timestamp with time zone) to service_role
grant execute on touchline.publish_campaign(p_business_id uuid, p_campaign_id uuid, p_now timestamp with time zone) to touchline_worker
grant execute on touchline.readable_business_ids() to authenticated
grant execute on touchline.readable_business_ids() to service_role
grant execute on touchline.reconcile_touches(p_limit integer, p_now timestamp with time zone) to service_role
grant execute on touchline.reconcile_touches(p_limit integer, p_now timestamp with time zone) to touchline_worker
grant execute on touchline.record_customer_event(p_business_id uuid, p_customer_id uuid, p_kind text, p_now timestamp with time zone) to authenticated
grant execute on touchline.record_customer_event(p_business_id uuid, p_customer_id uuid, p_kind text, p_now timestamp with time zone) to service_role
grant execute on touchline.record_customer_event(p_business_id uuid, p_customer_id uuid, p_kind text, p_now timestamp with time zone) to touchline_worker
grant execute on touchline.record_mailbox_message(p_business_id uuid, p_send_log_id uuid, p_attempt integer, p_message jsonb, p_now timestamp with time zone) to service_role
grant execute on touchline.record_mailbox_message(p_business_id uuid, p_send_log_id uuid, p_attempt integer, p_message jsonb, p_now timestamp with time zone) to touchline_worker
grant execute on touchline.record_opt_in(p_business_id uuid, p_channel text, p_address text, p_details jsonb, p_now timestamp with time zone) to authenticated
grant execute on touchline.record_opt_in(p_business_id uuid, p_channel text, p_address text, p_details jsonb, p_now timestamp with time zone) to service_role
grant execute on touchline.record_opt_in(p_business_id uuid, p_channel text, p_address text, p_details jsonb, p_now timestamp with time zone) to touchline_worker
grant execute on touchline.record_opt_out(p_business_id uuid, p_channel text, p_address text, p_details jsonb, p_now timestamp with time zone) to authenticated
grant execute on touchline.record_opt_out(p_business_id uuid, p_channel text, p_address text, p_details jsonb, p_now timestamp with time zone) to service_role
grant execute on touchline.record_opt_out(p_business_id uuid, p_channel text, p_address text, p_details jsonb, p_now timestamp with time zone) to touchline_worker
grant execute on touchline.record_provider_event(p_business_id uuid, p_sender_account_id uuid, p_event jsonb, p_now timestamp with time zone) to service_role
grant execute on touchline.record_provider_event(p_business_id uuid, p_sender_account_id uuid, p_event jsonb, p_now timestamp with time zone) to touchline_worker
grant execute on touchline.refresh_statistics() to service_role
grant execute on touchline.refresh_statistics() to touchline_worker
grant execute on touchline.reinstate_business(p_business_id uuid, p_now timestamp with time zone) to service_role
grant execute on touchline.remove_member(p_business_id uuid, p_user_id uuid) to authenticated
grant execute on touchline.remove_member(p_business_id uuid, p_user_id uuid) to service_role
grant execute on touchline.remove_member(p_business_id uuid, p_user_id uuid) to touchline_worker
grant execute on touchline.remove_sender_account(p_business_id uuid, p_sender_account_id uuid, p_now timestamp with time zone) to authenticated
grant execute on touchline.remove_sender_account(p_business_id uuid, p_sender_account_id uuid, p_now timestamp with time zone) to service_role
grant execute on touchline.remove_sender_account(p_business_id uuid, p_sender_account_id uuid, p_now timestamp with time zone) to touchline_worker
grant execute on touchline.resolve_conflict(p_business_id uuid, p_job_id uuid, p_choice text, p_now timestamp with time zone) to authenticated
grant execute on touchline.resolve_conflict(p_business_id uuid, p_job_id uuid, p_choice text, p_now timestamp with time zone) to service_role
grant execute on touchline.resolve_conflict(p_business_id uuid, p_job_id uuid, p_choice text, p_now timestamp with time zone) to touchline_worker
grant execute on touchline.resolve_touch(p_business_id uuid, p_send_log_id uuid, p_choice text, p_acknowledge_duplicate_risk boolean, p_now timestamp with time zone) to authenticated
grant execute on touchline.resolve_touch(p_business_id uuid, p_send_log_id uuid, p_choice text, p_acknowledge_duplicate_risk boolean, p_now timestamp with time zone) to service_role
grant execute on touchline.resolve_touch(p_business_id uuid, p_send_log_id uuid, p_choice text, p_acknowledge_duplicate_risk boolean, p_now timestamp with time zone) to touchline_worker
grant execute on touchline.restore_customer(p_business_id uuid, p_customer_id uuid, p_now timestamp with time zone) to authenticated
grant execute on touchline.restore_customer(p_business_id uuid, p_customer_id uuid, p_now timestamp with time zone) to service_role
grant execute on touchline.restore_customer(p_business_id uuid, p_customer_id uuid, p_now timestamp with time zone) to touchline_worker
grant execute on touchline.resume_campaign(p_business_id uuid, p_campaign_id uuid, p_now timestamp with time zone) to authenticated
grant execute on touchline.resume_campaign(p_business_id uuid, p_campaign_id uuid, p_now timestamp with time zone) to service_role
grant execute on touchline.resume_campaign(p_business_id uuid, p_campaign_id uuid, p_now timestamp with time zone) to touchline_worker
grant execute on touchline.resume_sender_account(p_business_id uuid, p_sender_account_id uuid, p_now timestamp with time zone) to authenticated
grant execute on touchline.resume_sender_account(p_business_id uuid, p_sender_account_id uuid, p_now timestamp with time zone) to service_role
grant execute on touchline.resume_sender_account(p_business_id uuid, p_sender_account_id uuid, p_now timestamp with time zone) to touchline_worker
grant execute on touchline.retention() to service_role
grant execute on touchline.retention() to touchline_worker
grant execute on touchline.revoke_api_key(p_business_id uuid, p_key_id uuid, p_now timestamp with time zone) to authenticated
grant execute on touchline.revoke_api_key(p_business_id uuid, p_key_id uuid, p_now timestamp with time zone) to service_role
grant execute on touchline.revoke_api_key(p_business_id uuid, p_key_id uuid, p_now timestamp with time zone) to touchline_worker
grant execute on touchline.safe_mode(p_generation_seen bigint, OUT since timestamp with time zone, OUT reason text, OUT open_doubts integer) to authenticated
grant execute on touchline.safe_mode(p_generation_seen bigint, OUT since timestamp with time zone, OUT reason text, OUT open_doubts integer) to service_role
grant execute on touchline.safe_mode(p_generation_seen bigint, OUT since timestamp with time zone, OUT reason text, OUT open_doubts integer) to touchline_worker
grant execute on touchline.save_template(p_business_id uuid, p_template_id uuid, p_template jsonb) to authenticated
grant execute on touchline.save_template(p_business_id uuid, p_template_id uuid, p_template jsonb) to service_role
grant execute on touchline.save_template(p_business_id uuid, p_template_id uuid, p_template jsonb) to touchline_worker
grant execute on touchline.sender_credentials(p_business_id uuid, p_sender_account_id uuid) to service_role
grant execute on touchline.sender_credentials(p_business_id uuid, p_sender_account_id uuid) to touchline_worker
grant execute on touchline.sending_capacity(p_business_id uuid, p_now timestamp with time zone) to authenticated
grant execute on touchline.sending_capacity(p_business_id uuid, p_now timestamp with time zone) to service_role
grant execute on touchline.sending_capacity(p_business_id uuid, p_now timestamp with time zone) to touchline_worker
grant execute on touchline.session_user_id(p_session_hash bytea, p_now timestamp with time zone) to service_role
grant execute on touchline.set_business(p_business_id uuid, p_changes jsonb) to authenticated
grant execute on touchline.set_business(p_business_id uuid, p_changes jsonb) to service_role
grant execute on touchline.set_business(p_business_id uuid, p_changes jsonb) to touchline_worker
grant execute on touchline.set_member(p_business_id uuid, p_user_id uuid, p_role text) to authenticated
grant execute on touchline.set_member(p_business_id uuid, p_user_id uuid, p_role text) to service_role
grant execute on touchline.set_member(p_business_id uuid, p_user_id uuid, p_role text) to touchline_worker
grant execute on touchline.set_sender_account(p_business_id uuid, p_sender_account_id uuid, p_account jsonb, p_now timestamp with time zone) to authenticated
grant execute on touchline.set_sender_account(p_business_id uuid, p_sender_account_id uuid, p_account jsonb, p_now timestamp with time zone) to service_role
grant execute on touchline.set_sender_account(p_business_id uuid, p_sender_account_id uuid, p_account jsonb, p_now timestamp with time zone) to touchline_worker
grant execute on touchline.set_sending_policy(p_business_id uuid, p_changes jsonb) to authenticated
grant execute on touchline.set_sending_policy(p_business_id uuid, p_changes jsonb) to service_role
grant execute on touchline.set_sending_policy(p_business_id uuid, p_changes jsonb) to touchline_worker
grant execute on touchline.set_sending_windows(p_business_id uuid, p_channel text, p_windows jsonb) to authenticated
grant execute on touchline.set_sending_windows(p_business_id uuid, p_channel text, p_windows jsonb) to service_role
grant execute on touchline.set_sending_windows(p_business_id uuid, p_channel text, p_windows jsonb) to touchline_worker
grant execute on touchline.settle_evidence(p_findings jsonb, p_now timestamp with time zone) to service_role
grant execute on touchline.settle_evidence(p_findings jsonb, p_now timestamp with time zone) to touchline_worker
grant execute on touchline.settle_touches(p_claim_id uuid, p_outcomes jsonb, p_now timestamp with time zone) to service_role
grant execute on touchline.settle_touches(p_claim_id uuid, p_outcomes jsonb, p_now timestamp with time zone) to touchline_worker
grant execute on touchline.stop_enrollment(p_business_id uuid, p_enrollment_id uuid, p_reason text, p_now timestamp with time zone) to authenticated
grant execute on touchline.stop_enrollment(p_business_id uuid, p_enrollment_id uuid, p_reason text, p_now timestamp with time zone) to service_role
grant execute on touchline.stop_enrollment(p_business_id uuid, p_enrollment_id uuid, p_reason text, p_now timestamp with time zone) to touchline_worker
grant execute on touchline.suspend_business(p_business_id uuid, p_reason text, p_now timestamp with time zone) to service_role
grant execute on touchline.sweep_lanes(p_now timestamp with time zone) to service_role
grant execute on touchline.sweep_lanes(p_now timestamp with time zone) to touchline_worker
grant execute on touchline.system_business_id() to authenticated
grant execute on touchline.system_business_id() to service_role
grant execute on touchline.system_business_id() to touchline_worker
grant execute on touchline.uuid_v7() to authenticated
grant execute on touchline.uuid_v7() to service_role
grant execute on touchline.uuid_v7() to touchline_worker
grant execute on touchline.writable_business_ids() to authenticated
grant execute on touchline.writable_business_ids() to service_role

-- comments
comment on function touchline.invariant_02_one_intent_per_touch(timestamp with time zone,timestamp with time zone): there is at most one intent per touch of an enrollment.
comment on function touchline.invariant_06_retry_needs_proof(timestamp with time zone,timestamp with time zone): a touch is handed over again, or due again, only with proof that the attempt before it was not accepted.
comment on function touchline.invariant_08_attempts_are_limited(timestamp with time zone,timestamp with time zone): no message has more counted attempts than the policy allows.
comment on function touchline.invariant_09_unknown_is_resolved(timestamp with time zone,timestamp with time zone): every unknown outcome is resolved, presumed or held within its horizon, and until then the reconciler knows it.
comment on function touchline.invariant_10_no_intent_after_opt_out(timestamp with time zone,timestamp with time zone): no intent was written while an opt-out of its customer or address was in force.
comment on function touchline.invariant_12_opt_outs_are_in_force(timestamp with time zone,timestamp with time zone): every recorded opt-out is in force: its address is suppressed, and who has the address is opted out; a START that happened before a STOP does not undo it, however late it arrives.
comment on function touchline.invariant_14_no_intent_for_erased(timestamp with time zone,timestamp with time zone): no intent is written for an erased customer, nor to an address that an erasure or the business suppressed, whoever has the address now.
comment on function touchline.invariant_16_plan_follows_delays(timestamp with time zone,timestamp with time zone): each touch is planned after the one before by the delay of its version, and exactly the touches of the version are planned.
comment on function touchline.invariant_17_plan_begins_at_completion(timestamp with time zone,timestamp with time zone): the plan begins at the job's completion, by the delay of touch 1 of its version.
comment on function touchline.invariant_18_nothing_before_due(timestamp with time zone,timestamp with time zone): no attempt is claimed before its touch is due, nor before its plan; so nothing is accepted before it is due.
comment on function touchline.invariant_19_nothing_claimed_late(timestamp with time zone,timestamp with time zone): nothing is claimed past late_after.
comment on function touchline.invariant_20_minimum_gap(timestamp with time zone,timestamp with time zone): no touch is claimed closer than the minimum gap to an earlier acceptance of its enrollment that was known then.
comment on function touchline.invariant_21_touches_in_order(timestamp with time zone,timestamp with time zone): a touch is handed over or skipped only after the one before it is settled.
comment on function touchline.invariant_22_one_unsettled_touch(timestamp with time zone,timestamp with time zone): an active enrollment has exactly one current touch that is not settled, with settled ones before it and pending ones after it; a completed one has none; a stopped one has none pending and at most one sending, unknown or held.
comment on function touchline.invariant_23_completed_at_last_touch(timestamp with time zone,timestamp with time zone): an enrollment is completed at the last touch of its version, and says when.
comment on function touchline.invariant_24_no_intent_after_stop(timestamp with time zone,timestamp with time zone): a stopped enrollment says why and when, and nothing of it is claimed after that.
comment on function touchline.invariant_25_sending_has_an_end(timestamp with time zone,timestamp with time zone): nothing is called sending past its lease and five minutes for the reconciler, and until then the reconciler knows it.
comment on function touchline.invariant_27_one_sequence_per_customer(timestamp with time zone,timestamp with time zone): a customer is in at most one active enrollment of a campaign, and of a business.
comment on function touchline.invariant_28_nothing_while_paused(timestamp with time zone,timestamp with time zone): nothing is claimed for a paused campaign or a suspended business after the pause.
comment on function touchline.invariant_29_books_balance(timestamp with time zone,timestamp with time zone): the books balance: the touches planned for the people of a campaign's version are those that are pending, sending, unknown, held, sent, presumed sent, failed, skipped or cancelled.
comment on function touchline.invariant_30_one_business(timestamp with time zone,timestamp with time zone): an enrollment, its campaign, version, job, customer and intents, and the texts they send, share one business and belong to each other.
comment on function touchline.invariant_31_own_sender(timestamp with time zone,timestamp with time zone): a message leaves only through a sender account of its own business and channel.
comment on function touchline.invariant_33_webhooks_once(timestamp with time zone,timestamp with time zone): a provider's event is in the inbox once and tells each thing about a message once.
comment on function touchline.invariant_34_delivery_is_monotone(timestamp with time zone,timestamp with time zone): the delivery status of a message is that of its event of the highest rank: delivered after bounced cannot un-bounce.
comment on function touchline.invariant_35_rollups_equal_recount(timestamp with time zone,timestamp with time zone): the daily counts equal a recount of the ledger at every moment.
comment on function touchline.invariant_36_queue_row_per_enrollment(timestamp with time zone,timestamp with time zone): every active enrollment has one queue row with its current touch, channel and plan, leased exactly while that touch is sending and parked while it is unknown or held; any other has one only while `stopping`, for a touch that is on its way.
comment on function touchline.invariant_37_touches_agree_with_log(timestamp with time zone,timestamp with time zone): state and acceptance of a touch are what the send log says of it.
comment on function touchline.invariant_38_lanes_know_their_work(timestamp with time zone,timestamp with time zone): every lane with work has a dispatch row whose pointer is not later than its earliest touch that could be claimed, once a sweep has passed.
comment on function touchline.invariant_39_parked_exactly_when_blocked(timestamp with time zone,timestamp with time zone): a queue row is due at infinity exactly when it says what blocks it.
comment on function touchline.invariant_40_frequency_cap(timestamp with time zone,timestamp with time zone): nobody is handed more messages within 24 hours than the policy allows, as far as their ends were known at the claim.
comment on table touchline.address_keys: Secret keys of address_hash(); no role is granted anything on it.
comment on table touchline.code_files: Checksums of the applied files of sql/, so that only changed ones are applied again.
comment on table touchline.daily_stats_changes: What daily_stats does not hold yet: a row per transaction and kind of count; emptied by house-keeping.
comment on table touchline.evidence_checks: One row per message of unknown outcome: when its provider is asked next, and until when the policy waits for the answer.
comment on table touchline.installation: One row: the applied code build, and whether this database may be given a clock (demo, tests, simulation).
comment on table touchline.lane_claims: One row per claim of a lane until every intent it wrote is settled: what the reconciler looks at, and when.
comment on table touchline.login_links: One-time links that the command line prints; token_hash is the SHA-256 of what stands in the link.
comment on table touchline.mailbox_messages: Messages that the built-in mailbox accepted instead of a provider: one row per attempt, gone when its message is wiped.
comment on table touchline.sending_windows: Allowed windows per channel and ISO weekday (1 = Monday). The rows of the system business are the defaults.
comment on table touchline.sessions: Who is signed in; token_hash is the SHA-256 of what stands in their cookie.
comment on table touchline.time_zones: IANA zone names the server resolved when the schema was made, without the four it takes for fixed offsets.
