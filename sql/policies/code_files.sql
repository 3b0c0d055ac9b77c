-- Purpose: checksums of applied code: for migrations only.
revoke all on touchline.code_files from public, anon, authenticated, service_role, touchline_worker;
