// LINK: match
// Replay files of an enemy: reading them gives an Error or legal commands, and a match survives
// running those.

#include <cmath>
#include <cstdlib>

#include "match/replay.h"

namespace {

constexpr match::Tick kTicks = 300;  // of the match; reading goes on to the end

std::shared_ptr<const sim::Map> small_map() {
  std::vector<sim::Wall> walls;
  for (int i = 0; i < 8; ++i) {
    sim::Wall wall;
    wall.corner = {100.0 + 30.0 * i, 90.0 + 10.0 * (i % 5)};
    wall.horizontal = false;
    wall.material = static_cast<sim::Material>(i % 4);
    wall.tiles = static_cast<std::uint8_t>(1 + i % 5);
    walls.push_back(wall);
  }
  auto map = sim::map_from_walls("fuzz", std::move(walls), {{45, 85}, {45, 125}}, {{435, 155}});
  if (!map) std::abort();
  return std::make_shared<const sim::Map>(std::move(*map));
}

void require(bool condition) {
  if (!condition) std::abort();
}

void check(const sim::Command& command) {
  require(static_cast<unsigned>(command.kind) < sim::kCommandKinds);
  require(command.slot < sim::kMaxPlayers || command.slot == sim::kNoSlot);
  require(std::isfinite(command.point.x) && std::isfinite(command.point.y) &&
          std::isfinite(command.angle));
  require(static_cast<int>(command.weapon) < sim::kWeaponCount);
}

// Sight asked of whatever the file made of the world.
void look(const match::Match& match) {
  for (match::Slot viewer = 0; viewer < sim::kMaxPlayers; ++viewer) {
    for (const sim::Vec2 vertex : match.polygon(viewer))
      require(std::isfinite(vertex.x) && std::isfinite(vertex.y));
    for (match::Slot target = 0; target < sim::kMaxPlayers; ++target) match.sees(viewer, target);
    for (const sim::Event& event : match.events()) match.knowledge(viewer, event);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto map = small_map();
  auto reader = match::ReplayReader::open({data, size});
  if (!reader) return 0;
  match::ReplayHeader header = reader->header();
  header.map_hash = match::map_hash(*map);  // no fuzzer guesses a hash
  auto match = match::match_of(header, map);
  if (!match) return 0;
  match::ReplayTick tick;
  for (auto more = reader->next(tick); more.ok() && *more; more = reader->next(tick)) {
    for (const sim::Command& command : tick.commands) check(command);
    if (reader->ticks() > kTicks) continue;
    (*match)->step(tick.commands);
    if (reader->ticks() % 10 == 0) look(**match);
  }
  return 0;
}
