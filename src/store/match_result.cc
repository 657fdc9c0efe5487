#include "store/match_result.h"

#include <simdjson.h>

#include <set>
#include <string_view>

namespace store {
namespace {

constexpr std::size_t kMaxId = 64;            // bytes of ids
constexpr std::size_t kMaxDisplayName = 128;  // bytes: 20 to 32 characters of up to four each
constexpr std::uint32_t kMaxCount =
    1 << 30;  // far above any counter of a match, below the databases' integer

base::Error invalid(std::string_view what) {
  return {"invalid", "match result: " + std::string(what)};
}

bool is_name(const std::string& text, std::size_t limit = kMaxId) {
  return !text.empty() && text.size() <= limit && text.find('\0') == std::string::npos &&
         simdjson::validate_utf8(text.data(), text.size());
}

base::Result<void> check(const MatchPlayer& player) {
  if (!is_name(player.seat)) return invalid("seat must be a text of 1 to 64 bytes");
  if (!is_name(player.display_name, kMaxDisplayName)) {
    return invalid("display_name must be a text of 1 to 128 bytes");
  }
  if (player.player_id && !is_uuid(*player.player_id)) return invalid("player_id must be a uuid");
  if (player.kills > kMaxCount || player.deaths > kMaxCount)
    return invalid("a counter is out of range");
  return {};
}

}  // namespace

bool is_uuid(const std::string& text) {
  if (text.size() != 36) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool hyphen = i == 8 || i == 13 || i == 18 || i == 23;
    const bool hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
    if (hyphen ? c != '-' : !hex) return false;
  }
  return true;
}

const char* name_of(Side side) { return side == Side::red ? "red" : "blue"; }

const char* name_of(Winner winner) {
  switch (winner) {
    case Winner::red:
      return "red";
    case Winner::blue:
      return "blue";
    case Winner::draw:
      break;
  }
  return "draw";
}

base::Result<void> check(const MatchResult& result) {
  if (!is_uuid(result.match_id)) return invalid("match_id must be a uuid");
  for (const std::string* name :
       {&result.lobby_id, &result.node_id, &result.mode, &result.map, &result.reason}) {
    if (!is_name(*name))
      return invalid("lobby_id, node_id, mode, map and reason must be texts of 1 to 64 bytes");
  }
  if (result.red_score > kMaxCount || result.blue_score > kMaxCount ||
      result.duration_seconds > kMaxCount) {
    return invalid("a counter is out of range");
  }
  std::set<std::string_view> seats;
  for (const MatchPlayer& player : result.players) {
    if (auto good = check(player); !good.ok()) return good;
    if (!seats.insert(player.seat).second) return invalid("a seat is named twice");
  }
  return {};
}

}  // namespace store
