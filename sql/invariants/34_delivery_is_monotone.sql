-- Invariant 34: the delivery status of a message is that of its event of the highest rank: delivered after bounced cannot
-- un-bounce.
-- Scope: live
-- Why: providers report in any order. What a machine did (is_automatic) and a reply need not show; a status that no event speaks
-- of, other than queued and sent, came from elsewhere and is not judged.
select l.business_id, l.id as send_log_id, l.status, t.kind as highest_kind, t.rank as highest_rank, s.rank as status_rank
from touchline.send_logs l
cross join lateral (
  select e.kind, e.rank
  from touchline.message_events e
  where (e.business_id, e.send_log_id) = (l.business_id, l.id)
    and e.kind <> 'replied'
    and not e.is_automatic
  order by e.rank desc
  limit 1
) t
cross join lateral (
  select case
    when max(e.rank) is not null then max(e.rank)
    when l.status = 'queued' or l.status = 'sent' and t.kind <> 'accepted' then -1
  end as rank
  from touchline.message_events e
  where (e.business_id, e.send_log_id) = (l.business_id, l.id)
    and e.kind = case l.status when 'sent' then 'accepted' else l.status end
) s
where l.updated_at >= p_since
  and s.rank < t.rank
