-- Invariant 31: a message leaves only through a sender account of its own business and channel.
-- Scope: live
-- Why: no foreign key says so. An account that was deleted since is nobody's.
select l.business_id, l.id as send_log_id, l.channel, l.sender_account_id, a.business_id as sender_business_id,
  a.channel as sender_channel
from touchline.send_logs l
left join touchline.sender_accounts a on a.id = l.sender_account_id
where l.updated_at >= p_since
  and l.state is not null
  and (l.sender_account_id is null or a.business_id <> l.business_id or a.channel <> l.channel)
