#pragma once

// Flashbangs (rules 6.7): how hard one hits, and how the effect passes. The server takes nothing
// from the flashed; the effect is the client's to show.

#include "sim/turn.h"

namespace sim {

inline constexpr double kFlashRadius = 120.0;  // px

// 0..1; 0 below the threshold of 0.15. `angle` is the angle between where one looks and the flash,
// over pi: 0..1.
double flash_intensity(double distance, bool line_of_sight, double angle);

struct FlashPhases {
  std::uint32_t blind_ms = 0;
  std::uint32_t disoriented_ms = 0;
  std::uint32_t recovering_ms = 0;
  std::uint32_t total_ms() const { return blind_ms + disoriented_ms + recovering_ms; }
};
FlashPhases flash_phases(double intensity);

enum class FlashPhase : std::uint8_t { normal, blind, disoriented, recovering };

struct FlashEffect {
  FlashPhase phase = FlashPhase::normal;
  double visual = 0.0;
  double audio = 0.0;
  double movement = 0.0;
};
FlashEffect flash_effect(double intensity, double elapsed_ms);

// A flash goes off: everybody alive in reach is affected, the owner too, with an event each. A
// stronger effect that would last longer is kept (rules 6.7 REC).
void flash(const Turn& turn, const Projectile& flashbang);

// Ends the effects that are over.
void expire_flashes(World& world);

}  // namespace sim
