#pragma once

// What a client asks for, against what a client can ask for: inputs, steps, shots, and whether it
// has sent the same before. Fed when messages arrive, before anything of them is dropped.

#include <array>
#include <cstdint>

#include "anticheat/meters.h"
#include "sim/command.h"
#include "sim/weapons.h"

namespace anticheat {

// A client sends at most 60 inputs a second; 1.1 times that is allowed, and a quarter of a minute's
// worth after silence (the line stood still and delivers what it kept).
inline constexpr double kMostInputs = 66.0;  // a second
inline constexpr Flow::Rule kInputFlow{kMostInputs / sim::kTickRate, 120.0, 1650.0};
inline constexpr Leak::Rule kInputFlood{60.0, 0.05};

// An input claims as many steps as its number is higher than the last one's, one a picture drawn.
// Each step counts for at most 150/60 px, whatever is claimed; 60 a second are credited. No display
// draws more than 600 pictures a second: claims beyond 1.1 times that were not drawn.
inline constexpr double kMostSteps = 660.0;  // a second
inline constexpr Flow::Rule kStepFlow{kMostSteps / sim::kTickRate, 1200.0, 20'000.0};
inline constexpr Leak::Rule kMovement{30.0, 0.02};

// Shots asked for in less than 0.9 of the weapon's interval (S4). In ticks of waiting time.
inline constexpr double kFireTolerance = 0.9;
inline constexpr double kFireSlack = 45.0;
inline constexpr double kFireMost = 1500.0;
inline constexpr Leak::Rule kFireRate{12.0, 0.005};

// Inputs whose number is not higher than the last one's, without a new start in between.
inline constexpr Leak::Rule kReplayed{10.0, 0.002};

// A silence is this long at least; shorter gaps are jitter.
inline constexpr sim::Tick kSilence = 6;

// The shortest interval in ticks at which the shipped client asks for shots of this weapon.
double asked_interval(sim::WeaponId weapon);

// The number of an input against those before it.
class SequenceWatch {
 public:
  void start_anew() { fresh_ = true; }
  // Steps claimed by this number: 1 for the first of a start. `again` is set when the number went
  // by before.
  std::uint32_t claim(std::uint32_t sequence, bool& again);

 private:
  std::uint32_t last_ = 0;
  bool fresh_ = true;
};

// Recognises a stretch of inputs that was sent before: 24 changes of keys and mouse in the same
// order, with as much variety as a hand has. Which stretches are compared depends on their contents
// only (one in 32), so that a stretch that comes again is compared again.
class PatternWatch {
 public:
  // True when a varied stretch ends with this input that was seen before. The mouse is in the
  // arena.
  bool input(const sim::Command& input);

 private:
  static constexpr std::size_t kStretch = 24;
  static constexpr std::size_t kRemembered = 64;  // about 2,000 changes
  bool varied() const;
  std::uint32_t fingerprint() const;

  std::array<std::uint64_t, kStretch> changes_{};  // the latest, in a ring
  std::array<std::uint32_t, kRemembered> prints_{};
  std::uint32_t change_count_ = 0;
  std::uint32_t print_count_ = 0;
};
inline constexpr Leak::Rule kPattern{6.0, 0.001};

}  // namespace anticheat
