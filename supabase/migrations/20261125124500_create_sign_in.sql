-- How people get into the pages: a login link from the command line opens a session once. Only hashes are kept, so that nobody who
-- reads the database can sign in with what stands there. A user may be one of auth.users, so there is no key to our own table.
set lock_timeout = '4s';

create table touchline.login_links (
  token_hash bytea primary key,
  user_id uuid not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  constraint login_links_token_hash check (octet_length(token_hash) = 32),
  constraint login_links_expires_at check (expires_at > created_at)
);
create index login_links_expires_at on touchline.login_links (expires_at);
alter table touchline.login_links enable row level security;
comment on table touchline.login_links is 'One-time links that the command line prints; token_hash is the SHA-256 of what stands in the link.';

create table touchline.sessions (
  token_hash bytea primary key,
  user_id uuid not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  constraint sessions_token_hash check (octet_length(token_hash) = 32),
  constraint sessions_expires_at check (expires_at > created_at)
);
create index sessions_expires_at on touchline.sessions (expires_at);
alter table touchline.sessions enable row level security;
comment on table touchline.sessions is 'Who is signed in; token_hash is the SHA-256 of what stands in their cookie.';
