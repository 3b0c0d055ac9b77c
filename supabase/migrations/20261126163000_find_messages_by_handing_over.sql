-- What a customer got lately is counted from when each message was handed over: the row of one that was tried again after a pause is as
-- old as its first attempt, and by that age it was missed. Only another attempt writes claimed_at, so settles stay HOT.
--
-- Partial, although everybody is somebody: while there are no messages all indexes cost the same, and the planner takes the newest that
-- it may. Those that look for the message of a touch do not ask for a customer, so they may not take this one, whose entries of the
-- business they would walk for every touch.
set lock_timeout = '4s';

-- First, for its lock is the stronger one: asked for after the other, it could deadlock with a worker that has read and will write.
drop index touchline.send_logs_customer;
create index send_logs_handed_over on touchline.send_logs (business_id, customer_id, (coalesce(claimed_at, created_at)))
where customer_id is not null;
