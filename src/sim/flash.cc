#include "sim/flash.h"

#include <cmath>

#include "sim/ray.h"
#include "sim/trig.h"

namespace sim {
namespace {

constexpr double kBlindMs = 1500.0;
constexpr double kDisorientedMs = 2000.0;
constexpr double kRecoveringMs = 1000.0;
constexpr double kWallFactor = 0.1;
constexpr double kAngleFactor = 0.9;
constexpr double kThreshold = 0.15;

}  // namespace

double flash_intensity(double distance, bool line_of_sight, double angle) {
  if (distance > kFlashRadius) return 0.0;
  double intensity = 1.0 - pow_four_fifths(distance / kFlashRadius);
  if (!line_of_sight) intensity *= kWallFactor;
  intensity *= 1.0 - kAngleFactor * angle;
  if (angle > 0.5) intensity *= 0.5 * (1.0 - angle);
  return intensity < kThreshold ? 0.0 : intensity;
}

FlashPhases flash_phases(double intensity) {
  const auto part = [&](double ms) { return static_cast<std::uint32_t>(ms * intensity); };
  return {part(kBlindMs), part(kDisorientedMs), part(kRecoveringMs)};
}

FlashEffect flash_effect(double intensity, double elapsed_ms) {
  const FlashPhases phases = flash_phases(intensity);
  const double total = phases.total_ms();
  if (total <= 0.0 || elapsed_ms < 0.0 || elapsed_ms >= total) return {};
  const double p = elapsed_ms / total;
  const double blind = phases.blind_ms / total;
  const double clear = (phases.blind_ms + phases.disoriented_ms) / total;
  const double i = intensity;
  if (p < blind) return {FlashPhase::blind, i, 0.8 * i, 0.6 * i};
  if (p < clear) {
    const double s = (p - blind) / (clear - blind);
    return {FlashPhase::disoriented, i * (1.0 - 0.7 * s), 0.8 * i * (1.0 - 0.5 * s),
            0.6 * i * (1.0 - 0.3 * s)};
  }
  const double rest = 1.0 - (p - clear) / (1.0 - clear);
  return {FlashPhase::recovering, 0.3 * i * rest, 0.4 * i * rest, 0.3 * i * rest};
}

void flash(const Turn& turn, const Projectile& flashbang) {
  for (Slot slot = 0; slot < kMaxPlayers; ++slot) {
    Player& player = turn.player(slot);
    if (!player.in_world || !player.alive) continue;
    const Vec2 to{flashbang.position.x - player.position.x,
                  flashbang.position.y - player.position.y};
    const double distance = std::sqrt(to.x * to.x + to.y * to.y);
    if (distance > kFlashRadius) continue;
    const bool sight = clear_between(turn.world, flashbang.position, player.position);
    const double angle = std::fabs(sim::turn(player.rotation, atan2(to.y, to.x))) / kPi;
    const double intensity = flash_intensity(distance, sight, angle);
    if (intensity <= 0.0) continue;
    const Tick now = turn.world.tick;
    const Tick end = now + ticks_from_ms(flash_phases(intensity).total_ms());
    if (player.flash.intensity > 0.0 && player.flash.end >= end) continue;
    player.flash = {intensity, now, end};
    Event& event = turn.emit(EventKind::flash, slot);
    event.other = flashbang.owner;
    event.id = flashbang.id;
    event.weapon = flashbang.type;
    event.position = flashbang.position;
    event.value = intensity;
    event.value2 = distance;
    event.angle = angle;
    event.flag = sight;
  }
}

void expire_flashes(World& world) {
  for (Player& player : world.players) {
    if (player.flash.intensity > 0.0 && world.tick >= player.flash.end) player.flash = {};
  }
}

}  // namespace sim
