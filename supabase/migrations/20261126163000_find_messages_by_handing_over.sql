-- What a customer got lately is counted from when each message was handed over: the row of one that was tried again after a pause is as
-- old as its first attempt, and by that age it was missed. Only another attempt writes claimed_at, so settles stay HOT.
set lock_timeout = '4s';

create index send_logs_handed_over on touchline.send_logs (business_id, customer_id, (coalesce(claimed_at, created_at)));
drop index touchline.send_logs_customer;
