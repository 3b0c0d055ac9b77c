-- The server's own needs: keys of the API, outbound webhooks, idempotent requests, the audit trail.
set lock_timeout = '4s';

create table touchline.api_keys (
  business_id uuid not null references touchline.businesses (id) on delete cascade,
  id uuid not null default touchline.uuid_v7(),
  name text not null,
  key_prefix text not null,
  last4 text not null,
  key_hash bytea not null,
  scopes text[] not null default '{read,write}',
  created_by uuid,
  created_at timestamptz not null default now(),
  last_used_at timestamptz,
  revoked_at timestamptz,
  primary key (business_id, id),
  constraint api_keys_name check (length(btrim(name)) between 1 and 100),
  constraint api_keys_last4 check (length(last4) = 4),
  constraint api_keys_key_hash check (length(key_hash) = 32),
  constraint api_keys_scopes check (cardinality(scopes) >= 1 and scopes <@ '{read,write,events}'::text[])
);
create index api_keys_hash on touchline.api_keys (key_hash);
alter table touchline.api_keys enable row level security;

create table touchline.webhook_endpoints (
  business_id uuid not null references touchline.businesses (id) on delete cascade,
  id uuid not null default touchline.uuid_v7(),
  url text not null,
  events text[] not null,
  secret_ciphertext bytea,
  secret_key_id text,
  status text not null default 'active',
  disabled_at timestamptz,
  disable_reason text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (business_id, id),
  constraint webhook_endpoints_url check (url ~ '^https://[^\s]+$' and length(url) <= 2000),
  constraint webhook_endpoints_events check (cardinality(events) between 1 and 50),
  constraint webhook_endpoints_secret check ((secret_ciphertext is null) = (secret_key_id is null)),
  constraint webhook_endpoints_status check (status in ('active', 'disabled')),
  constraint webhook_endpoints_disabled_at check ((status = 'disabled') = (disabled_at is not null)),
  constraint webhook_endpoints_disable_reason check ((status = 'disabled') = (disable_reason is not null))
);
alter table touchline.webhook_endpoints enable row level security;
create trigger webhook_endpoints_updated_at before update on touchline.webhook_endpoints
for each row execute function touchline.set_updated_at();

create table touchline.idempotency_keys (
  business_id uuid not null references touchline.businesses (id) on delete cascade,
  route text not null,
  key text not null,
  body_hash bytea not null,
  response_status smallint,
  response_body jsonb,
  created_at timestamptz not null default now(),
  finished_at timestamptz,
  primary key (business_id, route, key),
  constraint idempotency_keys_key check (length(key) between 1 and 255),
  constraint idempotency_keys_body_hash check (length(body_hash) = 32),
  constraint idempotency_keys_finished check ((finished_at is null) = (response_status is null))
);
create index idempotency_keys_created on touchline.idempotency_keys (created_at);
alter table touchline.idempotency_keys enable row level security;

create table touchline.audit_log (
  business_id uuid not null references touchline.businesses (id) on delete cascade,
  id uuid not null default touchline.uuid_v7(),
  actor_kind text not null,
  actor_id uuid,
  action text not null,
  object_kind text not null,
  object_id uuid,
  detail jsonb not null default '{}',
  occurred_at timestamptz not null,
  primary key (business_id, id),
  constraint audit_log_actor_kind check (actor_kind in ('member', 'api_key', 'operator', 'worker', 'customer')),
  constraint audit_log_action check (length(action) between 1 and 100)
);
create index audit_log_object on touchline.audit_log (business_id, object_kind, object_id, occurred_at);
alter table touchline.audit_log enable row level security;
create trigger audit_log_append_only before update on touchline.audit_log
for each row execute function touchline.refuse_evidence_change('detail');
