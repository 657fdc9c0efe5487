// The outbox's form of a match result:
//   {"v":1, "match_id":..., ..., "players":[{"seat":..., "player_id":null | uuid, ...}, ...]}
// Times are texts as in connection.h. An unknown "v" is refused, so an older program leaves newer
// rows alone.

#include <boost/json.hpp>

#include "store/connection.h"
#include "store/match_result.h"

namespace store {
namespace {

namespace json = boost::json;

constexpr int kVersion = 1;

json::value maybe(const std::optional<std::string>& text) {
  return text ? json::value(*text) : json::value(nullptr);
}

json::object player_to_json(const MatchPlayer& player) {
  return {
      {"seat", player.seat},
      {"player_id", maybe(player.player_id)},
      {"display_name", player.display_name},
      {"team", name_of(player.team)},
      {"kills", player.kills},
      {"deaths", player.deaths},
      {"joined_at", to_text(player.joined_at)},
      {"left_at", player.left_at ? json::value(to_text(*player.left_at)) : json::value(nullptr)},
      {"won", player.won}};
}

std::string text_at(const json::object& object, const char* key) {
  return std::string(object.at(key).as_string());
}

std::uint32_t count_at(const json::object& object, const char* key) {
  return object.at(key).to_number<std::uint32_t>();
}

Time time_at(const json::object& object, const char* key) {
  const auto time = parse_time(object.at(key).as_string());
  if (!time) throw std::invalid_argument(std::string(key) + " is no time");
  return *time;
}

Side side_of(const std::string& name) {
  if (name == "red") return Side::red;
  if (name == "blue") return Side::blue;
  throw std::invalid_argument("unknown team");
}

Winner winner_of(const std::string& name) {
  if (name == "draw") return Winner::draw;
  return side_of(name) == Side::red ? Winner::red : Winner::blue;
}

MatchPlayer player_from_json(const json::object& object) {
  MatchPlayer player;
  player.seat = text_at(object, "seat");
  if (!object.at("player_id").is_null()) player.player_id = text_at(object, "player_id");
  player.display_name = text_at(object, "display_name");
  player.team = side_of(text_at(object, "team"));
  player.kills = count_at(object, "kills");
  player.deaths = count_at(object, "deaths");
  player.joined_at = time_at(object, "joined_at");
  if (!object.at("left_at").is_null()) player.left_at = time_at(object, "left_at");
  player.won = object.at("won").as_bool();
  return player;
}

MatchResult result_from_json(const json::object& object) {
  if (object.at("v").to_number<int>() != kVersion) throw std::invalid_argument("unknown version");
  MatchResult result;
  result.match_id = text_at(object, "match_id");
  result.lobby_id = text_at(object, "lobby_id");
  result.node_id = text_at(object, "node_id");
  result.mode = text_at(object, "mode");
  result.map = text_at(object, "map");
  result.winning_team = winner_of(text_at(object, "winning_team"));
  result.red_score = count_at(object, "red_score");
  result.blue_score = count_at(object, "blue_score");
  result.reason = text_at(object, "reason");
  result.started_at = time_at(object, "started_at");
  result.completed_at = time_at(object, "completed_at");
  result.duration_seconds = count_at(object, "duration_seconds");
  for (const json::value& player : object.at("players").as_array()) {
    result.players.push_back(player_from_json(player.as_object()));
  }
  return result;
}

}  // namespace

std::string encode(const MatchResult& result) {
  json::array players;
  for (const MatchPlayer& player : result.players) players.push_back(player_to_json(player));
  const json::object object{{"v", kVersion},
                            {"match_id", result.match_id},
                            {"lobby_id", result.lobby_id},
                            {"node_id", result.node_id},
                            {"mode", result.mode},
                            {"map", result.map},
                            {"winning_team", name_of(result.winning_team)},
                            {"red_score", result.red_score},
                            {"blue_score", result.blue_score},
                            {"reason", result.reason},
                            {"started_at", to_text(result.started_at)},
                            {"completed_at", to_text(result.completed_at)},
                            {"duration_seconds", result.duration_seconds},
                            {"players", std::move(players)}};
  return json::serialize(object);
}

base::Result<MatchResult> decode(const std::string& text) {
  try {
    return result_from_json(json::parse(text).as_object());
  } catch (const std::exception&
               problem) {  // Boost.JSON reports a missing or mistyped member by throwing
    return base::Error{"invalid", std::string("stored match result: ") + problem.what()};
  }
}

}  // namespace store
