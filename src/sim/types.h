#pragma once

// The words of the simulation: units, ids, enumerations. Numbers are from game rules section 1
// unless said. Pixels are arena pixels (480 x 270, y down), angles radians (0 = right, +pi/2 =
// down), time is the tick number.

#include <array>
#include <cstdint>
#include <string_view>

namespace sim {

using Tick = std::uint32_t;  // 1/60 s since the match object was made
using Slot = std::uint8_t;   // a seat of the lobby, 0..7

inline constexpr int kTickRate = 60;
inline constexpr double kStepSeconds = 1.0 / 60.0;
inline constexpr int kSnapshotEvery = 3;  // ticks between two states sent (20 Hz)
inline constexpr int kMaxPlayers = 8;
inline constexpr Slot kNoSlot = 0xff;
inline constexpr double kArenaWidth = 480.0;
inline constexpr double kArenaHeight = 270.0;
inline constexpr double kCell = 10.0;
inline constexpr int kSlices = 5;
inline constexpr int kMaxProjectiles = 64;  // decision 20
inline constexpr int kMaxSmokes = 32;       // decision 20
inline constexpr double kBodyRadius = 6.0;
inline constexpr double kMaxHealth = 100.0;

// Milliseconds to ticks, rounded up (rules 11.3).
constexpr Tick ticks_from_ms(std::uint32_t ms) { return (ms * 60u + 999u) / 1000u; }

struct Vec2 {
  double x = 0.0;
  double y = 0.0;
  friend bool operator==(const Vec2&, const Vec2&) = default;
};

enum class Team : std::uint8_t { red, blue };
constexpr Team other(Team team) { return team == Team::red ? Team::blue : Team::red; }

enum class Material : std::uint8_t { concrete, wood, metal, glass };

enum class WeaponId : std::uint8_t {
  none,
  rifle,
  smg,
  shotgun,
  battlerifle,
  sniperrifle,
  pistol,
  revolver,
  suppressedpistol,
  grenadelauncher,
  machinegun,
  antimaterialrifle,
  grenade,
  smokegrenade,
  flashbang,
  rocket,
};
inline constexpr int kWeaponCount = 16;  // with none

enum class MovementState : std::uint8_t { idle, walking, running, sneaking };

enum class DamageType : std::uint8_t { bullet, explosion };

// What a player carries. Unused places are WeaponId::none. See loadout.h for what is legal.
struct Loadout {
  WeaponId primary = WeaponId::none;
  WeaponId secondary = WeaponId::none;
  std::array<WeaponId, 3> support = {WeaponId::none, WeaponId::none, WeaponId::none};
  friend bool operator==(const Loadout&, const Loadout&) = default;
};

}  // namespace sim
