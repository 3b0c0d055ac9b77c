-- Purpose: sign-in of a stand-alone server: for its functions only.
revoke all on touchline.users from public, anon, authenticated, service_role, touchline_worker;
