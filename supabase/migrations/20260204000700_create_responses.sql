-- What the customer does: tracked links and answers on the review page.
set lock_timeout = '4s';

create table touchline.links (
  business_id uuid not null references touchline.businesses (id) on delete cascade,
  id uuid not null default touchline.uuid_v7(),
  token text not null,
  purpose text not null,
  target_url text,
  customer_id uuid,
  campaign_enrollment_id uuid,
  send_log_id uuid,
  created_at timestamptz not null default now(),
  primary key (business_id, id),
  foreign key (business_id, customer_id) references touchline.customers (business_id, id) on delete set null (customer_id),
  foreign key (business_id, campaign_enrollment_id) references touchline.campaign_enrollments (business_id, id)
    on delete set null (campaign_enrollment_id),
  foreign key (business_id, send_log_id) references touchline.send_logs (business_id, id) on delete set null (send_log_id),
  constraint links_token check (token ~ '^[A-Za-z0-9_-]{22,86}$'),
  constraint links_purpose check (purpose in ('review', 'unsubscribe', 'link')),
  constraint links_target_url check (target_url ~ '^https://[^\s]+$' and length(target_url) <= 2000)
);
-- Not unique: the token is 128 random bits made by us, and a unique key without business_id could not be distributed.
create index links_token_lookup on touchline.links (token);
create index links_customer on touchline.links (business_id, customer_id) where customer_id is not null;
create index links_enrollment on touchline.links (business_id, campaign_enrollment_id) where campaign_enrollment_id is not null;
create index links_send_log on touchline.links (business_id, send_log_id) where send_log_id is not null;
alter table touchline.links enable row level security;

create table touchline.reviews_feedback (
  business_id uuid not null references touchline.businesses (id) on delete cascade,
  id uuid not null default touchline.uuid_v7(),
  customer_id uuid,
  campaign_enrollment_id uuid,
  send_log_id uuid,
  rating smallint,
  comment text,
  received_at timestamptz not null,
  resolved_at timestamptz,
  resolved_by uuid,
  internal_notes text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (business_id, id),
  foreign key (business_id, customer_id) references touchline.customers (business_id, id) on delete set null (customer_id),
  foreign key (business_id, campaign_enrollment_id) references touchline.campaign_enrollments (business_id, id)
    on delete set null (campaign_enrollment_id),
  foreign key (business_id, send_log_id) references touchline.send_logs (business_id, id) on delete set null (send_log_id),
  constraint reviews_feedback_rating check (rating between 1 and 5),
  constraint reviews_feedback_comment check (length(comment) <= 5000),
  constraint reviews_feedback_says_something check (rating is not null or comment is not null),
  constraint reviews_feedback_resolved check (resolved_by is null or resolved_at is not null)
);
create index reviews_feedback_received on touchline.reviews_feedback (business_id, received_at);
create index reviews_feedback_customer on touchline.reviews_feedback (business_id, customer_id) where customer_id is not null;
create index reviews_feedback_enrollment on touchline.reviews_feedback (business_id, campaign_enrollment_id)
where campaign_enrollment_id is not null;
create index reviews_feedback_send_log on touchline.reviews_feedback (business_id, send_log_id) where send_log_id is not null;
alter table touchline.reviews_feedback enable row level security;
create trigger reviews_feedback_updated_at before update on touchline.reviews_feedback
for each row execute function touchline.set_updated_at();
