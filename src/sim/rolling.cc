#include "sim/rolling.h"

#include <algorithm>
#include <cmath>

#include "sim/walls.h"

namespace sim {
namespace {

constexpr double kFriction = 0.9972950162543811;  // 0.85^(1/60), per tick
constexpr double kRestSpeed = 2.0;                // px/s below which it lies still
constexpr double kStride = 2.0;                   // px between two collision tests
constexpr double kBounce = 0.7;                   // of the speed along the normal
constexpr double kDrag = 0.85;                    // of the rest, on top of the bounce at walls
constexpr double kLameSpeed = 10.0;               // px/s: a bounce slower than this is halved
constexpr double kClearance = 1.0;                // px left to the wall after a bounce
constexpr Tick kSameWall = ticks_from_ms(200);    // ticks until the same wall counts again

double length_of(Vec2 v) { return std::sqrt(v.x * v.x + v.y * v.y); }

struct Contact {
  int wall = -1;
  int slice = 0;
  double distance = kGrenadeRadius;
  Vec2 point;  // of the slice
  Vec2 normal;
};

void consider(Contact& best, const World& world, int column, int row, Vec2 center) {
  const std::int16_t code =
      world.map->slice_at[static_cast<std::size_t>(row * kMapColumns + column)];
  if (code < 0) return;
  const int wall = code >> 3;
  const auto index = static_cast<std::size_t>(wall);
  if (!blocks(world.walls[index], code & 7)) return;
  const Box box = slice_box(world.map->walls[index], code & 7);
  const Vec2 point{std::clamp(center.x, box.left, box.right),
                   std::clamp(center.y, box.top, box.bottom)};
  const Vec2 off{center.x - point.x, center.y - point.y};
  const double distance = length_of(off);
  if (distance >= kGrenadeRadius || distance > best.distance) return;
  if (distance == best.distance && best.wall >= 0 && wall >= best.wall) return;
  const Vec2 normal = distance == 0.0 ? Vec2{0.0, -1.0} : Vec2{off.x / distance, off.y / distance};
  best = {wall, code & 7, distance, point, normal};
}

// The nearest intact slice closer than the grenade's radius.
Contact contact_at(const World& world, Vec2 center) {
  const auto cell = [](double at, int count) {
    return std::clamp(static_cast<int>(std::floor(at / kCell)), 0, count - 1);
  };
  Contact best;
  const int right = cell(center.x + kGrenadeRadius, kMapColumns);
  const int bottom = cell(center.y + kGrenadeRadius, kMapRows);
  for (int row = cell(center.y - kGrenadeRadius, kMapRows); row <= bottom; ++row) {
    for (int column = cell(center.x - kGrenadeRadius, kMapColumns); column <= right; ++column) {
      consider(best, world, column, row, center);
    }
  }
  return best;
}

void slow_if_lame(Vec2& v) {
  if (length_of(v) < kLameSpeed) v = {v.x * 0.5, v.y * 0.5};
}

void bounce(const World& world, Projectile& p, const Contact& hit) {
  if (hit.wall == p.bounced_wall && world.tick - p.bounced_at < kSameWall) return;
  p.bounced_wall = static_cast<std::int16_t>(hit.wall);
  p.bounced_at = world.tick;
  const double along = p.velocity.x * hit.normal.x + p.velocity.y * hit.normal.y;
  if (along < 0.0) {
    const Vec2 normal{along * hit.normal.x, along * hit.normal.y};
    const Vec2 rest{p.velocity.x - normal.x, p.velocity.y - normal.y};
    const double keep = kBounce * kDrag;
    p.velocity = {keep * rest.x - kBounce * normal.x, keep * rest.y - kBounce * normal.y};
    slow_if_lame(p.velocity);
  }
  const double off = kGrenadeRadius + kClearance;
  p.position = {hit.point.x + off * hit.normal.x, hit.point.y + off * hit.normal.y};
}

// Keeps one coordinate within its border; true when it turned back.
bool turn_back(double& at, double& speed, double& other, double low, double high) {
  const bool under = at <= low;
  const bool over = at >= high;
  if (!under && !over) return false;
  at = under ? low : high;
  if (under ? speed >= 0.0 : speed <= 0.0) return false;
  speed *= -kBounce;
  other *= kDrag;
  return true;
}

void stay_in_arena(Projectile& p) {
  const double r = kGrenadeRadius;
  const bool side = turn_back(p.position.x, p.velocity.x, p.velocity.y, r, kArenaWidth - r);
  const bool end = turn_back(p.position.y, p.velocity.y, p.velocity.x, r, kArenaHeight - r);
  if (side || end) slow_if_lame(p.velocity);
}

void sweep(const World& world, Projectile& p) {
  const Vec2 way{p.velocity.x * kStepSeconds, p.velocity.y * kStepSeconds};
  const int parts = std::max(1, static_cast<int>(std::ceil(length_of(way) / kStride)));
  for (int i = 1; i <= parts; ++i) {
    const double share = static_cast<double>(i) / parts;
    const Vec2 at{p.position.x + way.x * share, p.position.y + way.y * share};
    const Contact hit = contact_at(world, at);
    if (hit.wall < 0) continue;
    bounce(world, p, hit);
    return;
  }
  p.position = {p.position.x + way.x, p.position.y + way.y};
}

}  // namespace

void roll(const World& world, Projectile& p) {
  p.velocity = {p.velocity.x * kFriction, p.velocity.y * kFriction};
  if (length_of(p.velocity) < kRestSpeed) {
    p.velocity = {};
  } else {
    sweep(world, p);
  }
  p.travelled += length_of(p.velocity) * kStepSeconds;
  stay_in_arena(p);
}

}  // namespace sim
