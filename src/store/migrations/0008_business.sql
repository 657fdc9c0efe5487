-- Business figures (O6). Days are of UTC, as 'YYYY-MM-DD'. Nothing here says who a guest was.

-- How many were on line in all nodes together: one row a minute at most, kept for 35 days.
create table player_samples (
  sampled_at $TIME primary key,              -- the minute
  players    integer not null,
  lobbies    integer not null
);

-- The days on which an account ended a match, kept for 40 days: enough for retention after a week.
create table player_days (
  day       text not null,
  player_id $UUID not null references players (player_id) on delete cascade,
  primary key (day, player_id)
);
create index player_days_player on player_days (player_id, day);
insert into player_days (day, player_id)
  select distinct substr(cast(m.completed_at as text), 1, 10), p.player_id
  from match_players p join match_results m on m.match_id = p.match_id where p.player_id is not null
    and m.completed_at >= $DAYS_AGO(40);         -- older days would be deleted at once

-- What the nodes count themselves, added up.
create table day_tallies (
  day             text primary key,
  guests          bigint not null default 0, -- connections without an account that took a seat
  matches_aborted bigint not null default 0,
  queue_matched   bigint not null default 0, -- players whom the queue gave a place
  queue_left      bigint not null default 0, -- who went before that
  queue_wait_ms   bigint not null default 0  -- of the matched, together
);

-- The figures of a day, worked out of the above and of what matches and accounts there are; of the last days again and
-- again, later not any more.
create table business_days (
  day          text primary key,
  computed_at  $TIME not null,
  peak_players bigint not null,
  accounts     bigint not null,              -- that ended a match on it
  matches      bigint not null,              -- that were played to their end on it
  registered   bigint not null,
  returned_1   bigint not null,              -- of the registered: who played on the next day
  returned_7   bigint not null               -- on the seventh day after
);

create index players_created on players (created_at);
