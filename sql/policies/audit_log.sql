-- Purpose: own audit trail, read only.
revoke all on touchline.audit_log from public, anon, authenticated, service_role, touchline_worker;
grant select, insert on touchline.audit_log to service_role;
drop policy if exists audit_log_select on touchline.audit_log;
drop policy if exists audit_log_insert on touchline.audit_log;
drop policy if exists audit_log_update on touchline.audit_log;
drop policy if exists audit_log_delete on touchline.audit_log;

grant select on touchline.audit_log to authenticated;
create policy audit_log_select on touchline.audit_log for select to authenticated
using (business_id = any (touchline.my_business_ids()));
