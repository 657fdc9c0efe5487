#pragma once

// Pieces of the replay's grammar that both the writer and the reader need. See replay.h for the
// grammar.

#include <cmath>
#include <cstdint>

#include "match/replay.h"

namespace match::replay {

inline constexpr std::uint8_t kVersion = 1;
inline constexpr std::uint8_t kNoSlotCode = 15;

// Bits of a tick's head.
inline constexpr std::uint64_t kHeadHash = 1;
inline constexpr std::uint64_t kHeadNames = 2;
inline constexpr std::uint64_t kHeadEnd = 4;
inline constexpr unsigned kHeadCountShift = 3;

// Bits of a command's mask.
enum Field : std::uint32_t {
  kPointX = 1,
  kPointY = 2,
  kSequence = 4,
  kKeys = 8,
  kButtons = 16,
  kWeapon = 32,
  kFlags = 64,
  kViewDelay = 128,
  kAngle = 256,
  kCharge = 512,
  kTeam = 1024,
  kLoadout = 2048,
  kAllFields = 4095,
};

inline constexpr double kStepsPerPixel = 64.0;
inline constexpr double kStepLimit = 1'073'741'824.0;  // 2^30

// The coordinate in steps of 1/64 px, rounded to even; 0 when it is too large for that.
inline std::int64_t steps_of(double coordinate) {
  const double steps = std::nearbyint(coordinate * kStepsPerPixel);
  return std::abs(steps) < kStepLimit ? static_cast<std::int64_t>(steps) : 0;
}
inline double coordinate_of(std::int64_t steps) {
  return static_cast<double>(steps) / kStepsPerPixel;
}

inline std::uint64_t zigzag(std::int64_t value) {
  return (static_cast<std::uint64_t>(value) << 1u) ^ static_cast<std::uint64_t>(value >> 63);
}
inline std::int64_t unzigzag(std::uint64_t code) {
  return static_cast<std::int64_t>(code >> 1u) ^ -static_cast<std::int64_t>(code & 1u);
}

// What a command is compared with.
inline sim::Command& previous(ReplayContext::Lane& lane, sim::CommandKind kind) {
  return kind == sim::CommandKind::input ? lane.input : lane.other;
}

// The sequence expected of a command. Kinds without a counter carry 0.
inline std::uint32_t expected_sequence(const ReplayContext::Lane& lane, sim::CommandKind kind) {
  return kind == sim::CommandKind::input || kind == sim::CommandKind::fire ? lane.sequence + 1 : 0;
}

// To be called after each command on both sides.
inline void remember(ReplayContext::Lane& lane, const sim::Command& command) {
  previous(lane, command.kind) = command;
  if (command.sequence != 0) lane.sequence = command.sequence;
}

}  // namespace match::replay
