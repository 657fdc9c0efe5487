#pragma once

// For tests: a lobby on an empty map in which red and blue stand in each other's sight and can kill
// each other at will, through the commands of real players.

#include <simdjson.h>

#include <filesystem>
#include <fstream>

#include "base/png.h"
#include "lobby/lobby_test_bench.h"

namespace lobby::testing {

// A folder with the one map "court": no walls, red at (205,135), blue at (305,135).
class CourtFolder {
 public:
  CourtFolder() {
    const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
    path_ = std::filesystem::temp_directory_path() /
            (std::string("trespasser_court_") + test->test_suite_name() + "_" + test->name());
    std::filesystem::create_directories(path_);
    base::Image image{48, 27, std::vector<std::uint8_t>(std::size_t{48} * 27 * 3, 0xff)};
    paint(image, 20, {0xff, 0, 0});
    paint(image, 30, {0, 0, 0xff});
    const auto png = base::encode_png(image).value();
    std::ofstream(path_ / "court.png", std::ios::binary)
        .write(reinterpret_cast<const char*>(png.data()), static_cast<std::streamsize>(png.size()));
  }
  ~CourtFolder() {
    std::error_code ignored;  // what is left in the temporary folder harms nobody
    std::filesystem::remove_all(path_, ignored);
  }
  CourtFolder(const CourtFolder&) = delete;
  CourtFolder& operator=(const CourtFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  static void paint(base::Image& image, std::size_t column, std::array<std::uint8_t, 3> colour) {
    std::copy(colour.begin(), colour.end(), image.rgb.begin() + ((13 * 48 + column) * 3));
  }

  std::filesystem::path path_;
};

// What a state says of one player.
struct Sighting {
  bool there = false;
  sim::Vec2 position{-1000, -1000};
  sim::Vec2 velocity{-1, -1};
  double health = -1;
};

// The entry of `id` in the last state that `viewer` heard.
inline Sighting sighting(const Player& viewer, std::string_view list, const std::string& id) {
  simdjson::dom::parser parser;
  const std::string state = viewer.last("game:state");
  simdjson::dom::element body;
  Sighting seen;
  if (state.size() < 3 || parser.parse(state.data() + 2, state.size() - 2).at(1).get(body))
    return seen;
  const auto fill = [&](simdjson::dom::element entry) {
    seen.there = true;
    const auto number = [&entry](const char* pointer, double& to) {
      double value = 0;
      if (!entry.at_pointer(pointer).get(value)) to = value;
    };
    number("/position/x", seen.position.x);
    number("/position/y", seen.position.y);
    number("/velocity/x", seen.velocity.x);
    number("/velocity/y", seen.velocity.y);
    number("/health", seen.health);
  };
  simdjson::dom::array entries;
  if (!body[list].get(entries)) {
    for (const simdjson::dom::element entry : entries) {
      std::string_view name;
      if (!entry["id"].get(name) && name == id) fill(entry);
    }
  } else if (!body[list][id].error()) {
    fill(body[list][id].value_unsafe());
  }
  return seen;
}

class Duel {
 public:
  // `a` and `b` are seated; begin() brings them into the match.
  explicit Duel(const LobbyOptions& options = {})
      : bench(0, 2500, folder_.path(), "court"),
        a(bench.quick("a", options)),
        b(bench.quick("b", options)) {}

  void begin() {
    bench.run_seconds(10.1);
    bench.join_world(a, sim::Team::red, kArms);
    bench.join_world(b, sim::Team::blue, kArms);
    bench.run(10);
  }

  sim::Vec2 position(const Player& who) { return sighting(who, "players", who.id).position; }

  // Kills unless the target was just born; `from` may do it once in two seconds, five times.
  void shoot(const Player& from, const Player& at) {
    sim::Command shot;
    shot.kind = sim::CommandKind::fire;
    shot.weapon = sim::WeaponId::antimaterialrifle;
    shot.flag = true;
    shot.point = position(at);
    bench.engine.match_command(from.seat, shot);
  }
  void kill(const Player& from, const Player& at) {
    shoot(from, at);
    bench.run(4);
  }
  // The dead return by themselves and can be hurt again.
  void wait_for_respawn() { bench.run(300 + 120 + 10); }

  static constexpr sim::Loadout kArms{
      sim::WeaponId::none,
      sim::WeaponId::pistol,
      {sim::WeaponId::antimaterialrifle, sim::WeaponId::none, sim::WeaponId::none}};

 private:
  CourtFolder folder_;

 public:
  Bench bench;
  Player& a;
  Player& b;
};

}  // namespace lobby::testing
