#pragma once

// Test data only: a world laid by hand, in the notation of rules 13.

#include <initializer_list>
#include <memory>
#include <string>
#include <vector>

#include "sim/damage.h"
#include "sim/hitscan.h"
#include "sim/loadout.h"
#include "sim/movement.h"
#include "sim/step.h"
#include "sim/weapons.h"

namespace sim::test {

// "H material (x,y)" and "V material (x,y)" of rules 13.
inline Wall horizontal(Material material, double x, double y, int tiles = 5) {
  return {{x, y}, true, material, static_cast<std::uint8_t>(tiles)};
}
inline Wall vertical(Material material, double x, double y, int tiles = 5) {
  return {{x, y}, false, material, static_cast<std::uint8_t>(tiles)};
}

inline Loadout armed(WeaponId id) {
  Loadout loadout;
  switch (weapon_info(id).place) {
    case WeaponClass::primary:
      loadout.primary = id;
      break;
    case WeaponClass::secondary:
      loadout.secondary = id;
      break;
    default:
      loadout.support[0] = id;
      break;
  }
  return loadout;
}

class Scene {
 public:
  explicit Scene(std::vector<Wall> walls = {})
      : Scene(std::make_shared<const Map>(
            map_from_walls("scene", std::move(walls), {{15, 15}}, {{465, 255}}).value())) {}
  explicit Scene(std::shared_ptr<const Map> map) : world_(make_world(std::move(map), 1)) {}

  // Puts a player into the next free slot, at full health, armed, looking along `rotation`.
  Slot add(Vec2 position, Team team = Team::red, Loadout loadout = armed(WeaponId::rifle),
           double rotation = 0.0) {
    const Slot slot = next_++;
    Player& player = world_.players[slot];
    player.in_world = true;
    player.alive = true;
    player.team = team;
    player.loadout = player.next_loadout = loadout;
    player.weapons = fresh_weapons(loadout);
    player.held = player.weapons.empty() ? 0xff : 0;
    player.position = position;
    player.past.fill(position);
    player.rotation = rotation;
    player.health = kMaxHealth;
    player.step_credit = kStepBurst;
    return slot;
  }

  void open_slices(int wall, std::initializer_list<int> slices) {
    for (const int slice : slices)
      world_.walls[static_cast<std::size_t>(wall)].open |= static_cast<std::uint8_t>(1U << slice);
  }

  void step(const std::vector<Command>& commands = {}) {
    events_.clear();
    sim::step(world_, rules_, commands, events_);
  }
  void steps(int count) {
    for (int i = 0; i < count; ++i) step();
  }

  Turn turn() { return {world_, rules_, events_}; }

  // A shot without spread, resolved at once.
  void shoot(Slot slot, WeaponId weapon, double angle) {
    const std::vector<double> angles(weapon == WeaponId::shotgun ? kPellets : 1, angle);
    shoot(slot, weapon, angle, angles);
  }
  void shoot(Slot slot, WeaponId weapon, double aim, const std::vector<double>& angles) {
    events_.clear();
    resolve_shot(turn(), slot, weapon, aim, angles, targets_of(world_, slot, 0));
    settle_damage(turn(), 0);
  }

  std::vector<Event> events(EventKind kind) const {
    std::vector<Event> found;
    for (const Event& event : events_) {
      if (event.kind == kind) found.push_back(event);
    }
    return found;
  }
  const std::vector<Event>& events() const { return events_; }
  Player& player(Slot slot) { return world_.players[slot]; }
  double health(int wall, int slice) const {
    return world_.walls[static_cast<std::size_t>(wall)].health[static_cast<std::size_t>(slice)];
  }
  bool open(int wall, int slice) const {
    return !blocks(world_.walls[static_cast<std::size_t>(wall)], slice);
  }
  World& world() { return world_; }
  StepRules& rules() { return rules_; }

  static Command command(CommandKind kind, Slot slot) {
    Command c;
    c.kind = kind;
    c.slot = slot;
    return c;
  }
  static Command input(Slot slot, std::uint32_t sequence, int keys, Vec2 mouse) {
    Command c = command(CommandKind::input, slot);
    c.sequence = sequence;
    c.keys = static_cast<std::uint16_t>(keys);
    c.point = mouse;
    return c;
  }
  // A shot along the rotation.
  static Command fire(Slot slot, WeaponId weapon, int charge = 1) {
    Command c = command(CommandKind::fire, slot);
    c.weapon = weapon;
    c.charge = static_cast<std::uint8_t>(charge);
    return c;
  }

 private:
  World world_;
  StepRules rules_{true, true};
  std::vector<Event> events_;
  Slot next_ = 0;
};

}  // namespace sim::test
