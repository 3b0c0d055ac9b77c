-- Invariant 39: a queue row is due at infinity exactly when it says what blocks it.
-- Scope: live
-- Why: impossible by the CHECK touch_queue_parked; this proves that it stands.
select q.business_id, q.enrollment_id, q.touch_number, q.due_at, q.blocked_by
from touchline.touch_queue q
where (q.due_at = 'infinity') <> (q.blocked_by is not null)
