#include "replay/state_line.h"

#include <bit>

#include "base/json_writer.h"
#include "wire/names.h"

namespace replay_tool {
namespace {

constexpr int kPlaces = 2;
constexpr int kHexDigits = 16;

unsigned open_slices(const match::Match& match) {
  unsigned count = 0;
  for (std::size_t i = 0; i < match.map().walls.size(); ++i) {
    const unsigned real = (1u << match.map().walls[i].tiles) - 1u;
    count += static_cast<unsigned>(std::popcount(match.world().walls[i].open & real));
  }
  return count;
}

}  // namespace

std::string hash_text(std::uint64_t hash) {
  std::string text(kHexDigits, '0');
  for (auto digit = text.rbegin(); digit != text.rend(); ++digit, hash >>= 4u)
    *digit = "0123456789abcdef"[hash & 15u];
  return text;
}

std::string state_line(const match::Match& match, const Names& names, match::Tick played) {
  std::string line;
  base::JsonWriter json(line);
  json.begin_object().member("tick", played).member("hash", hash_text(match.hash()));
  json.member("phase", static_cast<unsigned>(match.phase()))
      .member("red", match.score(sim::Team::red))
      .member("blue", match.score(sim::Team::blue))
      .member("openSlices", open_slices(match));
  json.key("players").begin_array();
  for (sim::Slot slot = 0; slot < sim::kMaxPlayers; ++slot) {
    const sim::Player& player = match.world().players[slot];
    if (!player.in_world) continue;
    json.begin_object()
        .member("slot", static_cast<unsigned>(slot))
        .member("name", names.of(slot))
        .member("team", wire::team_name(player.team))
        .member("x", player.position.x, kPlaces)
        .member("y", player.position.y, kPlaces);
    json.member("health", player.alive ? player.health : 0.0, 0)
        .member("kills", player.kills)
        .member("deaths", player.deaths)
        .end_object();
  }
  json.end_array().end_object();
  return line;
}

}  // namespace replay_tool
