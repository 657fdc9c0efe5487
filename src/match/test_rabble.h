#pragma once

// Test data only: eight players who do everything a client can send, sensible or not, drawn from a
// seed with the simulation's own arithmetic, so that a run is the same on every build.

#include <array>
#include <memory>
#include <vector>

#include "match/match.h"
#include "sim/loadout.h"
#include "sim/random.h"
#include "sim/test_maps.h"
#include "sim/trig.h"
#include "sim/weapons.h"

namespace match::test {

// An open field with every material, where people meet.
inline constexpr sim::test::Row kFieldRows[] = {
    {2, "C10-14 M33-37"}, {5, "W20-27"},       {6, "R5 G14 G34"},     {7, "G14 G34"},
    {8, "C24 G14 G34"},   {9, "C24"},          {12, "W8-10 C38-39"},  {13, "R5 W22-25 B42"},
    {14, "W22-25"},       {17, "M12 C24 M36"}, {18, "M12 C24 M36"},   {19, "M12 M36"},
    {20, "B42"},          {21, "G20-28"},      {24, "C10-14 W33-37"},
};

inline std::shared_ptr<const sim::Map> field() {
  const auto pixels = sim::test::pixels_of(kFieldRows);
  return std::make_shared<const sim::Map>(
      sim::map_from_pixels("field", sim::kMapColumns, sim::kMapRows, pixels).value());
}

class Rabble {
 public:
  explicit Rabble(std::uint64_t seed, Slot players = sim::kMaxPlayers)
      : random_(seed), players_(players) {
    commands_.reserve(256);
  }

  // The commands of the next tick, valid until the next call. The match starts at tick 100.
  const std::vector<sim::Command>& next(const sim::World& world) {
    commands_.clear();
    if (world.tick == 100) commands_.push_back({});
    for (Slot slot = 0; slot < players_; ++slot) act(world, slot);
    return commands_;
  }

 private:
  struct Mind {
    std::uint16_t keys = 0;
    std::uint32_t sequence = 0;
    sim::Vec2 mouse{240, 135};
    Tick again = 0;
  };

  std::uint32_t below(std::uint32_t limit) { return random_.next() % limit; }
  bool one_in(std::uint32_t n) { return below(n) == 0; }

  sim::Command& add(sim::CommandKind kind, Slot slot) {
    sim::Command& command = commands_.emplace_back();
    command.kind = kind;
    command.slot = slot;
    return command;
  }

  void act(const sim::World& world, Slot slot) {
    const sim::Player& player = world.players[slot];
    if (!player.in_world || one_in(1500)) {
      if (one_in(20)) join(slot);
      return;
    }
    if (one_in(4000)) add(sim::CommandKind::leave, slot);
    if (one_in(3000)) add(sim::CommandKind::kill, slot);
    if (!player.alive && one_in(40)) add(sim::CommandKind::respawn, slot);
    move(world, slot);
    fight(player, slot);
  }

  void join(Slot slot) {
    sim::Command& command = add(sim::CommandKind::join, slot);
    command.team = one_in(2) ? Team::red : Team::blue;
    const auto any = [&] { return static_cast<sim::WeaponId>(below(sim::kWeaponCount)); };
    sim::Loadout& loadout = command.loadout;
    loadout.primary = static_cast<sim::WeaponId>(below(6));
    loadout.secondary = static_cast<sim::WeaponId>(6 + below(3));
    loadout.support = {any(), one_in(2) ? any() : sim::WeaponId::none, sim::WeaponId::none};
    minds_[slot].sequence = 0;
  }

  void move(const sim::World& world, Slot slot) {
    Mind& mind = minds_[slot];
    if (world.tick >= mind.again) {
      mind.again = world.tick + 10 + below(50);
      mind.keys = static_cast<std::uint16_t>(below(64));
      if (one_in(3)) mind.keys = static_cast<std::uint16_t>(mind.keys | (64u << below(6)));
    }
    aim(world, slot);
    if (one_in(10)) return;
    mind.sequence += 1 + (one_in(8) ? below(3) : 0);
    sim::Command& command = add(sim::CommandKind::input, slot);
    command.sequence = mind.sequence;
    command.keys = mind.keys;
    command.point = mind.mouse;
  }

  // Near the nearest enemy.
  void aim(const sim::World& world, Slot slot) {
    const sim::Player& self = world.players[slot];
    double best = 1e9;
    for (const sim::Player& other : world.players) {
      if (!other.in_world || !other.alive || other.team == self.team) continue;
      const double dx = other.position.x - self.position.x;
      const double dy = other.position.y - self.position.y;
      if (dx * dx + dy * dy >= best) continue;
      best = dx * dx + dy * dy;
      minds_[slot].mouse = {other.position.x + below(15) - 7.0, other.position.y + below(15) - 7.0};
    }
  }

  void fight(const sim::Player& player, Slot slot) {
    if (one_in(60)) add(sim::CommandKind::ads, slot).flag = one_in(2);
    if (one_in(120)) add(sim::CommandKind::reload, slot);
    const auto owned = [&] {
      return player.weapons.empty()
                 ? sim::WeaponId::rifle
                 : player.weapons[below(static_cast<std::uint32_t>(player.weapons.size()))].id;
    };
    if (one_in(90)) add(sim::CommandKind::switch_weapon, slot).weapon = owned();
    if (!one_in(3)) return;
    sim::Command& shot = add(sim::CommandKind::fire, slot);
    shot.weapon = one_in(50) ? owned() : sim::held_weapon(player);
    shot.charge = static_cast<std::uint8_t>(below(7));
    shot.flag = !one_in(4);
    shot.flag2 = one_in(2);
    shot.point = minds_[slot].mouse;
    shot.angle = static_cast<double>(below(1000)) * 0.01 - 5.0;
    shot.view_delay = static_cast<std::uint16_t>(below(14));
    shot.sequence = one_in(5) ? 0 : ++minds_[slot].sequence;
  }

  sim::Random random_;
  const Slot players_;
  std::array<Mind, sim::kMaxPlayers> minds_{};
  std::vector<sim::Command> commands_;
};

}  // namespace match::test
