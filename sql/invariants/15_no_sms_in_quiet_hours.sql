-- Invariant 15: no SMS is accepted in quiet hours: outside the windows of the business, in the recipient's time zone, by the
-- provider's clock.
-- Scope: harness
-- Why: asked of the windows themselves and not of next_allowed_at, which is what is to be proved. Where only an area code tells
-- the customer's zone, the business's zone must be open too. A window that closes no later than it opens ends on the next day.
select a.business_id, a.send_log_id, a.accepted_at, z.name as time_zone, a.accepted_at at time zone z.name as local_time
from touchline_test.acceptances a
join touchline.send_logs l on (l.business_id, l.id) = (a.business_id, a.send_log_id)
join touchline.businesses b on b.id = a.business_id
left join touchline.customers k on (k.business_id, k.id) = (l.business_id, l.customer_id)
cross join lateral (
  select coalesce(k.time_zone, b.time_zone) as name
  union
  select b.time_zone where k.time_zone_source = 'area_code'
) z
cross join lateral (
  select n.local::time as clock, extract(isodow from n.local) as today, extract(isodow from n.local - interval '1 day') as yesterday
  from (select a.accepted_at at time zone z.name as local) n
) t
where a.channel = 'sms'
  and not exists (
    select from touchline.sending_windows w
    where w.business_id = a.business_id
      and w.channel = 'sms'
      and (w.iso_weekday = t.today and t.clock >= w.opens and (t.clock < w.closes or w.closes <= w.opens)
        or w.iso_weekday = t.yesterday and w.closes <= w.opens and t.clock < w.closes))
