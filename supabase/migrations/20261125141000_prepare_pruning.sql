-- Pruning old rows. The installation remembers when the short-lived tables were last cleared out, and before which moment messages
-- may be gone, so that nobody recounts days that are no longer whole.
set lock_timeout = '4s';

alter table touchline.installation
  add column pruned_at timestamptz,
  add column messages_pruned_before timestamptz;
