#include "store/write_match.h"

#include <algorithm>
#include <map>

#include "store/business.h"

namespace store {
namespace {

// What one account did in the match, all its seats together.
struct Share {
  const MatchPlayer* last = nullptr;  // the seat it joined last
  Time joined_at{};
  std::int64_t kills = 0;
  std::int64_t deaths = 0;
  bool won = false;
};

// By player id: two results that share players then lock their rows in one order, and neither waits
// for the other's end.
std::map<std::string, Share> shares_of(const MatchResult& result) {
  std::map<std::string, Share> shares;
  for (const MatchPlayer& player : result.players) {
    if (!player.player_id) continue;
    Share& share = shares[*player.player_id];
    share.joined_at = share.last ? std::min(share.joined_at, player.joined_at) : player.joined_at;
    if (!share.last || share.last->joined_at <= player.joined_at) share.last = &player;
    share.kills += player.kills;
    share.deaths += player.deaths;
    share.won = share.won || player.won;
  }
  return shares;
}

base::Result<bool> insert_match(Connection& db, const MatchResult& result) {
  auto inserted = db.query(
      "insert into match_results (match_id, lobby_id, server_node_id, game_mode, map, "
      "winning_team, red_score,"
      " blue_score, reason, started_at, completed_at, duration_seconds)"
      " values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
      " on conflict (match_id) do nothing returning match_id",
      {result.match_id, result.lobby_id, result.node_id, result.mode, result.map,
       name_of(result.winning_team), result.red_score, result.blue_score, result.reason,
       result.started_at, result.completed_at, result.duration_seconds});
  if (!inserted.ok()) return inserted.error();
  return !inserted->empty();
}

base::Result<void> insert_player(Connection& db, const MatchResult& result,
                                 const MatchPlayer& player) {
  auto inserted = db.query(
      "insert into match_players (match_id, seat, player_id, display_name, team, kills, deaths, "
      "joined_at, left_at,"
      " won) values ($1, $2, (select player_id from players where player_id = $3),"
      // An account that was erased while it played must not get its name back.
      " coalesce((select display_name from players where player_id = $3 and not is_active), $4),"
      " $5, $6, $7, $8, $9, $10)",
      {result.match_id, player.seat, player.player_id, player.display_name, name_of(player.team),
       player.kills, player.deaths, player.joined_at, player.left_at, player.won});
  return inserted.ok() ? base::Result<void>() : base::Result<void>(inserted.error());
}

// Adds to the account's totals; false when there is no such account.
base::Result<bool> add_totals(Connection& db, const std::string& player_id, const Share& share) {
  auto updated = db.query(
      "update players set total_kills = total_kills + $2, total_deaths = total_deaths + $3,"
      " total_matches = total_matches + 1, wins = wins + $4 where player_id = $1 returning "
      "player_id",
      {player_id, share.kills, share.deaths, share.won ? 1 : 0});
  if (!updated.ok()) return updated.error();
  return !updated->empty();
}

// The stay in the lobby may have no row yet: its note is queued apart from the result.
base::Result<void> add_to_stay(Connection& db, const MatchResult& result,
                               const std::string& player_id, const Share& share) {
  auto updated = db.query(
      "insert into lobby_players (lobby_id, player_id, team, joined_at, kills, deaths)"
      " values ($1, $2, $3, $4, $5, $6) on conflict (lobby_id, player_id) do update set"
      " kills = lobby_players.kills + excluded.kills, deaths = lobby_players.deaths + "
      "excluded.deaths",
      {result.lobby_id, player_id, name_of(share.last->team), share.joined_at, share.kills,
       share.deaths});
  return updated.ok() ? base::Result<void>() : base::Result<void>(updated.error());
}

// O6: on which days an account plays.
base::Result<void> add_day(Connection& db, const MatchResult& result,
                           const std::string& player_id) {
  auto added = db.query(
      "insert into player_days (day, player_id) values ($1, $2) on conflict (day, player_id) do "
      "nothing",
      {day_of(result.completed_at), player_id});
  return added.ok() ? base::Result<void>() : base::Result<void>(added.error());
}

}  // namespace

base::Result<bool> write_match(Connection& db, const MatchResult& result) {
  if (auto good = check(result); !good.ok()) return good.error();
  auto fresh = insert_match(db, result);
  if (!fresh.ok() || !*fresh) return fresh;
  const auto shares = shares_of(result);
  for (const auto& [player_id, share] : shares) {
    auto known = add_totals(db, player_id, share);
    if (!known.ok()) return known;
    if (!*known) continue;
    if (auto added = add_to_stay(db, result, player_id, share); !added.ok()) return added.error();
    if (auto added = add_day(db, result, player_id); !added.ok()) return added.error();
  }
  for (const MatchPlayer& player : result.players) {
    if (auto inserted = insert_player(db, result, player); !inserted.ok()) return inserted.error();
  }
  return true;
}

}  // namespace store
