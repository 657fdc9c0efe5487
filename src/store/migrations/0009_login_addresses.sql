-- From where the owner of an account has signed in, so that a stranger who fails on purpose does not lock him out (S1). The
-- address is kept as a keyed hash of account and address, and forgotten when it was not used for 30 days.
create table login_addresses (
  fingerprint text primary key,              -- HMAC-SHA256, base64url
  player_id   $UUID not null references players (player_id) on delete cascade,
  expires_at  $TIME not null
);
create index login_addresses_player on login_addresses (player_id, expires_at);
create index login_addresses_expiry on login_addresses (expires_at);
