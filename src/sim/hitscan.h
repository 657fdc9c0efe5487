#pragma once

// Bullets (rules 5): one shot against walls as they are and players as the shooter saw them.

#include <array>
#include <boost/container/static_vector.hpp>
#include <span>

#include "sim/ray.h"
#include "sim/turn.h"

namespace sim {

// Whom a shot can meet, and where: everybody alive but the shooter, wound back (decision 5).
struct Targets {
  std::array<Vec2, kMaxPlayers> position{};
  std::uint8_t mask = 0;  // bit = slot
};

// `delay` in ticks, at most kMaxRewind are used; nobody is taken back beyond the last spawn.
Targets targets_of(const World& world, Slot shooter, Tick delay);

struct RayHit {
  double distance = kNowhere;
  int wall = -1;  // with slice, or
  int slice = 0;
  Slot player = kNoSlot;  // a body
  bool any() const { return wall >= 0 || player != kNoSlot; }
};

// The nearest obstacle. Ties: walls before players, then the lower number.
RayHit nearest_hit(const World& world, const Targets& targets, Vec2 origin, Vec2 dir, double range);

using ShotAngles = boost::container::static_vector<double, 8>;

// Angles of the rays of a shot, with the draws in the order of rules 11.3: one for a gun; for a
// shotgun one per pellet within the cone, then one per pellet for the accuracy.
ShotAngles draw_angles(Random& random, WeaponId weapon, double aim, double accuracy);

// Resolves a shot fired along `aim` with these rays, with damage and the hit and miss events.
void resolve_shot(const Turn& turn, Slot shooter, WeaponId weapon, double aim,
                  std::span<const double> angles, const Targets& targets);

}  // namespace sim
