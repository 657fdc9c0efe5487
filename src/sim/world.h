#pragma once

// The state of a world. Everything here is significant: it is hashed, stored in snapshots and equal
// on every build. Plain data; the rules that change it are in the other files of this room.

#include <array>
#include <boost/container/static_vector.hpp>
#include <cstdint>
#include <memory>
#include <vector>

#include "sim/command.h"
#include "sim/map.h"
#include "sim/random.h"
#include "sim/types.h"

namespace sim {

struct WeaponState {
  WeaponId id = WeaponId::none;
  std::int16_t ammo = 0;
  std::int16_t reserve = 0;
  Tick reload_done = 0;  // 0 = not reloading
  Tick ready_at = 0;     // first tick at which it may fire again without credit (decision 4)
  Tick last_shot = 0;
  std::uint64_t recent_shots = 0;  // bit i: it fired i ticks before last_shot, 0..59
};

struct FlashState {
  double intensity = 0.0;  // 0 = none
  Tick begin = 0;
  Tick end = 0;
};

// Lag compensation (decision 5) reaches back 12 ticks = 200 ms.
inline constexpr Tick kMaxRewind = 12;
inline constexpr std::size_t kPastTicks = kMaxRewind + 1;

struct Player {
  bool in_world = false;
  bool alive = false;
  Team team = Team::red;
  MovementState movement = MovementState::idle;
  bool ads = false;
  bool respawn_wanted = false;
  std::uint8_t held = 0xff;       // index into weapons; 0xff = empty hands
  std::uint8_t killer = kNoSlot;  // while dead
  Loadout loadout;                // carried now
  Loadout next_loadout;           // from the next spawn on
  boost::container::static_vector<WeaponState, 5>
      weapons;  // primary, secondary, support in loadout order
  Vec2 position;
  Vec2 velocity;  // px/s, informational
  double rotation = 0.0;
  double health = 0.0;
  double heat = 0.0;  // machine gun, 0..320
  Tick overheated_until = 0;
  std::uint32_t kills = 0;
  std::uint32_t deaths = 0;
  Tick died_at = 0;
  Tick spawned_at = 0;
  Tick invulnerable_until = 0;
  std::uint32_t sequence = 0;  // highest input sequence whose effect is in `position`
  std::uint32_t sequence_shots =
      0;  // sequence numbers consumed by shots since then (wire contract 7.3)
  bool sequence_fresh =
      true;  // no input since the last join: the next one counts as one step, whatever its number
  double step_credit = 0.0;  // tokens of the 60 steps/s bucket, burst 15 (decision 2)
  FlashState flash;
  std::array<Vec2, kPastTicks>
      past{};  // [t % 13] = where the body was at the end of tick t, from spawned_at on
  bool shot_waiting = false;
  Command waiting_shot;  // a shot up to 2 ticks early, held back until it is due (decision 4)
  Tick waiting_until = 0;
};

struct WallState {
  std::array<double, kSlices> health{};
  std::uint8_t open = 0;  // bit i: slice i is open (or never existed)
};

struct Projectile {
  std::uint32_t id = 0;
  WeaponId type = WeaponId::none;
  Slot owner = kNoSlot;
  Team owner_team = Team::red;
  std::uint8_t charge = 1;
  Vec2 position;
  Vec2 velocity;
  Tick born = 0;
  double travelled = 0.0;
  double range = 0.0;
  std::int16_t bounced_wall = -1;  // same-wall cooldown of rules 6.2
  Tick bounced_at = 0;
};

struct Smoke {
  std::uint32_t id = 0;  // of its projectile
  Vec2 position;
  Tick born = 0;
};

struct World {
  std::shared_ptr<const Map> map;
  Tick tick = 0;
  Random random;
  std::uint32_t next_projectile = 1;
  std::array<Player, kMaxPlayers> players{};
  std::vector<WallState> walls;  // one per map wall
  boost::container::static_vector<Projectile, kMaxProjectiles> projectiles;
  boost::container::static_vector<Smoke, kMaxSmokes> smokes;
};

}  // namespace sim
