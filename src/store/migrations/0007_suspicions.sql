-- One row a player, match and kind: detectors count up in it (S4). A guest has no account: his seat tells him from the
-- others of the match, his name and network are what is known of him.
alter table suspicious_events add column subject text not null default '';  -- the account, or the seat of a guest
alter table suspicious_events add column name text not null default '';     -- as shown in the match
alter table suspicious_events add column lobby_id text;
alter table suspicious_events add column found integer not null default 1;  -- how often in this match
create unique index suspicious_events_once on suspicious_events (match_id, subject, kind) where subject <> '';
