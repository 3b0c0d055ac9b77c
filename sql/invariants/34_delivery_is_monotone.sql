-- Invariant 34: the delivery status of a message is that of its event of the highest rank: delivered after bounced cannot
-- un-bounce.
-- Scope: live
-- Why: providers report in any order. What a machine did (is_automatic) and a reply need not show; a status that no event speaks
-- of, other than queued and sent, came from elsewhere and is not judged.
with told as (
  select e.business_id, e.send_log_id, max(e.created_at) as last_told_at,
    (pg_catalog.array_agg(e.kind order by e.rank desc) filter (where e.kind <> 'replied' and not e.is_automatic))[1]
      as highest_kind,
    max(e.rank) filter (where e.kind <> 'replied' and not e.is_automatic) as highest_rank
  from touchline.message_events e
  group by e.business_id, e.send_log_id
)
select l.business_id, l.id as send_log_id, l.status, t.highest_kind, t.highest_rank, s.rank as status_rank
from told t
join touchline.send_logs l on (l.business_id, l.id) = (t.business_id, t.send_log_id)
cross join lateral (
  select case
    when max(e.rank) is not null then max(e.rank)
    when l.status = 'queued' or l.status = 'sent' and t.highest_kind <> 'accepted' then -1
  end as rank
  from touchline.message_events e
  where (e.business_id, e.send_log_id) = (l.business_id, l.id)
    and e.kind = case l.status when 'sent' then 'accepted' else l.status end
) s
where (l.updated_at >= p_since or t.last_told_at >= p_since)
  and s.rank < t.highest_rank
