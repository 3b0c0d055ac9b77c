-- Purpose: secret keys: for address_hash() only.
revoke all on touchline.address_keys from public, anon, authenticated, service_role, touchline_worker;
