-- Purpose: members see who else acts for their business; set_member and remove_member write.
revoke all on touchline.business_members from public, anon, authenticated, service_role, touchline_worker;
grant select, insert, update, delete on touchline.business_members to service_role;
drop policy if exists business_members_select on touchline.business_members;
drop policy if exists business_members_insert on touchline.business_members;
drop policy if exists business_members_update on touchline.business_members;
drop policy if exists business_members_delete on touchline.business_members;

grant select on touchline.business_members to authenticated;
create policy business_members_select on touchline.business_members for select to authenticated
using (business_id = any (touchline.my_business_ids()));
