#pragma once

// A hand between a bot's wishes and the wire, with the faults of one: the mouse stands on whole
// pixels, trembles, goes too far after a swift turn and comes back; the finger is late. What is
// numbered is numbered here, and shots keep the weapon's interval, as the client does it (wire
// contract 3.4, 7.3).

#include <array>
#include <cstdint>
#include <vector>

#include "sim/command.h"
#include "sim/random.h"

namespace detectors {

struct HandTraits {
  double tremor = 2.0;     // px, one standard deviation
  double overshoot = 0.2;  // share of a swift move by which it goes too far
  sim::Tick finger = 4;    // most ticks from the wish to shoot to the click
};

class Hand {
 public:
  Hand(std::uint64_t seed, HandTraits traits) : random_(seed), traits_(traits) {}

  // One tick: the bot's commands become those of a person. `steady` true: exactly as wished, but
  // numbered.
  void shape(std::vector<sim::Command>& commands, sim::Tick now, bool steady);
  std::uint32_t number() { return ++sequence_; }

 private:
  void move(sim::Command& input);
  bool may_click(const sim::Command& shot, sim::Tick now);

  sim::Random random_;
  HandTraits traits_;
  std::uint32_t sequence_ = 0;
  sim::Vec2 shake_;                                  // tremor now
  sim::Vec2 too_far_;                                // overshoot that is left
  sim::Vec2 wished_;                                 // where the mouse was to be in the last tick
  sim::Vec2 mouse_;                                  // where it is
  std::array<sim::Tick, sim::kWeaponCount> next_{};  // when a weapon may be asked to fire again
  std::vector<sim::Command> clicks_;  // not done yet; `sequence` is the tick when they are due
};

}  // namespace detectors
