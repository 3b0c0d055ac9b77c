// The daily counts, no longer those of the ledger.
import type { Mutant } from './mutant.ts';

const moves = 'a business in New York moves to Tokyo';
const outage = 'workers come back after five days, and the provider does not answer';

export const mutantsOfCounts: readonly Mutant[] = [
  {
    name: 'a-repeated-report-moves-the-day',
    what: 'settles an acceptance again, under the day of the repetition',
    scenario: "a worker reports again what is in yesterday's counts",
    breaks: ['35_rollups_equal_recount'],
    changes: [{ function: 'judge_outcome', from: "then nullif('sent', p_state)", to: "then 'sent'" }],
  },
  {
    name: 'a-late-proof-counts-twice',
    what: 'leaves what was presumed in the counts when it is proved',
    scenario: 'a message is presumed sent, and proved the next day',
    breaks: ['35_rollups_equal_recount'],
    changes: [
      {
        function: 'apply_outcomes',
        from: "case when l.state in ('presumed_sent', 'failed') then l.settled_at end as counted_at",
        to: 'null::timestamptz as counted_at',
      },
    ],
  },
  {
    name: 'a-bounce-was-delivered',
    what: 'counts a bounced message as delivered',
    scenario: 'callbacks out of order, and one twice',
    breaks: ['35_rollups_equal_recount'],
    changes: [
      { function: 'touch_measures', from: "array['sent', 'bounced']", to: "array['sent', 'delivered', 'bounced']" },
    ],
  },
  {
    name: 'days-of-utc',
    what: 'counts by days of UTC',
    scenario: moves,
    breaks: ['35_rollups_equal_recount'],
    changes: [{ function: 'fold_daily_stats', from: 't.at at time zone b.time_zone', to: "t.at at time zone 'UTC'" }],
  },
  {
    name: 'recounts-what-is-not-folded',
    what: 'counts twice, when the zone changes, what is not folded yet',
    scenario: moves,
    breaks: ['35_rollups_equal_recount'],
    changes: [{ function: 'recount_daily_stats', from: 'c.measure, -c.change', to: 'c.measure, 0 * c.change' }],
  },
  {
    name: 'skips-are-not-counted',
    what: 'does not count what it skips',
    scenario: outage,
    breaks: ['35_rollups_equal_recount', '35_skips_equal_recount'],
    changes: [{ function: 'set_touch_states', from: "if 'skipped' = any (p_statuses) then", to: 'if false then' }],
  },
  {
    name: 'skips-count-twice',
    what: 'counts every skip twice',
    scenario: outage,
    breaks: ['35_skips_equal_recount'],
    changes: [{ function: 'set_touch_states', from: 'p_numbers, 1);', to: 'p_numbers, 2);' }],
  },
];
