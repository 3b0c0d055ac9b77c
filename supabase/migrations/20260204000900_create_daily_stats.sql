-- Counts per business, campaign, touch, channel and local day; equal to a recount of the ledger.
set lock_timeout = '4s';

create table touchline.daily_stats (
  business_id uuid not null references touchline.businesses (id) on delete cascade,
  campaign_id uuid not null,
  touch_number smallint not null,
  channel text not null,
  day date not null,
  sent integer not null default 0,
  presumed_sent integer not null default 0,
  failed integer not null default 0,
  skipped integer not null default 0,
  delivered integer not null default 0,
  opened integer not null default 0,
  clicked integer not null default 0,
  bounced integer not null default 0,
  complained integer not null default 0,
  primary key (business_id, campaign_id, day, touch_number, channel),
  foreign key (business_id, campaign_id) references touchline.campaigns (business_id, id) on delete cascade,
  constraint daily_stats_touch_number check (touch_number between 1 and 4),
  constraint daily_stats_channel check (channel in ('email', 'sms')),
  constraint daily_stats_not_negative check (
    least(sent, presumed_sent, failed, skipped, delivered, opened, clicked, bounced, complained) >= 0)
);
alter table touchline.daily_stats enable row level security;
