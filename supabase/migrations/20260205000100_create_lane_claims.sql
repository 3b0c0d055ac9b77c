-- What each claim took, so that a stale intent is found without an index on the queue's lease: such an index would make
-- every lease a non-HOT update of the hottest table.
set lock_timeout = '4s';

create table touchline.lane_claims (
  business_id uuid not null references touchline.businesses (id) on delete cascade,
  claim_id uuid not null,
  channel text not null,
  worker text not null,
  claimed_at timestamptz not null,
  lease_until timestamptz not null,
  check_at timestamptz not null,
  send_log_ids uuid[] not null,
  primary key (business_id, claim_id, channel),
  constraint lane_claims_channel check (channel in ('email', 'sms')),
  constraint lane_claims_lease check (lease_until > claimed_at and check_at >= lease_until),
  constraint lane_claims_send_log_ids check (cardinality(send_log_ids) >= 1)
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0);
create index lane_claims_check on touchline.lane_claims (check_at);
alter table touchline.lane_claims enable row level security;
comment on table touchline.lane_claims is
  'One row per claim of a lane until every intent it wrote is settled: what the reconciler looks at, and when.';

drop index touchline.touch_queue_lease;

-- Tests and simulations shorten every horizon by one stated factor; a database of real people keeps 1.
alter table touchline.installation
  add column horizon_scale numeric not null default 1,
  add constraint installation_horizon_scale check (horizon_scale between 0.001 and 1 and (virtual_clock or horizon_scale = 1));
