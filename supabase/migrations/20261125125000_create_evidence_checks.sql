-- Looking for proof of messages whose outcome nobody knows: when somebody looks next, and until when the business's policy waits
-- for it. A row per unknown message, made by the reconciler, gone when the message is resolved.
set lock_timeout = '4s';

create table touchline.evidence_checks (
  business_id uuid not null,
  send_log_id uuid not null,
  claim_id uuid not null,
  look_at timestamptz not null,
  ends_at timestamptz not null,
  tries integer not null default 0,
  error_code text,
  error_message text,
  primary key (business_id, send_log_id),
  foreign key (business_id, send_log_id) references touchline.send_logs (business_id, id) on delete cascade,
  constraint evidence_checks_tries check (tries >= 0)
);
create index evidence_checks_look on touchline.evidence_checks (look_at);
alter table touchline.evidence_checks enable row level security;
comment on table touchline.evidence_checks is
  'One row per message of unknown outcome: when its provider is asked next, and until when the policy waits for the answer.';

-- A submission with the key and bytes of an earlier one, to learn what became of that one.
alter table touchline.send_attempts add column is_replay boolean not null default false;
