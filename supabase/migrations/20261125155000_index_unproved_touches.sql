-- How many touches are unproved is asked every few seconds by whoever watches over the engine: found by index, not by a walk over all
-- that is parked. What writes blocked_by writes due_at too, which is indexed already, so no update that was HOT stops being it.
set lock_timeout = '4s';

create index touch_queue_unproved on touchline.touch_queue (blocked_by, business_id) where blocked_by in ('unknown', 'held');
