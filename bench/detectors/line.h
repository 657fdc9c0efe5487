#pragma once

// The line between a player and the server: a delay that varies a little, and now and then it
// stands still and delivers everything at once. Order is kept.

#include <deque>
#include <vector>

#include "sim/command.h"
#include "sim/random.h"

namespace detectors {

class Line {
 public:
  explicit Line(std::uint64_t seed);

  sim::Tick delay() const { return delay_; }  // usual, there and back, ticks
  void send(const std::vector<sim::Command>& commands, sim::Tick now);
  // What arrives in this tick.
  void deliver(sim::Tick now, std::vector<sim::Command>& out);

 private:
  struct Packet {
    sim::Tick due;
    sim::Command command;
  };
  sim::Random random_;
  sim::Tick delay_;
  sim::Tick last_due_ = 0;
  sim::Tick stuck_until_ = 0;
  std::deque<Packet> way_;
};

}  // namespace detectors
