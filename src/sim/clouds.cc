#include "sim/clouds.h"

#include <algorithm>
#include <cmath>

#include "sim/sight.h"

namespace sim {
namespace {

constexpr double kSlack =
    1e-3;  // px by which the part of a ray inside a zone is taken longer than computed

double dot(Vec2 a, Vec2 b) { return a.x * b.x + a.y * b.y; }

}  // namespace

Clouds::Clouds(const World& world, Vec2 viewer, double reach) : viewer_(viewer) {
  if (world.smokes.empty()) return;
  for (const SmokeDisc& disc : smoke_discs(world)) {
    const Vec2 way{disc.center.x - viewer.x, disc.center.y - viewer.y};
    const double near = reach + disc.radius;
    if (dot(way, way) <= near * near) discs_.push_back(disc);
  }
}

double Clouds::ray_length(Vec2 unit, double limit) const {
  // Only samples inside a zone add anything: find the first and the last that may be.
  double low = limit;
  double high = 0.0;
  for (const SmokeDisc& disc : discs_) {
    const Vec2 way{disc.center.x - viewer_.x, disc.center.y - viewer_.y};
    const double along = dot(way, unit);
    const double half_squared = disc.radius * disc.radius - (dot(way, way) - along * along);
    if (half_squared < -kSlack) continue;
    const double half = std::sqrt(std::max(half_squared, 0.0)) + kSlack;
    low = std::min(low, along - half);
    high = std::max(high, along + half);
  }
  high = std::min(high, kViewDistance);
  double seen = 0.0;
  for (int k = std::max(1, static_cast<int>(low / kSmokeSampleStep));; ++k) {
    const double distance = k * kSmokeSampleStep;
    if (distance > high || distance >= limit) return limit;
    seen += kSmokeFactor *
            opacity_at(discs_, {viewer_.x + unit.x * distance, viewer_.y + unit.y * distance});
    if (seen >= kSmokeBlocks) return distance;
  }
}

}  // namespace sim
