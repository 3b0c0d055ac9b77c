-- Of a business that came after the last count of a table, the planner believes that it has no rows there, and may walk all it has to
-- find one (docs/decisions/0015). By default a tenth of a table must change before it is counted again: in one of 10,000,000 rows a
-- business of a million could stay unknown. Customers and jobs are written seldom, so counting them sooner costs little.
set lock_timeout = '4s';

alter table touchline.customers set (autovacuum_analyze_scale_factor = 0.01, autovacuum_analyze_threshold = 1000);
alter table touchline.jobs set (autovacuum_analyze_scale_factor = 0.01, autovacuum_analyze_threshold = 1000);
