#pragma once

// What the players of one thread share.

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "loadtest/options.h"
#include "loadtest/stats.h"

namespace loadtest {

using Clock = std::chrono::steady_clock;
using Time = Clock::time_point;

class Player;

struct Scene {
  const Options& options;
  Stats& stats;
  bool window_open = false;  // counts marked (w) grow
  bool finishing = false;    // nobody begins another match
  std::uint64_t dice = 0;    // state of roll()
  std::string text;          // scratch for outgoing packets
  // Players (Part::index) that something was done to by another one's call: the loop looks at them.
  std::vector<std::size_t> touched;

  std::uint64_t roll();  // 64 even bits, fast and plain
  double roll_unit();    // [0, 1)
};

// Players with a private lobby of their own. The first one to look for it makes it, the others wait
// for its code.
struct Group {
  std::string code;              // "" = there is no lobby
  Player* maker = nullptr;       // who is making one
  std::vector<Player*> waiting;  // for the code
};

}  // namespace loadtest
