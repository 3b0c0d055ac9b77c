-- Purpose: the one table of which event acts on what. stops: all active enrollments of the customer, those in which no unsettled
-- touch goes by another channel, or none; suppresses: the reason under which the address is kept from being written to.
-- after_opt_out and stop_on_reply are the business's sending policy.
-- Moves: none
-- Locks: none
-- Raises: none
create or replace function touchline.event_effects(
  p_kind text, p_channel text, p_after_opt_out text, p_stop_on_reply boolean,
  out stop_reason text, out stops text, out suppresses text, out withdraws_consent boolean, out counts_as_review boolean)
language sql immutable
set search_path = ''
as $$
  select x.stop_reason, x.stops, x.suppresses, x.withdraws_consent, x.counts_as_review
  from (select case p_after_opt_out when 'continue_other_channel' then 'no_other_channel' else 'all' end as by_policy) p
  cross join lateral (values
    ('opt_out', 'opted_out_' || p_channel, p.by_policy, 'opt_out', true, false),
    ('complaint', 'complained', p.by_policy, 'complained', true, false),
    ('bounce_permanent', 'bounced', p.by_policy, 'bounced', false, false),
    ('bounce_transient', null, 'none', null, false, false),
    ('replied', 'replied', case when p_stop_on_reply then 'all' else 'none' end, null, false, false),
    ('booked_again', 'booked_again', 'all', null, false, false),
    ('review_clicked', 'review_clicked', 'all', null, false, true),
    ('feedback_submitted', 'feedback_submitted', 'all', null, false, true)
  ) x (kind, stop_reason, stops, suppresses, withdraws_consent, counts_as_review)
  where x.kind = p_kind
$$;

revoke all on function touchline.event_effects(text, text, text, boolean) from public;
