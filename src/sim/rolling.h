#pragma once

// How frag, smoke and flash roll and bounce (rules 6.2 with the clean reflection, slices as squares
// of their own, and no detonation at rest: decision 11).

#include "sim/types.h"
#include "sim/world.h"

namespace sim {

inline constexpr double kGrenadeRadius = 2.0;  // px

// One tick of a thrown projectile.
void roll(const World& world, Projectile& projectile);

}  // namespace sim
