#pragma once

// Maximal runs of blocking slices: what sight takes for an obstacle (rules 8.3 REC). Two intact
// neighbours are one rectangle, so that no seam between them can be looked through and nothing is
// tested twice.

#include <bit>

#include "sim/walls.h"

namespace sim {

// Calls visit(Box) for each maximal run of standing slices of this wall, in slice order.
template <class Visit>
void for_each_blocking_run(const Wall& wall, const WallState& state, Visit visit) {
  unsigned standing = ~static_cast<unsigned>(state.open) & kAllSlices;
  while (standing != 0) {
    const int first = std::countr_zero(standing);
    const int length = std::countr_one(standing >> static_cast<unsigned>(first));
    standing &= ~(((1u << static_cast<unsigned>(length)) - 1u) << static_cast<unsigned>(first));
    const Box begin = slice_box(wall, first);
    const Box end = slice_box(wall, first + length - 1);
    visit(Box{begin.left, begin.top, end.right, end.bottom});
  }
}

}  // namespace sim
