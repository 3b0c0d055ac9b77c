-- `at time zone` takes these four names for abbreviations of a fixed offset, not for the zones, which have summer time: in
-- summer the windows of a business in CET would open and close an hour late. Brussels and the others keep the same clock.
set lock_timeout = '4s';

update touchline.businesses b
set time_zone = misread.same_clock
from (values ('CET', 'Europe/Brussels'), ('MET', 'Europe/Brussels'), ('EET', 'Europe/Athens'), ('WET', 'Europe/Lisbon'))
  misread (name, same_clock)
where b.time_zone = misread.name;

update touchline.customers c
set time_zone = misread.same_clock
from (values ('CET', 'Europe/Brussels'), ('MET', 'Europe/Brussels'), ('EET', 'Europe/Athens'), ('WET', 'Europe/Lisbon'))
  misread (name, same_clock)
where c.time_zone = misread.name;

delete from touchline.time_zones
where name in ('CET', 'MET', 'EET', 'WET');
comment on table touchline.time_zones is
  'IANA zone names the server resolved when the schema was made, without the four it takes for fixed offsets.';
