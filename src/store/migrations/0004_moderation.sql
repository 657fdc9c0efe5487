-- What moderators need to judge by, and what is kept of their judgements (D2; S4, S6, S7, O5). A person without an account
-- is known by the id of the seat, which means nothing once the match is over.

-- One a reporter, target and match (S7).
create table reports (
  report_id   $SERIAL,
  reporter_id $UUID references players (player_id) on delete set null,
  reporter    text not null,                 -- the account, or the seat of a guest
  target_id   $UUID references players (player_id) on delete cascade,
  target      text not null,
  match_id    $UUID not null,
  reason      text not null,
  note        text,
  replay_tick bigint,                        -- of the moment it was made in the match's replay
  created_at  $TIME not null,
  closed_at   $TIME,
  closed_by   text,
  verdict     text
);
create unique index reports_once on reports (match_id, reporter, target);
create index reports_target on reports (target_id, created_at);
create index reports_open on reports (closed_at, created_at);

-- Impossible or improbable things, with the numbers that say so (S4).
create table suspicious_events (
  event_id    $SERIAL,
  player_id   $UUID references players (player_id) on delete cascade,
  address     text,                          -- of a guest
  match_id    $UUID,
  kind        text not null,
  score       double precision not null,
  evidence    text not null,                 -- JSON
  replay_tick bigint,
  happened_at $TIME not null
);
create index suspicious_events_player on suspicious_events (player_id, happened_at);
create index suspicious_events_happened on suspicious_events (happened_at);

-- Kept for 30 days (S6).
create table chat_log (
  line_id   $SERIAL,
  lobby_id  text not null,
  match_id  $UUID,
  player_id $UUID references players (player_id) on delete cascade,
  speaker   text not null,
  channel   text not null,
  text      text not null,                   -- as it was typed
  filtered  $BOOL not null,
  said_at   $TIME not null
);
create index chat_log_said on chat_log (said_at);
create index chat_log_player on chat_log (player_id, said_at);
create index chat_log_lobby on chat_log (lobby_id, said_at);

-- Every action of staff: who, what, to whom, why, before and after (O5). Rows outlive the accounts they name.
create table audit_log (
  entry_id     $SERIAL,
  actor_id     $UUID,
  actor        text not null,
  action       text not null,
  target       text not null,
  reason       text,
  state_before text,                         -- JSON
  state_after  text,                         -- JSON
  done_at      $TIME not null
);
create index audit_log_done on audit_log (done_at);
create index audit_log_actor on audit_log (actor_id, done_at);
create index audit_log_target on audit_log (target, done_at);
