-- Purpose: sign-in of the pages: for its functions only.
revoke all on touchline.sessions from public, anon, authenticated, service_role, touchline_worker;
