#pragma once

// Straight lines against slices and bodies (rules 5.1).

#include <limits>
#include <optional>

#include "sim/types.h"
#include "sim/walls.h"
#include "sim/world.h"

namespace sim {

inline constexpr double kNowhere = std::numeric_limits<double>::infinity();

struct SliceHit {
  double distance = kNowhere;  // along the ray, px
  int wall = -1;               // -1: nothing was hit
  int slice = 0;
};

// Where a ray from `origin` along the unit vector `dir` enters a box: t in [0, range]; none when it
// misses, or starts inside. A component of at most 1e-4 counts as parallel: then the origin must
// lie within the slab, borders included.
std::optional<double> box_entry(const Box& box, Vec2 origin, Vec2 dir, double range);

// The nearest intact slice. Slices in which the ray starts are passed. Ties: lower wall, then lower
// slice.
SliceHit first_slice(const World& world, Vec2 origin, Vec2 dir, double range);

// Where a ray enters a body of radius 6 at `center`; 0 when it starts inside.
std::optional<double> body_entry(Vec2 center, Vec2 origin, Vec2 dir, double range);

// Does no intact slice lie between two points?
bool clear_between(const World& world, Vec2 from, Vec2 to);

}  // namespace sim
