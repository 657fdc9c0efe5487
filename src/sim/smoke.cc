#include "sim/smoke.h"

#include <algorithm>
#include <cmath>

namespace sim {
namespace {

constexpr double kLifeMs = 15000.0;
constexpr double kExpandMs = 1500.0;
constexpr double kFadeMs = 2000.0;
constexpr double kMsPerTick = 1000.0 / kTickRate;

}  // namespace

SmokeShape smoke_shape(double age_ms) {
  if (age_ms < 0.0 || age_ms >= kLifeMs) return {};
  if (age_ms < kExpandMs) {
    const double q = age_ms / kExpandMs;
    const double rest = 1.0 - q;
    return {kSmokeRadius * (1.0 - rest * rest * rest), kSmokeMaxDensity * (q * q)};
  }
  const double fading = (age_ms - (kLifeMs - kFadeMs)) / kFadeMs;
  if (fading <= 0.0) return {kSmokeRadius, kSmokeMaxDensity};
  return {kSmokeRadius, kSmokeMaxDensity * (1.0 - fading * fading)};
}

SmokeDiscs smoke_discs(const World& world) {
  SmokeDiscs discs;
  for (const Smoke& smoke : world.smokes) {
    const SmokeShape shape = smoke_shape((world.tick - smoke.born) * kMsPerTick);
    if (shape.radius > 0.0) discs.push_back({smoke.position, shape.radius, shape.density});
  }
  return discs;
}

double opacity_of(const SmokeDisc& disc, Vec2 point) {
  const double dx = point.x - disc.center.x;
  const double dy = point.y - disc.center.y;
  const double square = dx * dx + dy * dy;
  if (disc.radius <= 0.0 || square > disc.radius * disc.radius) return 0.0;
  return disc.density * (1.0 - kSmokeEdgeFactor * (std::sqrt(square) / disc.radius));
}

double opacity_at(const SmokeDiscs& discs, Vec2 point) {
  double sum = 0.0;
  for (const SmokeDisc& disc : discs) sum += opacity_of(disc, point);
  return std::min(sum, 1.0);
}

void expire_smokes(World& world) {
  const auto over = [&](const Smoke& smoke) { return world.tick - smoke.born >= kSmokeLife; };
  world.smokes.erase(std::remove_if(world.smokes.begin(), world.smokes.end(), over),
                     world.smokes.end());
}

void add_smoke(World& world, std::uint32_t projectile, Vec2 position) {
  if (world.smokes.size() == kMaxSmokes) world.smokes.erase(world.smokes.begin());
  world.smokes.push_back({projectile, position, world.tick});
}

}  // namespace sim
