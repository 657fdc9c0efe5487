-- One login on one device: what an access token names in its claim `sid`. Refresh tokens of a session are its family.
create table login_sessions (
  session_id $UUID primary key,
  player_id  $UUID not null references players (player_id) on delete cascade,
  created_at $TIME not null,
  expires_at $TIME not null,                 -- absolute: refreshing does not move it
  ended_at   $TIME,
  end_reason text
);
create index login_sessions_player on login_sessions (player_id);
create index login_sessions_expires on login_sessions (expires_at);

create table refresh_tokens (
  token_hash text primary key,               -- SHA-256 of the token, base64url
  session_id $UUID not null references login_sessions (session_id) on delete cascade,
  issued_at  $TIME not null,
  used_at    $TIME                           -- spent; seen again it means theft
);
create index refresh_tokens_session on refresh_tokens (session_id);

create table password_resets (
  token_hash text primary key,
  player_id  $UUID not null references players (player_id) on delete cascade,
  expires_at $TIME not null,
  used_at    $TIME
);
create index password_resets_player on password_resets (player_id);

-- Glicko-2. A player without a row has the rating of a newcomer.
create table player_ratings (
  player_id  $UUID primary key references players (player_id) on delete cascade,
  rating     double precision not null,
  deviation  double precision not null,
  volatility double precision not null,
  matches    bigint not null default 0,
  rated_at   $TIME not null
);
create index player_ratings_rating on player_ratings (rating);

-- Numbered without gaps in time, so that a node can ask for those after the last it knows. A player, or an address
-- (guests).
create table bans (
  ban_id     $SERIAL,
  player_id  $UUID references players (player_id) on delete cascade,
  address    text,
  reason     text not null,
  banned_by  text not null,
  created_at $TIME not null,
  ends_at    $TIME,                          -- null = for good
  lifted_at  $TIME,
  check ((player_id is null) <> (address is null))
);
create index bans_player on bans (player_id);
create index bans_address on bans (address);

create index players_wins on players (wins);
create index players_kills on players (total_kills);
