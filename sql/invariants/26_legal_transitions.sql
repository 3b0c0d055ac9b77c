-- Invariant 26: only the transitions of the page of states occur.
-- Scope: harness
-- Why: rows tell where a thing is, not how it came there; the test kit's triggers write down every change.
select t.business_id, t.object, t.object_id, t.touch_number, t.from_state, t.to_state
from touchline_test.transitions t
where (t.object, t.from_state, t.to_state) not in (
  values ('touch', 'pending', 'sending'), ('touch', 'pending', 'skipped'), ('touch', 'pending', 'cancelled'),
    ('touch', 'pending', 'sent'), ('touch', 'pending', 'failed'),
    ('touch', 'sending', 'sent'), ('touch', 'sending', 'pending'), ('touch', 'sending', 'failed'),
    ('touch', 'sending', 'unknown'), ('touch', 'sending', 'cancelled'),
    ('touch', 'unknown', 'sent'), ('touch', 'unknown', 'pending'), ('touch', 'unknown', 'failed'),
    ('touch', 'unknown', 'presumed_sent'), ('touch', 'unknown', 'held'), ('touch', 'unknown', 'skipped'),
    ('touch', 'unknown', 'cancelled'),
    ('touch', 'held', 'sent'), ('touch', 'held', 'skipped'), ('touch', 'held', 'pending'), ('touch', 'held', 'failed'),
    ('touch', 'held', 'cancelled'),
    ('touch', 'presumed_sent', 'sent'), ('touch', 'failed', 'sent'), ('touch', 'skipped', 'sent'), ('touch', 'cancelled', 'sent'),
    ('intent', 'sending', 'sent'), ('intent', 'sending', 'retry'), ('intent', 'sending', 'failed'),
    ('intent', 'sending', 'unknown'), ('intent', 'sending', 'cancelled'),
    ('intent', 'retry', 'sending'), ('intent', 'retry', 'cancelled'), ('intent', 'retry', 'failed'), ('intent', 'retry', 'sent'),
    ('intent', 'unknown', 'sent'), ('intent', 'unknown', 'retry'), ('intent', 'unknown', 'failed'),
    ('intent', 'unknown', 'presumed_sent'), ('intent', 'unknown', 'held'), ('intent', 'unknown', 'cancelled'),
    ('intent', 'held', 'sent'), ('intent', 'held', 'retry'), ('intent', 'held', 'failed'), ('intent', 'held', 'cancelled'),
    ('intent', 'presumed_sent', 'sent'), ('intent', 'failed', 'sent'), ('intent', 'cancelled', 'sent'),
    ('enrollment', 'active', 'completed'), ('enrollment', 'active', 'stopped'),
    ('campaign', 'draft', 'active'), ('campaign', 'active', 'paused'), ('campaign', 'paused', 'active'),
    ('campaign', 'draft', 'archived'), ('campaign', 'active', 'archived'), ('campaign', 'paused', 'archived'),
    ('campaign_version', 'draft', 'live'), ('campaign_version', 'live', 'retired'),
    ('customer', 'active', 'archived'), ('customer', 'archived', 'active'), ('customer', 'active', 'erased'),
    ('customer', 'archived', 'erased'),
    ('job', 'undecided', 'enrolled'), ('job', 'undecided', 'refused'), ('job', 'undecided', 'queued'),
    ('job', 'undecided', 'conflict'), ('job', 'undecided', 'imported'),
    ('job', 'queued', 'enrolled'), ('job', 'queued', 'refused'), ('job', 'queued', 'conflict'),
    ('job', 'conflict', 'enrolled'), ('job', 'conflict', 'queued'), ('job', 'conflict', 'refused'),
    ('job', 'refused', 'enrolled'), ('job', 'refused', 'queued'), ('job', 'refused', 'conflict'),
    ('job', 'imported', 'enrolled'), ('job', 'imported', 'refused'), ('job', 'imported', 'queued'), ('job', 'imported', 'conflict'))
