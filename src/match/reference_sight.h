#pragma once

// Sight for tests only: rules 8.3 and 8.4 written down as plainly as can be and without a line of
// sim/sight.cc, to judge what the server tells its players. Every standing slice is its own square,
// every ray is clipped against all of them, smoke is walked sample by sample with the formulas
// of 6.6, angles are compared as angles (libm).
//
// Two right programs may differ where a comparison hangs on the last bits of a double. So the
// question is asked twice, once with everything a little in favour of seeing and once a little
// against it: distances and walls by kSlack px, angles by kSlack rad, smoke by kSlack. `border` is
// an answer that differs; both verdicts are then right.

#include <algorithm>
#include <cmath>

#include "sim/world.h"

namespace match::reference {

inline constexpr double kSlack = 1e-6;

enum class Visible : std::uint8_t { no, border, yes };

namespace detail {

// Does the segment touch the square [x, x + 10] x [y, y + 10] grown by `grow`?
inline bool touches_square(double x, double y, double grow, sim::Vec2 from, sim::Vec2 to) {
  double enter = 0.0;
  double leave = 1.0;
  const auto clip = [&](double origin, double step, double low, double high) {
    if (step == 0.0) {
      if (origin < low || origin > high) leave = -1.0;
      return;
    }
    const double one = (low - origin) / step;
    const double two = (high - origin) / step;
    enter = std::max(enter, std::min(one, two));
    leave = std::min(leave, std::max(one, two));
  };
  clip(from.x, to.x - from.x, x - grow, x + 10.0 + grow);
  clip(from.y, to.y - from.y, y - grow, y + 10.0 + grow);
  return enter <= leave;
}

inline bool wall_between(const sim::World& world, sim::Vec2 from, sim::Vec2 to, double grow) {
  for (std::size_t w = 0; w < world.walls.size(); ++w) {
    const sim::Wall& wall = world.map->walls[w];
    for (int slice = 0; slice < wall.tiles; ++slice) {
      if ((world.walls[w].open & (1 << slice)) != 0) continue;
      const double x = wall.corner.x + (wall.horizontal ? 10.0 * slice : 0.0);
      const double y = wall.corner.y + (wall.horizontal ? 0.0 : 10.0 * slice);
      if (touches_square(x, y, grow, from, to)) return true;
    }
  }
  return false;
}

inline double smoke_at(const sim::World& world, sim::Vec2 point, double favour) {
  double sum = 0.0;
  for (const sim::Smoke& smoke : world.smokes) {
    const double ms = (world.tick - smoke.born) * 1000.0 / 60.0;
    if (ms >= 15000.0) continue;
    double radius = 60.0;
    double density = 0.95;
    if (ms < 1500.0) {
      radius = 60.0 * (1.0 - std::pow(1.0 - ms / 1500.0, 3.0));
      density = 0.95 * (ms / 1500.0) * (ms / 1500.0);
    } else if (ms > 13000.0) {
      density = 0.95 * (1.0 - ((ms - 13000.0) / 2000.0) * ((ms - 13000.0) / 2000.0));
    }
    const double distance = std::hypot(point.x - smoke.position.x, point.y - smoke.position.y);
    if (radius > 0.0 && distance <= radius - favour)
      sum += density * (1.0 - 0.5 * distance / radius);
  }
  return std::min(sum, 1.0);
}

inline bool smoke_between(const sim::World& world, sim::Vec2 from, sim::Vec2 to, double favour) {
  if (world.smokes.empty()) return false;
  const double length = std::hypot(to.x - from.x, to.y - from.y);
  double seen = 0.0;
  for (double at = 5.0; at <= 160.0 && at < length - favour; at += 5.0) {
    const sim::Vec2 sample{from.x + (to.x - from.x) / length * at,
                           from.y + (to.y - from.y) / length * at};
    seen += 0.3 * smoke_at(world, sample, favour);
    if (seen >= 0.5 + favour) return true;
  }
  return false;
}

inline bool in_cone(double rotation, sim::Vec2 from, sim::Vec2 to, double radius, double favour) {
  const double distance = std::hypot(to.x - from.x, to.y - from.y);
  const double widened = 3.14159265358979323846 / 3.0 + std::asin(std::min(1.0, radius / distance));
  const double off = std::remainder(std::atan2(to.y - from.y, to.x - from.x) - rotation,
                                    2.0 * 3.14159265358979323846);
  return std::abs(off) <= widened + favour;
}

// favour > 0: in doubt yes; favour < 0: in doubt no.
inline bool sees(const sim::World& world, sim::Vec2 from, double rotation, sim::Vec2 to,
                 double radius, double favour) {
  const double distance = std::hypot(to.x - from.x, to.y - from.y);
  if (distance <= 20.0 + favour && !wall_between(world, from, to, -favour)) return true;
  if (distance == 0.0 || distance > 160.0 + radius + favour) return false;
  if (!in_cone(rotation, from, to, radius, favour)) return false;
  const double across_x = -(to.y - from.y) / distance * radius;
  const double across_y = (to.x - from.x) / distance * radius;
  for (const double side : {0.0, 1.0, -1.0}) {
    const sim::Vec2 aim{to.x + side * across_x, to.y + side * across_y};
    if (!wall_between(world, from, aim, -favour) && !smoke_between(world, from, aim, favour))
      return true;
  }
  return false;
}

}  // namespace detail

// Is a disc (radius in px) at `place` seen by the viewer, who must be in the world?
inline Visible visible_place(const sim::World& world, sim::Slot viewer, sim::Vec2 place,
                             double radius) {
  const sim::Player& eyes = world.players[viewer];
  const bool generous = detail::sees(world, eyes.position, eyes.rotation, place, radius, kSlack);
  if (!generous) return Visible::no;
  return detail::sees(world, eyes.position, eyes.rotation, place, radius, -kSlack)
             ? Visible::yes
             : Visible::border;
}

// May the viewer know where the target is (8.4 REC)? Slots 0..7.
inline Visible reference_visible(const sim::World& world, sim::Slot viewer, sim::Slot target) {
  if (viewer == target) return Visible::yes;
  const sim::Player& eyes = world.players[viewer];
  const sim::Player& other = world.players[target];
  if (!eyes.in_world || !other.in_world) return Visible::no;
  if (eyes.team == other.team) return Visible::yes;
  return visible_place(world, viewer, other.position, 6.0);
}

}  // namespace match::reference
