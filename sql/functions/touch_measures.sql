-- Purpose: the one table of what a touch counts as in daily_stats, by its state (sent, presumed_sent, failed, skipped; anything else
-- is not counted yet) and by what its provider told of it later (send_logs.status): who opened or complained got it, and a bounce
-- takes a delivery back. The counts of one touch all stand on the day it was sent or settled, so that they may be divided.
-- Moves: none
-- Locks: none
-- Raises: none
create or replace function touchline.touch_measures(p_state text, p_status text) returns text[]
language sql immutable
set search_path = ''
as $$
  select case p_state
    when 'sent' then case p_status
      when 'delivered' then array['sent', 'delivered']
      when 'opened' then array['sent', 'delivered', 'opened']
      when 'clicked' then array['sent', 'delivered', 'opened', 'clicked']
      when 'complained' then array['sent', 'delivered', 'complained']
      when 'bounced' then array['sent', 'bounced']
      else array['sent'] end
    when 'presumed_sent' then array['presumed_sent']
    when 'failed' then array['failed']
    when 'skipped' then array['skipped']
    else '{}' end
$$;

revoke all on function touchline.touch_measures(text, text) from public;
