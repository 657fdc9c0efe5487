#include "contract/samples.h"

#include <stdexcept>
#include <utility>

#include "base/random.h"

namespace contract {

store::Time at(int seconds) {
  return *store::parse_time("2026-11-22T12:00:00Z") + std::chrono::seconds(seconds);
}

std::string add_player(store::Store& store, const std::string& name) {
  const std::string id = base::uuid_v4();
  auto added = store.transact([&](store::Connection& db) {
    return db.query(
        "insert into players (player_id, email, display_name, created_at) values ($1, $2, $3, $4)",
        {id, name + "@example.org", name, at(0)});
  });
  if (!added.ok()) throw std::runtime_error(added.error().message);
  return id;
}

store::MatchPlayer seat_of(std::string seat, std::optional<std::string> player_id, store::Side team,
                           unsigned kills, unsigned deaths, bool won) {
  store::MatchPlayer player;
  player.display_name = "name of " + seat;
  player.seat = std::move(seat);
  player.player_id = std::move(player_id);
  player.team = team;
  player.kills = kills;
  player.deaths = deaths;
  player.joined_at = at(1);
  player.won = won;
  return player;
}

store::MatchResult sample_match() {
  store::MatchResult result;
  result.match_id = base::uuid_v4();
  result.lobby_id = "LOBBY1";
  result.node_id = "node-1";
  result.mode = "tdm";
  result.map = "yard";
  result.winning_team = store::Winner::red;
  result.red_score = 50;
  result.blue_score = 20;
  result.reason = "score_limit";
  result.started_at = at(0);
  result.completed_at = at(300);
  result.duration_seconds = 300;
  return result;
}

store::MatchResult sample_match(const std::string& red, const std::string& blue) {
  auto result = sample_match();
  result.players.push_back(seat_of("s1", red, store::Side::red, 5, 1, true));
  result.players.push_back(seat_of("s2", blue, store::Side::blue, 1, 5, false));
  result.players.push_back(seat_of("s3", std::nullopt, store::Side::red, 2, 3, true));
  return result;
}

}  // namespace contract
