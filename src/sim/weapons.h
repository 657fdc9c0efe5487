#pragma once

// The master table of weapons (rules 4.1).

#include <optional>
#include <string_view>

#include "sim/types.h"

namespace sim {

enum class WeaponClass : std::uint8_t { none, primary, secondary, support };

enum class WeaponKind : std::uint8_t {
  none,
  hitscan,     // bullets: one ray, eight for the shotgun
  projectile,  // launcher round and rocket
  thrown,      // frag, smoke, flash: no reload
};

struct WeaponInfo {
  WeaponId id = WeaponId::none;
  std::string_view name;  // on the wire
  WeaponClass place = WeaponClass::none;
  WeaponKind kind = WeaponKind::none;
  std::uint8_t cost = 0;  // of the 3 support points
  double damage = 0.0;    // a shot; a pellet; at the centre of an explosion
  std::uint16_t rpm = 0;
  Tick cooldown = 0;            // ceil(3600 / rpm) ticks (decision 4)
  std::uint8_t per_second = 0;  // most shots in any 60 ticks: ceil(60 / cooldown)
  std::int16_t magazine = 0;
  std::int16_t reserve = 0;
  Tick reload = 0;
  std::uint32_t reload_ms = 0;
  double accuracy = 0.0;
  double range = 0.0;   // px; of travel for projectiles, at charge 1 for thrown ones
  double radius = 0.0;  // of the explosion, the smoke or the flash, px
  Tick fuse = 0;        // 0 = none
  double speed = 0.0;   // px/s; of a frag at charge 0
};

inline constexpr int kPellets = 8;                   // of a shotgun shell
inline constexpr double kPelletCone = 0.15;          // rad, whole
inline constexpr double kMuzzle = 8.0;               // px from the centre, shotgun only
inline constexpr double kFragSpeedPerCharge = 18.0;  // px/s

inline constexpr double kHeatPerShot = 5.0;  // machine gun (decision 12)
inline constexpr double kHeatLimit = 320.0;
inline constexpr double kHeatAfterLockout = 160.0;
inline constexpr double kCoolingPerTick = 10.0 / kTickRate;
inline constexpr Tick kOverheatLockout = 180;

// The row of a weapon; WeaponId::none has an empty one.
const WeaponInfo& weapon_info(WeaponId id);

inline std::string_view weapon_name(WeaponId id) { return weapon_info(id).name; }

// None for an unknown name (and for the empty one).
std::optional<WeaponId> weapon_from_name(std::string_view name);

// Effective accuracy 0.1..1 (rules 4.5): +0.2 aiming, -0.3 moving, 0.2 more running.
double effective_accuracy(WeaponId id, bool ads, MovementState movement);

// Deviation in rad of one ray for a draw in [0,1): (draw - 0.5) * (1 - accuracy) * 0.2.
double spread(double accuracy, double draw);

}  // namespace sim
