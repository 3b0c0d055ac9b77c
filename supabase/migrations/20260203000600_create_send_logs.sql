-- One row per message handed to a provider, or about to be. Campaigns join it later (…_add_send_log_campaign_fields).
set lock_timeout = '4s';

create table touchline.send_logs (
  business_id uuid not null references touchline.businesses (id) on delete cascade,
  id uuid not null default touchline.uuid_v7(),
  customer_id uuid,
  recipient text,
  subject text,
  status text not null default 'queued',
  provider text,
  provider_id text,
  error_code text,
  error_message text,
  sent_at timestamptz,
  created_at timestamptz not null default now(),
  primary key (business_id, id),
  foreign key (business_id, customer_id) references touchline.customers (business_id, id) on delete set null (customer_id),
  constraint send_logs_status check (status in (
    'queued', 'sent', 'delivered', 'opened', 'clicked', 'bounced', 'complained', 'failed'))
) with (fillfactor = 80);
create index send_logs_customer on touchline.send_logs (business_id, customer_id, created_at);
alter table touchline.send_logs enable row level security;
