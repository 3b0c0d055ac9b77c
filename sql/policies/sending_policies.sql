-- Purpose: a business sees its policy and the defaults, and changes its own.
revoke all on touchline.sending_policies from public, anon, authenticated, service_role, touchline_worker;
grant select, insert, update, delete on touchline.sending_policies to service_role;
drop policy if exists sending_policies_select on touchline.sending_policies;
drop policy if exists sending_policies_insert on touchline.sending_policies;
drop policy if exists sending_policies_update on touchline.sending_policies;
drop policy if exists sending_policies_delete on touchline.sending_policies;

grant select on touchline.sending_policies to authenticated;
create policy sending_policies_select on touchline.sending_policies for select to authenticated
using (business_id = any (touchline.readable_business_ids()));

grant update (max_late_hours, min_gap_hours, cap_messages_per_24h, cap_sms_per_day, reentry_days_after_review, reentry_days_after_enrollment,
  overlap, queue_gap_days, max_enroll_age_days, after_opt_out, stop_on_reply, unknown_sms, unknown_email, max_attempts) on touchline.sending_policies to authenticated;
create policy sending_policies_update on touchline.sending_policies for update to authenticated
using (business_id = any (touchline.writable_business_ids()))
with check (business_id = any (touchline.writable_business_ids()));
