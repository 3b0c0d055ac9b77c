-- Purpose: own searches for evidence, read only: a member sees why an outcome is still unknown.
revoke all on touchline.evidence_checks from public, anon, authenticated, service_role, touchline_worker;
grant select, insert, update, delete on touchline.evidence_checks to service_role;
drop policy if exists evidence_checks_select on touchline.evidence_checks;
drop policy if exists evidence_checks_insert on touchline.evidence_checks;
drop policy if exists evidence_checks_update on touchline.evidence_checks;
drop policy if exists evidence_checks_delete on touchline.evidence_checks;

grant select on touchline.evidence_checks to authenticated;
create policy evidence_checks_select on touchline.evidence_checks for select to authenticated
using (business_id = any (touchline.my_business_ids()));
