#pragma once

// Who can see what (rules 8.3 and 8.4 REC, decision 19). Pure functions of the world; no state, no
// allocation.
//
// Borders: obstacles are closed rectangles (a line that only touches a corner is blocked),
// distances and the cone are inclusive. Whoever stands in or on the edge of a blocking slice sees
// nothing.

#include "sim/types.h"
#include "sim/world.h"

namespace sim {

inline constexpr double kViewDistance = 160.0;            // px
inline constexpr double kViewAngle = 2.0943951023931953;  // rad, 120 degrees: 60 to either side
inline constexpr double kAlwaysSeen =
    20.0;  // px: point blank nobody is missed behind the back (8.4)
inline constexpr double kSmokeSampleStep = 5.0;  // px between two looks at the smoke along a ray
inline constexpr double kSmokeFactor = 0.3;      // share of the opacity added by each look
inline constexpr double kSmokeBlocks = 0.5;      // the ray ends where so much has been added

// From where and whither somebody looks. `facing` is a unit vector.
struct Viewpoint {
  Vec2 position;
  Vec2 facing;
};

// The eyes of a player, alive or dead: a corpse goes on seeing from where it lies (8.4).
Viewpoint viewpoint_of(const Player& player);

// Length of the ray from `from` along a unit vector, 0..160 px: up to the first blocking slice or
// the sample at which the smoke has become too thick, whichever is nearer (8.3).
double ray_length(const World& world, Vec2 from, Vec2 unit);

// Is a blocking slice on the segment? Ends included.
bool wall_between(const World& world, Vec2 from, Vec2 to);

// Is something round (radius in px, 0 = a point) seen from here? Within 160 px + radius, within the
// cone widened by asin(min(1, radius / distance)), and its centre or one of its two outermost
// points, `radius` to either side of the centre as seen from here, is reached by a ray that no
// slice and no smoke ends. Within 20 px walls alone decide.
bool sees_disc(const World& world, const Viewpoint& viewpoint, Vec2 centre, double radius);

// May `viewer` know where `target` is? Oneself and team mates always, everybody else as the disc of
// a body. Somebody who is not in the world sees nobody and is seen by nobody. Corpses see and are
// seen as the living.
bool can_see(const World& world, Slot viewer, Slot target);

}  // namespace sim
