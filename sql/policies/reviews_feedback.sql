-- Purpose: own feedback; the answer of the business is written, the customer's words are not.
revoke all on touchline.reviews_feedback from public, anon, authenticated, service_role, touchline_worker;
grant select, insert, update, delete on touchline.reviews_feedback to service_role;
drop policy if exists reviews_feedback_select on touchline.reviews_feedback;
drop policy if exists reviews_feedback_insert on touchline.reviews_feedback;
drop policy if exists reviews_feedback_update on touchline.reviews_feedback;
drop policy if exists reviews_feedback_delete on touchline.reviews_feedback;

grant select on touchline.reviews_feedback to authenticated;
create policy reviews_feedback_select on touchline.reviews_feedback for select to authenticated
using (business_id = any (touchline.my_business_ids()));

grant update (resolved_at, resolved_by, internal_notes) on touchline.reviews_feedback to authenticated;
create policy reviews_feedback_update on touchline.reviews_feedback for update to authenticated
using (business_id = any (touchline.writable_business_ids()))
with check (business_id = any (touchline.writable_business_ids()));
