-- The operator's list of businesses, page by page.
set lock_timeout = '4s';

create index businesses_name on touchline.businesses (name, id);
