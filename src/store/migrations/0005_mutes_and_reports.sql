-- Who may not chat for a while (S6): a player, or guests of an address. The same shape as bans.
create table mutes (
  mute_id    $SERIAL,
  player_id  $UUID references players (player_id) on delete cascade,
  address    text,
  reason     text not null,
  muted_by   text not null,
  created_at $TIME not null,
  ends_at    $TIME,                          -- null = for good
  lifted_at  $TIME,
  check ((player_id is null) <> (address is null))
);
create index mutes_player on mutes (player_id);
create index mutes_address on mutes (address);

-- What it takes to tell five reporters from one with five accounts (S7). Addresses are kept by network, and only as long
-- as chat is.
alter table reports add column credible $BOOL not null default false;  -- as judged when it was made
alter table reports add column reporter_address text;
alter table reports add column reporter_party text;
alter table reports add column target_address text;                    -- of a guest
alter table reports add column reporter_name text not null default '';
alter table reports add column target_name text not null default '';
alter table reports add column lobby_id text;
create index reports_target_address on reports (target_address, created_at);
create index reports_reporter on reports (reporter_id, created_at);
create index bans_created on bans (created_at);
