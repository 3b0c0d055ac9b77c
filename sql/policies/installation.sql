-- Purpose: the clock mark and the build: for migrations and functions only.
revoke all on touchline.installation from public, anon, authenticated, service_role, touchline_worker;
