-- The server's counts say how many rows each business has, as long as there are few businesses. Of one that they do not know, because it
-- came after the last count, the planner then believes that it has no rows at all, and takes any index that begins with
-- business_id: a customer was found by walking all 20,000 of a new business, for each of them. Without counts of this column it
-- believes of every business that it has a share of the rows, and takes the key. (Counts that are there already stay until the
-- table is restored or made anew.)
set lock_timeout = '4s';

alter table touchline.api_keys alter column business_id set statistics 0;
alter table touchline.audit_log alter column business_id set statistics 0;
alter table touchline.business_dispatch alter column business_id set statistics 0;
alter table touchline.business_members alter column business_id set statistics 0;
alter table touchline.campaign_enrollments alter column business_id set statistics 0;
alter table touchline.campaign_touches alter column business_id set statistics 0;
alter table touchline.campaign_versions alter column business_id set statistics 0;
alter table touchline.campaigns alter column business_id set statistics 0;
alter table touchline.consent_events alter column business_id set statistics 0;
alter table touchline.customers alter column business_id set statistics 0;
alter table touchline.daily_stats alter column business_id set statistics 0;
alter table touchline.daily_stats_changes alter column business_id set statistics 0;
alter table touchline.evidence_checks alter column business_id set statistics 0;
alter table touchline.idempotency_keys alter column business_id set statistics 0;
alter table touchline.jobs alter column business_id set statistics 0;
alter table touchline.lane_claims alter column business_id set statistics 0;
alter table touchline.links alter column business_id set statistics 0;
alter table touchline.mailbox_messages alter column business_id set statistics 0;
alter table touchline.message_events alter column business_id set statistics 0;
alter table touchline.message_templates alter column business_id set statistics 0;
alter table touchline.reviews_feedback alter column business_id set statistics 0;
alter table touchline.send_attempts alter column business_id set statistics 0;
alter table touchline.send_logs alter column business_id set statistics 0;
alter table touchline.sender_accounts alter column business_id set statistics 0;
alter table touchline.sending_policies alter column business_id set statistics 0;
alter table touchline.sending_windows alter column business_id set statistics 0;
alter table touchline.suppressions alter column business_id set statistics 0;
alter table touchline.template_versions alter column business_id set statistics 0;
alter table touchline.touch_queue alter column business_id set statistics 0;
alter table touchline.webhook_endpoints alter column business_id set statistics 0;
alter table touchline.webhook_inbox alter column business_id set statistics 0;
