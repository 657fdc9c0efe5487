-- Words in capitals with a $ are settled by the database in use (migrate.cc): $UUID, $TIME (with zone), $BOOL.

create table players (
  player_id     $UUID primary key,
  email         text,                        -- null once the account is erased
  password_hash text,
  display_name  text not null,
  region        text not null default '',
  permissions   text not null default '',    -- words separated by a space
  created_at    $TIME not null,
  last_login    $TIME,
  is_active     $BOOL not null default true,
  total_kills   bigint not null default 0,
  total_deaths  bigint not null default 0,
  total_matches bigint not null default 0,
  wins          bigint not null default 0
);
create unique index players_email on players (lower(email));

-- A lobby lives longer than its matches; rows are notes of the node that runs it.
create table lobbies (
  lobby_id       text primary key,
  server_node_id text not null,
  game_mode      text not null,
  state          text not null,
  is_private     $BOOL not null default false,
  kill_limit     integer not null,
  max_players    integer not null,
  created_at     $TIME not null,
  started_at     $TIME,                      -- of the first match
  ended_at       $TIME
);
create index lobbies_state on lobbies (state);
create index lobbies_server_node on lobbies (server_node_id);

-- A player's stay in a lobby, all matches and returns together: joined_at is the first time, left_at the last. What
-- happened in each match is in match_players. No key to lobbies: their rows are notes that may come late or be lost.
create table lobby_players (
  lobby_id  text not null,
  player_id $UUID not null references players (player_id) on delete cascade,
  team      text not null,
  visits    integer not null default 1,
  joined_at $TIME not null,
  left_at   $TIME,
  kills     bigint not null default 0,
  deaths    bigint not null default 0,
  primary key (lobby_id, player_id)
);
create index lobby_players_lobby on lobby_players (lobby_id);
create index lobby_players_player on lobby_players (player_id);

create table match_results (
  match_id         $UUID primary key,
  lobby_id         text not null,
  server_node_id   text not null,
  game_mode        text not null,
  map              text not null,
  winning_team     text not null check (winning_team in ('red', 'blue', 'draw')),
  red_score        integer not null,
  blue_score       integer not null,
  reason           text not null,
  started_at       $TIME not null,
  completed_at     $TIME not null,
  duration_seconds integer not null
);
create index match_results_completed on match_results (completed_at);
create index match_results_lobby on match_results (lobby_id);

-- One row a seat. player_id is null for guests, of whom nothing else is kept.
create table match_players (
  match_id     $UUID not null references match_results (match_id) on delete cascade,
  seat         text not null,
  player_id    $UUID references players (player_id) on delete set null,
  display_name text not null,
  team         text not null check (team in ('red', 'blue')),
  kills        integer not null,
  deaths       integer not null,
  joined_at    $TIME not null,
  left_at      $TIME,
  won          $BOOL not null,
  primary key (match_id, seat)
);
create index match_players_player on match_players (player_id);
