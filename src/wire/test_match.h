#pragma once

// For tests: a small match whose players stand where the test puts them.

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "match/match.h"
#include "sim/trig.h"
#include "wire/roster.h"

namespace wire::test {

inline constexpr std::array<std::string_view, sim::kMaxPlayers> kIds = {
    "xY072VG8UNRBXjJBAAAC", "9rCqF3Qa9WyNOqOmAAAE", "idOfThirdPlayer_AAAG", "idOfFourthPlayerAAAI",
    "idOfFifthPlayer_AAAK", "idOfSixthPlayer_AAAM", "idOfSeventhPlyr_AAAO", "idOfEighthPlayerAAAQ"};
inline constexpr std::array<std::string_view, sim::kMaxPlayers> kNames = {
    "Alice", "Bob\"", "Carol", "Dan", "Eve", "Fay", "Gil", "Hal"};

// A long concrete wall in the middle, with a wooden door and a short glass pane.
inline std::shared_ptr<const sim::Map> small_map() {
  std::vector<sim::Wall> walls;
  for (int i = 0; i < 4; ++i)
    walls.push_back({{240, 10.0 + 50.0 * i}, false, sim::Material::concrete, 5});
  walls.push_back({{240, 210}, false, sim::Material::wood, 5});
  walls.push_back({{100, 100}, true, sim::Material::glass, 2});
  walls.push_back({{300, 200}, true, sim::Material::metal, 5});
  return std::make_shared<sim::Map>(
      sim::map_from_walls("small", std::move(walls), {{45, 85}, {45, 155}}, {{435, 155}, {435, 85}})
          .value());
}

class TestMatch {
 public:
  TestMatch() : match_(small_map(), match::Settings{}, 7) {
    clock.wall_ms_at_tick0 = 1'795'341'000'000;
  }

  match::Match& match() { return match_; }
  // The match object is not const: the test may move its people about.
  sim::World& world() { return const_cast<sim::World&>(match_.world()); }
  sim::Player& player(sim::Slot slot) { return world().players[slot]; }

  void step(std::vector<sim::Command> commands = {}) { match_.step(commands); }

  void join(sim::Slot slot, sim::Team team, sim::Vec2 at, double rotation = 0.0,
            sim::Loadout loadout = {
                sim::WeaponId::rifle,
                sim::WeaponId::pistol,
                {sim::WeaponId::grenade, sim::WeaponId::flashbang, sim::WeaponId::smokegrenade}}) {
    sim::Command command;
    command.kind = sim::CommandKind::join;
    command.slot = slot;
    command.team = team;
    command.loadout = loadout;
    step({command});
    player(slot).team = team;
    player(slot).position = at;
    player(slot).rotation = rotation;
    roster.seats[slot] = {kIds[slot], kNames[slot], true, false, true};
  }

  Roster roster;
  Clock clock;

 private:
  match::Match match_;
};

}  // namespace wire::test
