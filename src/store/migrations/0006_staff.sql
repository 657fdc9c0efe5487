-- The second factor of staff (O5, RFC 6238). A secret counts once it was confirmed by a code; the step of the last code
-- taken is kept, so that no code is taken twice.
create table staff_factors (
  player_id    $UUID primary key references players (player_id) on delete cascade,
  secret       text not null,                -- sealed (AES-256-GCM), base64url
  made_at      $TIME not null,
  confirmed_at $TIME,
  last_step    bigint not null default 0,
  failures     integer not null default 0,   -- wrong codes since failed_at
  failed_at    $TIME
);

create table staff_recovery_codes (
  code_hash text primary key,                -- SHA-256 of the code, base64url
  player_id $UUID not null references players (player_id) on delete cascade,
  used_at   $TIME
);
create index staff_recovery_codes_player on staff_recovery_codes (player_id);

-- Login sessions that have shown the second factor.
create table staff_sessions (
  session_id  $UUID primary key references login_sessions (session_id) on delete cascade,
  player_id   $UUID not null references players (player_id) on delete cascade,
  verified_at $TIME not null,
  expires_at  $TIME not null
);
create index staff_sessions_player on staff_sessions (player_id);

create index players_staff on players (permissions) where permissions <> '';

alter table audit_log add column address text;
create index audit_log_action on audit_log (action, done_at);

-- Who looks at a report just now, so that two moderators do not judge the same one.
alter table reports add column claimed_by $UUID;
alter table reports add column claimed_at $TIME;
