#include "sim/sight.h"

#include <algorithm>
#include <cmath>

#include "sim/clouds.h"
#include "sim/runs.h"
#include "sim/trig.h"

namespace sim {
namespace {

constexpr double kCosHalf = 0.5;                  // cos 60 degrees
constexpr double kSinHalf = 0.86602540378443865;  // sin 60 degrees

double dot(Vec2 a, Vec2 b) { return a.x * b.x + a.y * b.y; }
double cross(Vec2 a, Vec2 b) { return a.x * b.y - a.y * b.x; }
Vec2 minus(Vec2 a, Vec2 b) { return {a.x - b.x, a.y - b.y}; }

bool overlap(const Box& a, const Box& b) {
  return a.left <= b.right && b.left <= a.right && a.top <= b.bottom && b.top <= a.bottom;
}

// Separating axes of a segment and a rectangle: the two of the rectangle and the segment's normal.
// No division.
bool touches(const Box& box, const Box& bounds, Vec2 from, Vec2 along) {
  if (!overlap(box, bounds)) return false;
  const Vec2 centre{(box.left + box.right) * 0.5 - from.x, (box.top + box.bottom) * 0.5 - from.y};
  const double half_x = (box.right - box.left) * 0.5;
  const double half_y = (box.bottom - box.top) * 0.5;
  return std::abs(cross(along, centre)) <= std::abs(along.x) * half_y + std::abs(along.y) * half_x;
}

// Entry of the ray from -> from + limit * unit into the box, or limit when it does not enter
// before.
double entry(const Box& box, Vec2 from, Vec2 unit, double limit) {
  double near = 0.0;
  double far = limit;
  const auto slab = [&](double low, double high, double origin, double step) {
    if (step == 0.0) return low <= origin && origin <= high;
    const double a = (low - origin) / step;
    const double b = (high - origin) / step;
    near = std::max(near, std::min(a, b));
    far = std::min(far, std::max(a, b));
    return near <= far;
  };
  if (!slab(box.left, box.right, from.x, unit.x)) return limit;
  if (!slab(box.top, box.bottom, from.y, unit.y)) return limit;
  return near;
}

// Is `to` reached from `from`? A sample of the smoke exactly at `to` does not hide it.
bool reached(const World& world, const Clouds& clouds, Vec2 from, Vec2 to) {
  if (wall_between(world, from, to)) return false;
  if (clouds.empty()) return true;
  const Vec2 way = minus(to, from);
  const double length = std::sqrt(dot(way, way));
  if (length == 0.0) return true;
  return clouds.ray_length({way.x / length, way.y / length}, length) >= length;
}

bool in_widened_cone(Vec2 facing, Vec2 way, double distance, double radius) {
  // angle <= 60 degrees + asin(radius / distance), both sides' cosine times distance
  const double side = std::min(radius, distance);
  const double ahead = std::sqrt(distance * distance - side * side);
  return dot(facing, way) >= kCosHalf * ahead - kSinHalf * side;
}

}  // namespace

Viewpoint viewpoint_of(const Player& player) {
  return {player.position, direction(player.rotation)};
}

double ray_length(const World& world, Vec2 from, Vec2 unit) {
  double length = kViewDistance;
  const auto& walls = world.map->walls;
  for (std::size_t i = 0; i < walls.size(); ++i) {
    for_each_blocking_run(walls[i], world.walls[i], [&](const Box& run) {
      length = std::min(length, entry(run, from, unit, length));
    });
  }
  return Clouds(world, from, length).ray_length(unit, length);
}

bool wall_between(const World& world, Vec2 from, Vec2 to) {
  const Box bounds{std::min(from.x, to.x), std::min(from.y, to.y), std::max(from.x, to.x),
                   std::max(from.y, to.y)};
  const Vec2 along = minus(to, from);
  const auto& walls = world.map->walls;
  for (std::size_t i = 0; i < walls.size(); ++i) {
    if (!overlap(true_box(walls[i]), bounds)) continue;
    bool hit = false;
    for_each_blocking_run(walls[i], world.walls[i],
                          [&](const Box& run) { hit = hit || touches(run, bounds, from, along); });
    if (hit) return true;
  }
  return false;
}

bool sees_disc(const World& world, const Viewpoint& viewpoint, Vec2 centre, double radius) {
  const Vec2 from = viewpoint.position;
  const Vec2 way = minus(centre, from);
  const double distance = std::sqrt(dot(way, way));
  if (distance <= kAlwaysSeen && !wall_between(world, from, centre)) return true;
  if (distance > kViewDistance + radius) return false;
  if (!in_widened_cone(viewpoint.facing, way, distance, radius)) return false;
  const Clouds clouds(world, from, distance + radius);
  if (reached(world, clouds, from, centre)) return true;
  if (radius == 0.0 || distance == 0.0) return false;
  const Vec2 side{-way.y / distance * radius, way.x / distance * radius};
  return reached(world, clouds, from, {centre.x + side.x, centre.y + side.y}) ||
         reached(world, clouds, from, {centre.x - side.x, centre.y - side.y});
}

bool can_see(const World& world, Slot viewer, Slot target) {
  if (viewer >= kMaxPlayers || target >= kMaxPlayers) return false;
  if (viewer == target) return true;
  const Player& eyes = world.players[viewer];
  const Player& other = world.players[target];
  if (!eyes.in_world || !other.in_world) return false;
  if (eyes.team == other.team) return true;
  return sees_disc(world, viewpoint_of(eyes), other.position, kBodyRadius);
}

}  // namespace sim
