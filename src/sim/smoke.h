#pragma once

// Smoke zones (rules 6.6). Bullets and bodies do not care for them; sight does.

#include <boost/container/static_vector.hpp>

#include "sim/types.h"
#include "sim/world.h"

namespace sim {

inline constexpr double kSmokeRadius = 60.0;  // px
inline constexpr double kSmokeMaxDensity = 0.95;
inline constexpr double kSmokeEdgeFactor = 0.5;  // part of the density lost at the rim
inline constexpr Tick kSmokeLife = ticks_from_ms(15000);

// Radius (px) and density (0..0.95) of a zone of a certain age in ms; both 0 from 15 s on.
struct SmokeShape {
  double radius = 0.0;
  double density = 0.0;
};
SmokeShape smoke_shape(double age_ms);

// A zone as it is now.
struct SmokeDisc {
  Vec2 center;
  double radius = 0.0;
  double density = 0.0;
};
using SmokeDiscs = boost::container::static_vector<SmokeDisc, kMaxSmokes>;

// All zones of the world at its tick; zones without radius are left out.
SmokeDiscs smoke_discs(const World& world);

// What one zone adds at a point: density * (1 - 0.5 r / radius), 0 outside.
double opacity_of(const SmokeDisc& disc, Vec2 point);

// Sum over the zones, at most 1.
double opacity_at(const SmokeDiscs& discs, Vec2 point);

// Drops the zones whose life is over.
void expire_smokes(World& world);

// Adds a zone at the world's tick; the oldest gives way (decision 20).
void add_smoke(World& world, std::uint32_t projectile, Vec2 position);

}  // namespace sim
