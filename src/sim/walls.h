#pragma once

// Walls and their slices (rules 7). A slice is a 10 x 10 px square of a wall; one mask says for
// everything (movement, bullets, projectiles, sight) whether it is open (decision 7). Slices from
// Wall::tiles on never existed: they are open from the start (decision 15).

#include "sim/map.h"
#include "sim/types.h"
#include "sim/world.h"

namespace sim {

// Borders are part of the box.
struct Box {
  double left = 0.0;
  double top = 0.0;
  double right = 0.0;
  double bottom = 0.0;
};

constexpr std::uint8_t kAllSlices = 0x1f;

// Does slice 0..4 stand?
constexpr bool blocks(const WallState& state, int slice) {
  return ((state.open >> static_cast<unsigned>(slice)) & 1u) == 0;
}
constexpr bool any_blocks(const WallState& state) {
  return (state.open & kAllSlices) != kAllSlices;
}

// Length of the wall's real part in px: 10..50.
constexpr double true_length(const Wall& wall) { return kCell * wall.tiles; }

// The square of one slice.
constexpr Box slice_box(const Wall& wall, int slice) {
  const double offset = kCell * slice;
  return wall.horizontal ? Box{wall.corner.x + offset, wall.corner.y,
                               wall.corner.x + offset + kCell, wall.corner.y + kCell}
                         : Box{wall.corner.x, wall.corner.y + offset, wall.corner.x + kCell,
                               wall.corner.y + offset + kCell};
}

constexpr Vec2 slice_center(const Wall& wall, int slice) {
  const Box r = slice_box(wall, slice);
  return {r.left + 0.5 * kCell, r.top + 0.5 * kCell};
}

// The real part of the wall (rules 2.2 REC), open slices included.
constexpr Box true_box(const Wall& wall) {
  const double length = true_length(wall);
  const double width = wall.horizontal ? length : kCell;
  const double height = wall.horizontal ? kCell : length;
  return {wall.corner.x, wall.corner.y, wall.corner.x + width, wall.corner.y + height};
}

// Distance of a point from a rectangle; 0 inside.
double distance_to(const Box& box, Vec2 point);

// A wall as the map builds it.
WallState fresh_wall(const Wall& wall);

// What a blow did to a slice.
struct SliceDamage {
  bool taken = false;   // false: the slice was open already, nothing changed
  bool opened = false;  // its mask bit changed
  double new_health = 0.0;
};
SliceDamage damage_slice(const Wall& wall, WallState& state, int slice, double amount);

}  // namespace sim
