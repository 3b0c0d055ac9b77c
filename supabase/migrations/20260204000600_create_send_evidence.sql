-- send_logs as the write-ahead intent, and the evidence of what became of it. The intent freezes its inputs, so that a
-- replay sends the same bytes; no index on state or status (it would block HOT), stale intents are found through the queue.
set lock_timeout = '4s';

alter table touchline.send_logs
  add column state text,
  add column campaign_version integer,
  add column template_version_id uuid,
  add column sender_account_id uuid,
  add column variables jsonb,
  add column claim_id uuid,
  add column attempt smallint,
  add column claimed_at timestamptz,
  add column settled_at timestamptz,
  add column due_at timestamptz,
  add column outcome text,
  add column sequence bigint,
  add column updated_at timestamptz not null default now(),
  add constraint send_logs_state check (state in (
    'sending', 'retry', 'unknown', 'held', 'sent', 'presumed_sent', 'failed', 'cancelled')),
  add constraint send_logs_intent check (state is null or (claimed_at is not null and claim_id is not null and attempt is not null)),
  add constraint send_logs_attempt check (attempt >= 1),
  add constraint send_logs_template_version_fk foreign key (business_id, template_version_id)
    references touchline.template_versions (business_id, id);
create index send_logs_template_version on touchline.send_logs (business_id, template_version_id)
where template_version_id is not null;
create trigger send_logs_updated_at before update on touchline.send_logs
for each row execute function touchline.set_updated_at();

create table touchline.send_attempts (
  business_id uuid not null,
  send_log_id uuid not null,
  attempt smallint not null,
  claim_id uuid not null,
  worker text not null,
  started_at timestamptz not null,
  deadline_at timestamptz not null,
  finished_at timestamptz,
  outcome text,
  provider_id text,
  error_code text,
  error_message text,
  primary key (business_id, send_log_id, attempt),
  foreign key (business_id, send_log_id) references touchline.send_logs (business_id, id) on delete cascade,
  constraint send_attempts_attempt check (attempt >= 1),
  constraint send_attempts_outcome check (outcome in (
    'accepted', 'rejected', 'retry', 'account_error', 'rate_limited', 'ambiguous', 'not_started', 'absent')),
  constraint send_attempts_finished check ((outcome is null) = (finished_at is null))
);
alter table touchline.send_attempts enable row level security;

-- Provider callbacks as they came, once each, stored before they are answered.
create table touchline.webhook_inbox (
  business_id uuid not null references touchline.businesses (id) on delete cascade,
  id uuid not null default touchline.uuid_v7(),
  provider text not null,
  sender_account_id uuid,
  event_id text not null,
  headers jsonb not null default '{}',
  body bytea not null,
  received_at timestamptz not null default now(),
  processed_at timestamptz,
  error_message text,
  primary key (business_id, id),
  foreign key (business_id, sender_account_id) references touchline.sender_accounts (business_id, id)
    on delete set null (sender_account_id),
  constraint webhook_inbox_event_key unique (business_id, provider, event_id),
  constraint webhook_inbox_body check (length(body) <= 1048576)
);
create index webhook_inbox_unprocessed on touchline.webhook_inbox (received_at) where processed_at is null;
create index webhook_inbox_sender_account on touchline.webhook_inbox (business_id, sender_account_id)
where sender_account_id is not null;
alter table touchline.webhook_inbox enable row level security;

-- What providers and people did with a message. Rank makes the delivery status monotone whatever order events arrive in.
create table touchline.message_events (
  business_id uuid not null references touchline.businesses (id) on delete cascade,
  id uuid not null default touchline.uuid_v7(),
  send_log_id uuid not null,
  webhook_id uuid,
  kind text not null,
  rank smallint not null,
  is_automatic boolean not null default false,
  detail jsonb not null default '{}',
  occurred_at timestamptz not null,
  created_at timestamptz not null default now(),
  primary key (business_id, id),
  foreign key (business_id, send_log_id) references touchline.send_logs (business_id, id) on delete cascade,
  foreign key (business_id, webhook_id) references touchline.webhook_inbox (business_id, id) on delete set null (webhook_id),
  constraint message_events_kind check (kind in (
    'accepted', 'delivered', 'opened', 'clicked', 'replied', 'bounced', 'complained', 'failed')),
  constraint message_events_once unique (business_id, webhook_id, kind)
);
create index message_events_send_log on touchline.message_events (business_id, send_log_id, occurred_at);
alter table touchline.message_events enable row level security;
