#pragma once

// The area a player sees, as a polygon (rules 8.2). Exact: the corners are where walls end or hide
// one another, not where rays 0.0001 rad beside a corner happen to end, so that it has a third of
// the vertices for the same area.

#include <vector>

#include "sim/sight.h"

namespace sim {

// Fills `out` with the vertices: the viewer, then the ends of sight from the left border of the
// cone to the right one, with points on the circle of 160 px at most 10 degrees apart. Not clipped
// to the arena. A viewer who stands in a blocking slice sees nothing: three times his position.
// Smoke, whose border is no line, is sampled every 3 degrees. Allocates only when `out` is too
// small for this view; 256 is enough for any view of a map of rooms. The map is an indexed one
// (sim/map.h).
void visibility_polygon(const World& world, const Viewpoint& viewpoint, std::vector<Vec2>& out);

}  // namespace sim
